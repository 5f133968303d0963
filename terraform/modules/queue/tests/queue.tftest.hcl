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
