output "bucket" {
  description = "Name of the bucket, ready to be written to: versioned, encrypted and closed."
  value       = aws_s3_bucket.main.bucket # known when planning, as the id is not

  # An object that is put before versioning is on has no version to name.
  depends_on = [
    aws_s3_bucket_versioning.main,
    aws_s3_bucket_server_side_encryption_configuration.main,
    aws_s3_bucket_public_access_block.main,
    aws_s3_bucket_ownership_controls.main,
    aws_s3_bucket_policy.main,
  ]
}

# The two below wait for the bucket alone, so that its policy may name what is made with them.

output "arn" {
  description = "The bucket."
  value       = aws_s3_bucket.main.arn
}

output "domain_name" {
  description = "Where the bucket answers in its own region; what CloudFront fetches from."
  value       = aws_s3_bucket.main.bucket_regional_domain_name
}

output "deleters" {
  description = "Who alone may delete objects, or none where that is left to what roles' own policies say."
  value       = local.deleters
}

output "expire_after_days" {
  description = "After how many days objects are removed, by the prefix of their keys."
  value       = { for rule in aws_s3_bucket_lifecycle_configuration.main.rule : rule.filter[0].prefix => rule.expiration[0].days if startswith(rule.id, "expire-") }
}
