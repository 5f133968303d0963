# What became of a mail, where somebody should know. Through EventBridge rather than a topic: it encrypts what it holds by
# itself, and a bounce holds the address of who did not get it.
resource "aws_sesv2_configuration_set_event_destination" "main" {
  configuration_set_name = aws_sesv2_configuration_set.main.configuration_set_name
  event_destination_name = "event-bus"

  event_destination {
    enabled              = true
    matching_event_types = ["BOUNCE", "COMPLAINT", "DELIVERY_DELAY", "REJECT", "RENDERING_FAILURE"]

    event_bridge_destination {
      event_bus_arn = local.arns.event_bus
    }
  }
}

resource "aws_cloudwatch_event_rule" "main" {
  name        = "${var.name}-mail-feedback"
  description = "What became of mail that was sent through the configuration set ${var.name}"

  event_pattern = jsonencode({
    source = ["aws.ses"]
    detail = { mail = { tags = { "ses:configuration-set" = [var.name] } } }
  })
}

resource "aws_cloudwatch_event_target" "main" {
  rule      = aws_cloudwatch_event_rule.main.name
  target_id = "queue"
  arn       = var.feedback_queue_arn
}

locals {
  # AWS reviews an account from 5 % of bounces and 0.1 % of complaints on, and stops it at 10 % and 0.5 %.
  alarms = {
    bounce-rate = {
      metric    = "Reputation.BounceRate"
      threshold = 0.05
      says      = "More than 5 % of the mail bounced."
      first     = "First read in the queue of feedback whom it did not reach; see whether somebody signs up strangers' addresses."
    }
    complaint-rate = {
      metric    = "Reputation.ComplaintRate"
      threshold = 0.001
      says      = "More than one mail in a thousand was called spam."
      first     = "First read in the queue of feedback which mails, and stop sending those."
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "main" {
  for_each = local.alarms

  alarm_name          = "${var.name}-mail-${each.key}"
  alarm_description   = "${each.value.says} ${each.value.first} At twice the share and more AWS stops all mail."
  namespace           = "AWS/SES"
  metric_name         = each.value.metric
  dimensions          = { "ses:configuration-set" = aws_sesv2_configuration_set.main.configuration_set_name }
  statistic           = "Maximum"
  comparison_operator = "GreaterThanThreshold"
  threshold           = each.value.threshold
  period              = 3600
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching" # nothing was sent
  alarm_actions       = var.alarm_topics
  ok_actions          = var.alarm_topics
}
