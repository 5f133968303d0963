output "instance_id" {
  description = "The machine that sessions are started on."
  value       = aws_instance.main.id
}
