mock_provider "aws" {
  mock_data "aws_iam_policy_document" {
    defaults = { json = "{}" }
  }
  mock_resource "aws_sqs_queue" {
    defaults = { arn = "arn:aws:sqs:ca-central-1:000000000000:queue" }
  }
}

variables {
  name = "cloudsail-test-jobs"
}

run "tls_by_default" {
  command = plan

  assert {
    condition     = toset(keys(aws_sqs_queue_policy.tls_only)) == toset(["main", "dead"])
    error_message = "Both queues refuse plain HTTP unless told otherwise."
  }
}

run "given_up_messages_are_told" {
  command = plan

  variables {
    alarm_topics = ["arn:aws:sns:ca-central-1:000000000000:cloudsail-test-alarms"]
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.dead.alarm_name == "cloudsail-test-jobs-dead-depth" && aws_cloudwatch_metric_alarm.dead.dimensions == tomap({ QueueName = "cloudsail-test-jobs-dead" })
    error_message = "The alarm watches the dead-letter queue, and its name begins with the queue's."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.dead.alarm_actions == toset(var.alarm_topics) && strcontains(aws_cloudwatch_metric_alarm.dead.alarm_description, "First ")
    error_message = "It tells the topic, and says what to do first."
  }
}

run "reject_topic_by_name" {
  command = plan

  variables {
    alarm_topics = ["alarms"]
  }

  expect_failures = [var.alarm_topics]
}

run "reject_giving_up_at_once" {
  command = plan

  variables {
    max_receives = 1
  }

  expect_failures = [var.max_receives]
}

run "reject_name_with_space" {
  command = plan

  variables {
    name = "cloudsail jobs"
  }

  expect_failures = [var.name]
}
