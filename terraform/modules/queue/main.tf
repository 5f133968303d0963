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
  fed     = length(var.senders) > 0 ? { main = aws_sqs_queue.main } : {}
  queues  = merge(local.guarded, local.fed)
}

data "aws_iam_policy_document" "main" {
  for_each = local.queues

  dynamic "statement" {
    for_each = var.require_tls ? ["tls"] : []

    content {
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

  # Functions send by their roles; a service has none here, and is let in for one topic or rule of this account.
  dynamic "statement" {
    for_each = each.key == "main" ? var.senders : {}

    content {
      sid       = "Send${title(statement.key)}"
      actions   = ["sqs:SendMessage"]
      resources = [each.value.arn]

      principals {
        type        = "Service"
        identifiers = [statement.value.service]
      }

      condition {
        test     = "ArnEquals"
        variable = "aws:SourceArn"
        values   = [statement.value.arn]
      }

      condition {
        test     = "StringEquals"
        variable = "aws:SourceAccount"
        values   = [split(":", statement.value.arn)[4]]
      }
    }
  }
}

resource "aws_sqs_queue_policy" "main" {
  for_each = local.queues

  queue_url = each.value.id
  policy    = data.aws_iam_policy_document.main[each.key].json
}

moved {
  from = aws_sqs_queue_policy.tls_only
  to   = aws_sqs_queue_policy.main
}
