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

variables {
  permissions_boundary_arn = "arn:aws:iam::000000000000:policy/cloudsail-access/environment-roles"

  name       = "cloudsail-test-messages"
  account_id = "000000000000"
  queues     = { email = "arn:aws:sqs:ca-central-1:000000000000:cloudsail-test-email", jobs = "arn:aws:sqs:ca-central-1:000000000000:cloudsail-test-jobs" }
}

run "only_this_group_takes_the_role" {
  command = plan

  assert {
    condition     = aws_iam_role.main.permissions_boundary == var.permissions_boundary_arn
    error_message = "Its role may do no more than the environment's boundary says."
  }

  assert {
    condition = jsondecode(aws_iam_role.main.assume_role_policy).Statement == [{
      Effect    = "Allow"
      Principal = { Service = "scheduler.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = { StringEquals = {
        "aws:SourceAccount" = "000000000000"
        "aws:SourceArn"     = "arn:aws:scheduler:ca-central-1:000000000000:schedule-group/cloudsail-test-messages"
      } }
    }]
    error_message = "The scheduler takes the role for schedules of this group of this account, and for no other."
  }

  assert {
    condition = [for statement in jsondecode(aws_iam_role_policy.main.policy).Statement : [statement.Effect, statement.Action, toset(statement.Resource)]] == [
      ["Allow", "sqs:SendMessage", toset(values(var.queues))]
    ]
    error_message = "They send to the queues that were named, and do nothing else."
  }
}

run "what_a_function_is_granted_on" {
  command = plan

  assert {
    condition = output.group == {
      name          = "cloudsail-test-messages"
      schedules_arn = "arn:aws:scheduler:ca-central-1:000000000000:schedule/cloudsail-test-messages/*"
      role_arn      = "arn:aws:iam::000000000000:role/cloudsail-test-messages-schedule"
    }
    error_message = "The group, its schedules and its role are named in full before anything is made."
  }
}

run "reject_every_queue" {
  command = plan

  variables {
    queues = { all = "arn:aws:sqs:ca-central-1:000000000000:*" }
  }

  expect_failures = [var.queues]
}

run "reject_no_queue" {
  command = plan

  variables {
    queues = {}
  }

  expect_failures = [var.queues]
}

run "reject_name_too_long_for_the_role" {
  command = plan

  variables {
    name = "cloudsail-test-messages-that-are-sent-much-later-than-now"
  }

  expect_failures = [var.name]
}

run "reject_role_without_boundary" {
  command = plan

  variables {
    permissions_boundary_arn = null
  }

  expect_failures = [var.permissions_boundary_arn]
}
