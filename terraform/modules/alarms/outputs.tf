output "topic_arn" {
  description = "What alarms tell, once they may."
  value       = aws_sns_topic.main.arn

  depends_on = [aws_sns_topic_policy.main]
}
