data "aws_partition" "current" {}

locals {
  # What each access word of function.yaml grants. A word that is not here is granted nowhere.
  grants = merge(
    {
      "database" = {
        actions   = ["rds-db:connect"]
        resources = [var.database.connect_arn]
      }
      "database:admin" = {
        actions   = ["secretsmanager:GetSecretValue"]
        resources = var.database.secret_arns
      }
      # Customers' accounts are not known beforehand. The other half of the lock is theirs: their role's trust asks for
      # the external id of that one account.
      "customer:assume" = {
        actions   = ["sts:AssumeRole"]
        resources = ["arn:${data.aws_partition.current.partition}:iam::*:role/cloudsail/CloudsailAccess*"]
      }
    },
    { for name, arn in var.queues : "queue:${name}:send" => {
      actions   = ["sqs:SendMessage"]
      resources = [arn]
    } },
    { for name, arn in var.queues : "queue:${name}:receive" => {
      actions   = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
      resources = [arn]
    } },
  )

  # What is granted by standing in the network alone.
  network_words = ["cache"]

  security_group_id = (
    contains(var.definition.access, "database:admin") ? var.network.security_group_ids.migrations
    : local.in_network ? var.network.security_group_ids.functions
    : null
  )
  in_network = length(setintersection(var.definition.access, ["database", "database:admin", "cache"])) > 0
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

data "aws_iam_policy_document" "access" {
  statement {
    sid       = "WriteItsOwnLog"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["arn:${data.aws_partition.current.partition}:logs:${data.aws_region.current.name}:${var.account_id}:log-group:${local.log_group}:log-stream:*"] # Lambda makes up the streams' names
  }

  statement {
    sid       = "SendItsTraces"
    actions   = ["xray:PutTraceSegments", "xray:PutTelemetryRecords"]
    resources = ["*"] # X-Ray knows no resource that these could be granted on
  }

  dynamic "statement" {
    for_each = setsubtract(var.definition.access, local.network_words)

    content {
      sid       = join("", [for part in split(":", statement.value) : title(part)])
      actions   = local.grants[statement.value].actions
      resources = local.grants[statement.value].resources
    }
  }

  dynamic "statement" {
    for_each = local.in_network ? ["network"] : []

    content {
      sid = "StandInTheNetwork"
      actions = [
        "ec2:CreateNetworkInterface",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeSubnets",
        "ec2:DeleteNetworkInterface",
      ]
      # Lambda checks for these at CreateFunction, before any interface exists, and the Describe calls know no resource.
      resources = ["*"]
    }
  }

  # The grant above is for the Lambda service, which uses the role too; the function's own code never needs it.
  dynamic "statement" {
    for_each = local.in_network ? ["network"] : []

    content {
      sid       = "NotFromItsOwnCode"
      effect    = "Deny"
      actions   = ["ec2:*"]
      resources = ["*"] # a refusal, so that all is the narrow choice

      condition {
        test     = "ArnLike"
        variable = "lambda:SourceFunctionArn"
        values   = [local.function_arn, "${local.function_arn}:*"] # with a version or without
      }
    }
  }
}

resource "aws_iam_role" "main" {
  name               = local.full_name
  description        = "What the function ${var.name} may do"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "access" {
  name   = "access"
  role   = aws_iam_role.main.id
  policy = data.aws_iam_policy_document.access.json
}
