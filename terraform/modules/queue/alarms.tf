resource "aws_cloudwatch_metric_alarm" "dead" {
  alarm_name          = "${aws_sqs_queue.dead.name}-depth"
  alarm_description   = "Messages of ${var.name} were given up after ${var.max_receives} tries. First read one in ${var.name}-dead: its id names the row, and the worker's log says what failed. Once that is mended, send them back with the queue's redrive."
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateNumberOfMessagesVisible"
  dimensions          = { QueueName = aws_sqs_queue.dead.name }
  statistic           = "Maximum"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  period              = 300
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching" # SQS stops counting an empty queue that nobody reads
  alarm_actions       = var.alarm_topics
  ok_actions          = var.alarm_topics
}
