data "aws_caller_identity" "current" {}

# Not encrypted by a key of AWS's own, which CloudWatch may not use; alarms name functions and queues, nothing secret.
resource "aws_sns_topic" "main" {
  name = "${var.name}-alarms"
}

data "aws_iam_policy_document" "publish" {
  statement {
    sid       = "AlarmsOfThisAccount"
    actions   = ["sns:Publish"]
    resources = [aws_sns_topic.main.arn]

    principals {
      type        = "Service"
      identifiers = ["cloudwatch.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.current.account_id]
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
