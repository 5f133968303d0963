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
      # IAM asks for both: the cache that is connected to, and the user that signs in to it.
      "cache" = {
        actions   = ["elasticache:Connect"]
        resources = var.cache.connect_arns
      }
      # Customers' accounts are not known beforehand. The other half of the lock is theirs: their role's trust asks for
      # the external id of that one account.
      "customer:assume" = {
        actions   = ["sts:AssumeRole", "sts:TagSession"]
        resources = ["arn:${data.aws_partition.current.partition}:iam::*:role/cloudsail/CloudsailAccess*"]
      }
      # The customer's role that only reads.
      "customer:monitor" = {
        actions   = ["sts:AssumeRole", "sts:TagSession"]
        resources = ["arn:${data.aws_partition.current.partition}:iam::*:role/cloudsail/CloudsailMonitor*"]
      }
      # One sender and one way of sending: SES asks for both the identity and the configuration set.
      "mail:send" = {
        actions    = ["ses:SendEmail"]
        resources  = [try(var.mail.identity_arn, ""), try(var.mail.configuration_set_arn, "")]
        conditions = [{ test = "StringEquals", variable = "ses:FromAddress", values = [try(var.mail.from, "")] }]
      }
      "mail:read" = {
        actions   = ["s3:GetObject"]
        resources = [try(var.mail.incoming_arn, "")]
      }
      # In the group that is for it, whose schedules can only send messages; those that Terraform makes stand in another.
      "schedule:write" = {
        actions   = ["scheduler:CreateSchedule", "scheduler:GetSchedule", "scheduler:UpdateSchedule", "scheduler:DeleteSchedule"]
        resources = [try(var.schedules.schedules_arn, "")]
      }
      "schedule:write:role" = {
        actions    = ["iam:PassRole"]
        resources  = [try(var.schedules.role_arn, "")]
        conditions = [{ test = "StringEquals", variable = "iam:PassedToService", values = ["scheduler.amazonaws.com"] }]
      }
    },
    var.websocket == null ? {} : {
      "websocket:post" = {
        actions   = ["execute-api:ManageConnections"]
        resources = [var.websocket.connections_arn]
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
    { for name, arn in var.secrets : "secret:${name}:read" => {
      actions   = ["secretsmanager:GetSecretValue"]
      resources = [arn]
    } },
    { for word, place in local.places : "${word}:put" => {
      actions   = ["s3:PutObject"]
      resources = [place.objects]
      # The bucket encrypts what says nothing of it; no other key may be asked for.
      conditions = [local.own_account, { test = "StringEqualsIfExists", variable = "s3:x-amz-server-side-encryption", values = ["AES256"] }]
    } },
    { for word, place in local.places : "${word}:read" => {
      actions    = ["s3:GetObject"]
      resources  = [place.objects]
      conditions = [local.own_account]
    } },
    # On the bucket, where the objects' names are, and of this prefix alone.
    { for word, place in local.places : "${word}:list" => {
      actions    = ["s3:ListBucket"]
      resources  = [place.bucket]
      conditions = [local.own_account, { test = "StringLike", variable = "s3:prefix", values = ["${place.prefix}*"] }]
    } },
    { for word, place in local.places : "${word}:delete" => {
      actions    = ["s3:DeleteObject"]
      resources  = [place.objects]
      conditions = [local.own_account]
    } },
  )

  # A schedule is made with the role that it will have, which takes a statement of its own.
  granted = setunion(
    [for word in var.definition.access : word if !anytrue([for bucket in local.absent : startswith(word, bucket)])],
    [for word in var.definition.access : "schedule:write:role" if word == "schedule:write"],
  )

  # One prefix of one bucket, by the word for it.
  places = merge([for name, bucket in var.buckets : { for prefix in bucket.arn == null ? [] : bucket.prefixes : "bucket:${name}:${prefix}" => {
    bucket  = bucket.arn
    prefix  = "${prefix}/"
    objects = "${bucket.arn}/${prefix}/*"
  } }]...)

  # What begins so grants nothing: this environment has no such bucket, and the function finds its variable empty.
  absent = [for name, bucket in var.buckets : "bucket:${name}:" if bucket.arn == null]

  # Bucket names are taken by whoever comes first, so that the account is asked for too.
  own_account = { test = "StringEquals", variable = "aws:ResourceAccount", values = [var.account_id] }

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
    for_each = local.granted

    content {
      sid       = join("", [for part in split(":", statement.value) : title(part)])
      actions   = local.grants[statement.value].actions
      resources = local.grants[statement.value].resources

      dynamic "condition" {
        for_each = try(local.grants[statement.value].conditions, [])

        content {
          test     = condition.value.test
          variable = condition.value.variable
          values   = condition.value.values
        }
      }
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
  name                 = local.full_name
  description          = "What the function ${var.name} may do"
  assume_role_policy   = data.aws_iam_policy_document.trust.json
  permissions_boundary = var.permissions_boundary_arn
}

resource "aws_iam_role_policy" "access" {
  name   = "access"
  role   = aws_iam_role.main.id
  policy = data.aws_iam_policy_document.access.json
}
