mock_provider "aws" {
  mock_data "aws_iam_policy_document" {
    defaults = { json = "{}" }
  }
  mock_resource "aws_sns_topic" {
    defaults = { arn = "arn:aws:sns:ca-central-1:000000000000:cloudsail-test-alarms" }
  }
}

variables {
  name = "cloudsail-test"
}

run "each_address_is_told" {
  command = plan

  variables {
    emails = ["one@example.com", "two@example.com"]
  }

  assert {
    condition     = toset([for subscription in values(aws_sns_topic_subscription.email) : subscription.endpoint]) == toset(["one@example.com", "two@example.com"])
    error_message = "Each address is subscribed."
  }
}

run "nobody_need_be" {
  command = plan

  assert {
    condition     = length(aws_sns_topic_subscription.email) == 0
    error_message = "The local cloud has nobody to tell."
  }
}

run "reject_no_address" {
  command = plan

  variables {
    emails = ["operators"]
  }

  expect_failures = [var.emails]
}
