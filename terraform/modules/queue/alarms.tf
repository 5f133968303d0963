locals {
  alarms = {
    dead-depth = {
      queue     = aws_sqs_queue.dead.name
      metric    = "ApproximateNumberOfMessagesVisible"
      threshold = 0
      says      = "Messages of ${var.name} were given up after ${var.max_receives} tries."
      first     = "First read one in ${var.name}-dead: its id names the row, and the worker's log says what failed. Once that is mended, send them back with the queue's redrive."
    }
    depth = {
      queue     = aws_sqs_queue.main.name
      metric    = "ApproximateNumberOfMessagesVisible"
      threshold = var.most_waiting
      says      = "More than ${var.most_waiting} messages wait in ${var.name}."
      first     = "First see in its worker's alarms whether it fails or is throttled; if it does neither, more comes than it was made for."
    }
    age = {
      queue     = aws_sqs_queue.main.name
      metric    = "ApproximateAgeOfOldestMessage"
      threshold = var.longest_wait_s
      says      = "A message has waited in ${var.name} for more than ${var.longest_wait_s} s."
      first     = "First see whether its worker runs at all: its event source may be off, or no function reads the queue."
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "main" {
  for_each = local.alarms

  alarm_name          = "${var.name}-${each.key}"
  alarm_description   = "${each.value.says} ${each.value.first}"
  namespace           = "AWS/SQS"
  metric_name         = each.value.metric
  dimensions          = { QueueName = each.value.queue }
  statistic           = "Maximum"
  comparison_operator = "GreaterThanThreshold"
  threshold           = each.value.threshold
  period              = 300
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching" # SQS stops counting an empty queue that nobody reads
  alarm_actions       = var.alarm_topics
  ok_actions          = var.alarm_topics
}

moved {
  from = aws_cloudwatch_metric_alarm.dead
  to   = aws_cloudwatch_metric_alarm.main["dead-depth"]
}
