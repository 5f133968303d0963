# Who talked to whom, and what was refused: addresses, ports and bytes, never content.
locals {
  flow_logs      = toset(var.flow_logs ? ["main"] : [])
  flow_log_group = "/cloudsail/${var.name}/flows"
  arn_prefix     = "arn:${data.aws_partition.current.partition}"
  arn_place      = "${data.aws_region.current.name}:${var.account_id}"
}

resource "aws_cloudwatch_log_group" "flows" {
  for_each = local.flow_logs

  name              = local.flow_log_group
  retention_in_days = var.flow_log_retention_days
}

data "aws_iam_policy_document" "flow_trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["vpc-flow-logs.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [var.account_id]
    }

    condition {
      test     = "ArnLike"
      variable = "aws:SourceArn"
      values   = ["${local.arn_prefix}:ec2:${local.arn_place}:vpc-flow-log/*"] # its id is not known before it is made
    }
  }
}

data "aws_iam_policy_document" "flows" {
  statement {
    sid     = "WriteTheFlows"
    actions = ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"]
    resources = [
      "${local.arn_prefix}:logs:${local.arn_place}:log-group:${local.flow_log_group}",
      "${local.arn_prefix}:logs:${local.arn_place}:log-group:${local.flow_log_group}:log-stream:*", # one an interface
    ]
  }
}

resource "aws_iam_role" "flows" {
  for_each = local.flow_logs

  name                 = "${var.name}-flow-logs"
  description          = "Lets the VPC write its flow log"
  assume_role_policy   = data.aws_iam_policy_document.flow_trust.json
  permissions_boundary = var.permissions_boundary_arn
}

resource "aws_iam_role_policy" "flows" {
  for_each = local.flow_logs

  name   = "write"
  role   = aws_iam_role.flows[each.key].id
  policy = data.aws_iam_policy_document.flows.json
}

resource "aws_flow_log" "main" {
  for_each = local.flow_logs

  vpc_id                   = aws_vpc.main.id
  traffic_type             = "ALL"
  log_destination          = aws_cloudwatch_log_group.flows[each.key].arn
  iam_role_arn             = aws_iam_role.flows[each.key].arn
  max_aggregation_interval = 600

  tags = { Name = var.name }

  depends_on = [aws_iam_role_policy.flows]
}
