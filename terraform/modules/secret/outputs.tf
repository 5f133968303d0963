output "arn" {
  description = "The secret, once it has a value."
  value       = aws_secretsmanager_secret.main.arn

  depends_on = [aws_secretsmanager_secret_version.main]
}
