# The most that a role of an environment may do, whatever its own policy comes to say. A boundary grants nothing: allowed is what both
# say. Whoever deploys writes the policies of these roles, so that this one stands under the path that modules/access-roles shuts.
locals {
  path      = "/cloudsail-access/"
  partition = data.aws_partition.current.partition

  # What schedules send with: the one kind of role that functions hand on.
  sending_roles = "arn:${local.partition}:iam::${var.account_id}:role/cloudsail-*-messages-schedule"

  # What functions read and write: not the bucket of the code, and not that of Terraform's states.
  buckets = [for purpose in ["mail", "media"] : "arn:${local.partition}:s3:::cloudsail-*-${purpose}-${var.account_id}"]
}

data "aws_partition" "current" {}

data "aws_iam_policy_document" "main" {
  statement {
    sid     = "WriteLogs"
    actions = ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"]
    resources = [
      "arn:${local.partition}:logs:*:${var.account_id}:log-group:/aws/lambda/cloudsail-*",
      "arn:${local.partition}:logs:*:${var.account_id}:log-group:/cloudsail/cloudsail-*",
    ]
  }

  statement {
    sid       = "SendTraces"
    actions   = ["xray:PutTelemetryRecords", "xray:PutTraceSegments"]
    resources = ["*"] # X-Ray knows no resource that these could be granted on
  }

  statement {
    sid       = "Database"
    actions   = ["rds-db:connect"]
    resources = ["arn:${local.partition}:rds-db:*:${var.account_id}:dbuser:*/cloudsail"] # never as the role that owns the schema
  }

  statement {
    sid     = "Cache"
    actions = ["elasticache:Connect"]
    resources = [for kind in ["replicationgroup", "serverlesscache", "user"] :
      "arn:${local.partition}:elasticache:*:${var.account_id}:${kind}:cloudsail-*"
    ]
  }

  statement {
    sid     = "ReadSecrets"
    actions = ["secretsmanager:GetSecretValue"]
    resources = [
      "arn:${local.partition}:secretsmanager:*:${var.account_id}:secret:cloudsail-*",
      "arn:${local.partition}:secretsmanager:*:${var.account_id}:secret:rds!cluster-*", # RDS names its own
    ]
  }

  statement {
    sid       = "PassMessages"
    actions   = ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage", "sqs:SendMessage"]
    resources = ["arn:${local.partition}:sqs:*:${var.account_id}:cloudsail-*"]
  }

  statement {
    sid       = "InvokeFunctions"
    actions   = ["lambda:InvokeFunction"]
    resources = ["arn:${local.partition}:lambda:*:${var.account_id}:function:cloudsail-*"]
  }

  statement {
    sid       = "PostToPages"
    actions   = ["execute-api:ManageConnections"]
    resources = ["arn:${local.partition}:execute-api:*:${var.account_id}:*/*/POST/@connections/*"] # AWS makes up the APIs' ids
  }

  statement {
    sid     = "SendMail"
    actions = ["ses:SendEmail"]
    resources = [
      "arn:${local.partition}:ses:*:${var.account_id}:configuration-set/cloudsail-*",
      "arn:${local.partition}:ses:*:${var.account_id}:identity/*", # each environment has a domain of its own
    ]
  }

  statement {
    sid       = "KeepObjects"
    actions   = ["s3:DeleteObject", "s3:GetObject", "s3:ListBucket", "s3:PutObject"]
    resources = flatten([for bucket in local.buckets : [bucket, "${bucket}/*"]])

    # Bucket names are taken by whoever comes first.
    condition {
      test     = "StringEquals"
      variable = "aws:ResourceAccount"
      values   = [var.account_id]
    }
  }

  statement {
    sid       = "KeepSchedules"
    actions   = ["scheduler:CreateSchedule", "scheduler:DeleteSchedule", "scheduler:GetSchedule", "scheduler:UpdateSchedule"]
    resources = ["arn:${local.partition}:scheduler:*:${var.account_id}:schedule/cloudsail-*-messages/*"]
  }

  statement {
    sid       = "HandRolesToSchedules"
    actions   = ["iam:PassRole"]
    resources = [local.sending_roles]

    condition {
      test     = "StringEquals"
      variable = "iam:PassedToService"
      values   = ["scheduler.amazonaws.com"]
    }
  }

  # Customers' accounts are not known beforehand; their roles' trust asks for an external id.
  statement {
    sid       = "BecomeCustomersRoles"
    actions   = ["sts:AssumeRole", "sts:TagSession"]
    resources = [for name in ["Access", "Monitor"] : "arn:${local.partition}:iam::*:role/cloudsail/Cloudsail${name}*"]
  }

  statement {
    sid       = "StandInTheNetwork"
    actions   = ["ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets"]
    resources = ["*"] # Lambda checks for these before any interface exists, and the Describe calls know no resource
  }

  statement {
    sid = "HoldSessions"
    actions = [
      "ssm:UpdateInstanceInformation",
      "ssmmessages:CreateControlChannel",
      "ssmmessages:CreateDataChannel",
      "ssmmessages:OpenControlChannel",
      "ssmmessages:OpenDataChannel",
    ]
    resources = ["*"] # these calls know no resource
  }

  # What is not listed above is refused already. These stay refused when the list grows.
  statement {
    sid           = "NoWayUp"
    effect        = "Deny"
    actions       = ["iam:*"]
    not_resources = [local.sending_roles] # which may be handed on, and nothing else
  }

  statement {
    sid       = "NotTheAccountAndNotTheTrail"
    effect    = "Deny"
    actions   = ["account:*", "cloudtrail:*", "organizations:*"]
    resources = ["*"] # a refusal, so that all is the narrow choice
  }
}

resource "aws_iam_policy" "main" {
  name        = var.name
  path        = local.path
  description = "The most that a role of an environment may do"
  policy      = data.aws_iam_policy_document.main.json
}
