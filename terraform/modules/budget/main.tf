# What the environment may cost in a month. Budgets are of the whole account; resources are told apart by the tag `environment`,
# which someone has to switch on once under Billing, "Cost allocation tags", before it counts.
resource "aws_budgets_budget" "main" {
  name         = "${var.name}-monthly"
  budget_type  = "COST"
  time_unit    = "MONTHLY"
  limit_amount = tostring(var.monthly_usd)
  limit_unit   = "USD"

  cost_filter {
    name   = "TagKeyValue"
    values = [format("user:%s$%s", var.tag.key, var.tag.value)]
  }

  # Half of it spent is no news at the month's end, so that the forecast is what warns; the rest says that it has come to pass.
  dynamic "notification" {
    for_each = {
      FORECASTED = 100
      ACTUAL     = 80
    }

    content {
      notification_type          = notification.key
      comparison_operator        = "GREATER_THAN"
      threshold                  = notification.value
      threshold_type             = "PERCENTAGE"
      subscriber_sns_topic_arns  = [var.topic_arn]
      subscriber_email_addresses = var.emails
    }
  }
}
