# Schedules that functions make while they run, each sending one message later. They stand in a group of their own, so that
# whoever may make them can't touch those that Terraform makes.

data "aws_region" "current" {}
data "aws_partition" "current" {}

locals {
  prefix = "arn:${data.aws_partition.current.partition}:scheduler:${data.aws_region.current.name}:${var.account_id}"
}

resource "aws_scheduler_schedule_group" "main" {
  name = var.name
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["scheduler.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [var.account_id]
    }

    # The scheduler names the group here, not the schedule.
    condition {
      test     = "StringEquals"
      variable = "aws:SourceArn"
      values   = ["${local.prefix}:schedule-group/${var.name}"]
    }
  }
}

data "aws_iam_policy_document" "send" {
  statement {
    sid       = "SendToTheseQueues"
    actions   = ["sqs:SendMessage"]
    resources = values(var.queues)
  }
}

resource "aws_iam_role" "main" {
  name                 = "${var.name}-schedule"
  description          = "Lets the scheduler send what the group ${var.name} holds"
  assume_role_policy   = data.aws_iam_policy_document.trust.json
  permissions_boundary = var.permissions_boundary_arn
}

resource "aws_iam_role_policy" "main" {
  name   = "send"
  role   = aws_iam_role.main.id
  policy = data.aws_iam_policy_document.send.json
}
