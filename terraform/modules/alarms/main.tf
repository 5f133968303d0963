data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}

locals {
  # Who tells the topic, each for this account alone.
  services = ["cloudwatch.amazonaws.com", "budgets.amazonaws.com"]
  topic    = "${var.name}-alarms"
  account  = data.aws_caller_identity.current.account_id
}

# A key of its own: AWS's default one does not let CloudWatch and Budgets in, and a topic encrypted by it stays silent.
data "aws_iam_policy_document" "key" {
  statement {
    sid       = "RolesOfThisAccountAsTheirPoliciesSay"
    actions   = ["kms:*"] # without this nobody could change the key any more
    resources = ["*"]     # in a key's own policy: this key

    principals {
      type        = "AWS"
      identifiers = ["arn:${data.aws_partition.current.partition}:iam::${local.account}:root"]
    }
  }

  statement {
    sid       = "WhoTellsTheTopic"
    actions   = ["kms:Decrypt", "kms:GenerateDataKey*"]
    resources = ["*"] # in a key's own policy: this key

    principals {
      type        = "Service"
      identifiers = local.services
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account]
    }
  }
}

resource "aws_kms_key" "main" {
  description         = "Messages of the topic ${local.topic}"
  enable_key_rotation = true
  policy              = data.aws_iam_policy_document.key.json

  deletion_window_in_days = 7 # messages are gone once told
}

resource "aws_sns_topic" "main" {
  name              = local.topic
  kms_master_key_id = aws_kms_key.main.arn
}

data "aws_iam_policy_document" "publish" {
  statement {
    sid       = "AlarmsAndBudgetsOfThisAccount"
    actions   = ["sns:Publish"]
    resources = ["arn:${data.aws_partition.current.partition}:sns:${data.aws_region.current.name}:${local.account}:${local.topic}"]

    principals {
      type        = "Service"
      identifiers = local.services
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account]
    }
  }
}

resource "aws_sns_topic_policy" "main" {
  arn    = aws_sns_topic.main.arn
  policy = data.aws_iam_policy_document.publish.json
}

# AWS asks each address first; until it says yes, it is told nothing.
resource "aws_sns_topic_subscription" "email" {
  for_each = var.emails

  topic_arn = aws_sns_topic.main.arn
  protocol  = "email"
  endpoint  = each.key
}
