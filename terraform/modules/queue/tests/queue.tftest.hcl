# The provider's own policy documents are read here, so nothing of it is mocked. No call is made.

provider "aws" {
  region                      = "ca-central-1"
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_region_validation      = true
  skip_requesting_account_id  = true
}

override_resource {
  target          = aws_sqs_queue.main
  override_during = plan
  values          = { id = "https://sqs/jobs", arn = "arn:aws:sqs:ca-central-1:000000000000:cloudsail-test-jobs" }
}

override_resource {
  target          = aws_sqs_queue.dead
  override_during = plan
  values          = { id = "https://sqs/dead", arn = "arn:aws:sqs:ca-central-1:000000000000:cloudsail-test-jobs-dead" }
}

variables {
  name = "cloudsail-test-jobs"
}

run "what_is_given_up_is_kept_apart" {
  command = plan

  assert {
    condition     = jsondecode(aws_sqs_queue.main.redrive_policy) == { deadLetterTargetArn = aws_sqs_queue.dead.arn, maxReceiveCount = 5 }
    error_message = "After five tries a message goes to the dead-letter queue."
  }

  assert {
    condition     = jsondecode(aws_sqs_queue_redrive_allow_policy.dead.redrive_allow_policy) == { redrivePermission = "byQueue", sourceQueueArns = [aws_sqs_queue.main.arn] }
    error_message = "The dead-letter queue takes from this one queue."
  }

  assert {
    condition     = aws_sqs_queue.main.sqs_managed_sse_enabled && aws_sqs_queue.dead.sqs_managed_sse_enabled
    error_message = "Both are encrypted."
  }
}

run "tls_by_default" {
  command = plan

  assert {
    condition = { for name, policy in aws_sqs_queue_policy.main : name => jsondecode(policy.policy).Statement } == { for name, arn in { main = "arn:aws:sqs:ca-central-1:000000000000:cloudsail-test-jobs", dead = "arn:aws:sqs:ca-central-1:000000000000:cloudsail-test-jobs-dead" } : name => [{
      Sid       = "RefuseWithoutTls"
      Effect    = "Deny"
      Principal = "*"
      Action    = "sqs:*"
      Resource  = arn
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }] }
    error_message = "Both queues refuse plain HTTP unless told otherwise, and let nobody in."
  }
}

run "a_topic_of_another_region_may_send" {
  command = plan

  variables {
    require_tls = false
    senders     = { topic = { service = "sns.amazonaws.com", arn = "arn:aws:sns:us-east-1:000000000000:cloudsail-test-mail" } }
  }

  assert {
    condition = { for name, policy in aws_sqs_queue_policy.main : name => jsondecode(policy.policy).Statement } == { main = [{
      Sid       = "SendTopic"
      Effect    = "Allow"
      Principal = { Service = "sns.amazonaws.com" }
      Action    = "sqs:SendMessage"
      Resource  = "arn:aws:sqs:ca-central-1:000000000000:cloudsail-test-jobs"
      Condition = {
        ArnEquals    = { "aws:SourceArn" = "arn:aws:sns:us-east-1:000000000000:cloudsail-test-mail" }
        StringEquals = { "aws:SourceAccount" = "000000000000" }
      }
    }] }
    error_message = "One topic may send to the queue, and nothing may send to the dead-letter queue."
  }
}

run "alarms_say_what_to_do" {
  command = plan

  variables {
    alarm_topics   = ["arn:aws:sns:ca-central-1:000000000000:cloudsail-test-alarms"]
    longest_wait_s = 600
    most_waiting   = 50
  }

  assert {
    condition = { for alarm in values(aws_cloudwatch_metric_alarm.main) : alarm.alarm_name => [alarm.dimensions.QueueName, alarm.metric_name, alarm.threshold] } == {
      cloudsail-test-jobs-dead-depth = ["cloudsail-test-jobs-dead", "ApproximateNumberOfMessagesVisible", 0]
      cloudsail-test-jobs-depth      = ["cloudsail-test-jobs", "ApproximateNumberOfMessagesVisible", 50]
      cloudsail-test-jobs-age        = ["cloudsail-test-jobs", "ApproximateAgeOfOldestMessage", 600]
    }
    error_message = "There is an alarm for what was given up, for too many messages and for too long a wait."
  }

  assert {
    condition     = alltrue([for alarm in values(aws_cloudwatch_metric_alarm.main) : alarm.alarm_actions == toset(var.alarm_topics) && alarm.ok_actions == toset(var.alarm_topics) && strcontains(alarm.alarm_description, "First ")])
    error_message = "Each tells the topic, and says what to do first."
  }
}

run "reject_sender_of_any_topic" {
  command = plan

  variables {
    senders = { topic = { service = "sns.amazonaws.com", arn = "arn:aws:sns:us-east-1:000000000000:*" } }
  }

  expect_failures = [var.senders]
}

run "reject_sender_that_is_no_service" {
  command = plan

  variables {
    senders = { everyone = { service = "*", arn = "arn:aws:sns:us-east-1:000000000000:mail" } }
  }

  expect_failures = [var.senders]
}

run "reject_wait_longer_than_messages_live" {
  command = plan

  variables {
    longest_wait_s = 400000
  }

  expect_failures = [var.longest_wait_s]
}

run "reject_alarm_at_every_message" {
  command = plan

  variables {
    most_waiting = 0
  }

  expect_failures = [var.most_waiting]
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
