resource "aws_sqs_queue" "dead" {
  name                      = "${var.name}-dead"
  message_retention_seconds = 1209600 # 14 days, the most there is: someone has to look at them
  sqs_managed_sse_enabled   = true
}

resource "aws_sqs_queue" "main" {
  name                       = var.name
  visibility_timeout_seconds = var.visibility_timeout_s
  message_retention_seconds  = 345600 # 4 days; the rows are the truth, so what is lost is sent again by the sweep
  receive_wait_time_seconds  = 20
  sqs_managed_sse_enabled    = true

  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead.arn
    maxReceiveCount     = var.max_receives
  })
}

resource "aws_sqs_queue_redrive_allow_policy" "dead" {
  queue_url = aws_sqs_queue.dead.id

  redrive_allow_policy = jsonencode({
    redrivePermission = "byQueue"
    sourceQueueArns   = [aws_sqs_queue.main.arn]
  })
}

locals {
  guarded = var.require_tls ? { main = aws_sqs_queue.main, dead = aws_sqs_queue.dead } : {}
}

data "aws_iam_policy_document" "tls_only" {
  for_each = local.guarded

  statement {
    sid       = "RefuseWithoutTls"
    effect    = "Deny"
    actions   = ["sqs:*"] # a refusal, so that all is the narrow choice
    resources = [each.value.arn]

    principals {
      type        = "*" # whoever it is
      identifiers = ["*"]
    }

    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}

resource "aws_sqs_queue_policy" "tls_only" {
  for_each = local.guarded

  queue_url = each.value.id
  policy    = data.aws_iam_policy_document.tls_only[each.key].json
}
