output "arn" {
  description = "The queue."
  value       = aws_sqs_queue.main.arn
}

output "url" {
  description = "Where messages are sent and received."
  value       = aws_sqs_queue.main.url
}
