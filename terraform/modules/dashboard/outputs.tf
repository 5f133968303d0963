output "name" {
  description = "The dashboard."
  value       = aws_cloudwatch_dashboard.main.dashboard_name
}
