output "state_bucket" {
  description = "Where the environments' states are; terraform init asks for it."
  value       = aws_s3_bucket.state.bucket
}

output "roles" {
  description = "Roles of people and of the workflows."
  value       = module.access.arns
}
