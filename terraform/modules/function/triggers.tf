locals {
  routes    = toset(compact([var.definition.route]))
  queues    = toset(compact([var.definition.queue]))
  schedules = toset(compact([var.definition.schedule]))
}

resource "aws_apigatewayv2_integration" "main" {
  for_each = local.routes

  api_id                 = var.api.id
  integration_type       = "AWS_PROXY"
  integration_uri        = aws_lambda_alias.live.invoke_arn
  payload_format_version = "2.0"
  timeout_milliseconds   = (var.definition.timeout_s + 1) * 1000 # the function gives up first, and says so in its log
}

resource "aws_apigatewayv2_route" "main" {
  for_each = local.routes

  api_id             = var.api.id
  route_key          = each.key
  target             = "integrations/${aws_apigatewayv2_integration.main[each.key].id}"
  authorization_type = var.definition.auth == "user" ? "JWT" : "NONE"
  authorizer_id      = var.definition.auth == "user" ? var.api.authorizer_id : null

  # Cognito puts this scope into access tokens and never into id tokens, which are for the client's eyes alone.
  authorization_scopes = var.definition.auth == "user" ? ["aws.cognito.signin.user.admin"] : null
}

resource "aws_lambda_permission" "api" {
  for_each = local.routes

  statement_id  = "api"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.main.function_name
  qualifier     = aws_lambda_alias.live.name
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${var.api.execution_arn}/*/${replace(each.key, " ", "")}" # any stage, this route alone
}

resource "aws_lambda_event_source_mapping" "queue" {
  for_each = local.queues

  event_source_arn        = var.queues[each.key]
  function_name           = aws_lambda_alias.live.arn
  batch_size              = var.definition.batch_size
  function_response_types = ["ReportBatchItemFailures"]

  # A bound on the database connections that a burst of messages can open.
  scaling_config {
    maximum_concurrency = 10
  }
}

data "aws_iam_policy_document" "scheduler_trust" {
  for_each = local.schedules

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
      values   = ["arn:${data.aws_partition.current.partition}:scheduler:${data.aws_region.current.name}:${var.account_id}:schedule-group/${var.schedule_group}"]
    }
  }
}

data "aws_iam_policy_document" "scheduler" {
  for_each = local.schedules

  statement {
    sid       = "InvokeThisFunction"
    actions   = ["lambda:InvokeFunction"]
    resources = [aws_lambda_alias.live.arn]
  }
}

resource "aws_iam_role" "scheduler" {
  for_each = local.schedules

  name                 = "${local.full_name}-schedule"
  description          = "Lets the scheduler invoke the function ${var.name}"
  assume_role_policy   = data.aws_iam_policy_document.scheduler_trust[each.key].json
  permissions_boundary = var.permissions_boundary_arn
}

resource "aws_iam_role_policy" "scheduler" {
  for_each = local.schedules

  name   = "invoke"
  role   = aws_iam_role.scheduler[each.key].id
  policy = data.aws_iam_policy_document.scheduler[each.key].json
}

resource "aws_scheduler_schedule" "main" {
  for_each = local.schedules

  name                = local.full_name
  group_name          = var.schedule_group
  schedule_expression = each.key

  flexible_time_window {
    mode = "OFF"
  }

  target {
    arn      = aws_lambda_alias.live.arn
    role_arn = aws_iam_role.scheduler[each.key].arn

    # The next run does what this one missed, so a late try is of no use.
    retry_policy {
      maximum_event_age_in_seconds = 60
      maximum_retry_attempts       = 0
    }
  }

  depends_on = [aws_iam_role_policy.scheduler]
}
