locals {
  # One line an alarm. `first` is what the person who is woken does first. Errors and throttles are counted each minute, so that a
  # deploy sees them while it waits.
  alarms = {
    errors = {
      metric    = "Errors"
      statistic = "Sum"
      threshold = 0
      period    = 60 # s
      says      = "${local.full_name} ended with an error."
      first     = "First read the lines of level ERROR in the log group ${local.log_group} at that time."
    }
    throttles = {
      metric    = "Throttles"
      statistic = "Sum"
      threshold = 0
      period    = 60 # s
      says      = "${local.full_name} was not run: the account had no concurrency left."
      first     = "First look in Lambda's dashboard for the function that takes the account's concurrency."
    }
    duration = {
      metric     = "Duration"
      percentile = "p99"
      threshold  = var.definition.timeout_s * 1000 * 0.8 # ms
      period     = 300                                   # s
      says       = "One call in a hundred of ${local.full_name} takes over 80 % of its timeout of ${var.definition.timeout_s} s."
      first      = "First open the slowest of its traces in X-Ray, and see whether the database or another service is what it waits for."
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "main" {
  for_each = local.alarms

  alarm_name          = "${local.full_name}-${each.key}"
  alarm_description   = "${each.value.says} ${each.value.first}"
  namespace           = "AWS/Lambda"
  metric_name         = each.value.metric
  dimensions          = { FunctionName = aws_lambda_function.main.function_name }
  statistic           = try(each.value.statistic, null)
  extended_statistic  = try(each.value.percentile, null)
  comparison_operator = "GreaterThanThreshold"
  threshold           = each.value.threshold
  period              = each.value.period
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching" # nobody called it
  alarm_actions       = var.alarm_topics
  ok_actions          = var.alarm_topics
}
