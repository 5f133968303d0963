# Not encrypted by a key of AWS's own, which S3 may not use; it is told the names of objects, nothing of what they hold.
resource "aws_sns_topic" "main" {
  name = "${var.name}-incoming-mail"
}

data "aws_iam_policy_document" "topic" {
  statement {
    sid       = "ThisBucket"
    actions   = ["sns:Publish"]
    resources = [local.topic_arn]

    principals {
      type        = "Service"
      identifiers = ["s3.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [var.account_id]
    }

    condition {
      test     = "ArnEquals"
      variable = "aws:SourceArn"
      values   = [local.arn]
    }
  }
}

resource "aws_sns_topic_policy" "main" {
  arn    = aws_sns_topic.main.arn
  policy = data.aws_iam_policy_document.topic.json
}

resource "aws_s3_bucket_notification" "main" {
  bucket = module.bucket.bucket

  topic {
    id            = "incoming"
    topic_arn     = aws_sns_topic_policy.main.arn # S3 asks the topic first whether it may
    events        = ["s3:ObjectCreated:*"]
    filter_prefix = local.prefix
  }
}

# In another region than the queue: SNS delivers across, S3 does not.
resource "aws_sns_topic_subscription" "queue" {
  topic_arn            = aws_sns_topic.main.arn
  protocol             = "sqs"
  endpoint             = var.queue_arn
  raw_message_delivery = true # the queue gets what S3 said, without an envelope
}
