mock_provider "aws" {}

variables {
  name        = "cloudsail-test"
  monthly_usd = 150
  tag         = { key = "environment", value = "test" }
  topic_arn   = "arn:aws:sns:ca-central-1:000000000000:cloudsail-test-alarms"
}

run "warns_before_and_after" {
  command = plan

  assert {
    condition     = { for notification in aws_budgets_budget.main.notification : notification.notification_type => notification.threshold } == { FORECASTED = 100, ACTUAL = 80 }
    error_message = "It tells when the month will cost too much, and when four fifths are spent."
  }

  assert {
    condition     = alltrue([for notification in aws_budgets_budget.main.notification : notification.subscriber_sns_topic_arns == toset([var.topic_arn])])
    error_message = "Each goes to the topic of alarms."
  }

  assert {
    condition     = aws_budgets_budget.main.limit_amount == "150" && aws_budgets_budget.main.time_unit == "MONTHLY" && one(aws_budgets_budget.main.cost_filter).values == tolist(["user:environment$test"])
    error_message = "It counts what carries the environment's tag, each month."
  }
}

run "reject_budget_of_nothing" {
  command = plan

  variables {
    monthly_usd = 0
  }

  expect_failures = [var.monthly_usd]
}

run "reject_topic_by_name" {
  command = plan

  variables {
    topic_arn = "alarms"
  }

  expect_failures = [var.topic_arn]
}

run "reject_no_address" {
  command = plan

  variables {
    emails = ["operators"]
  }

  expect_failures = [var.emails]
}
