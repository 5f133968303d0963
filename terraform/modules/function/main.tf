data "aws_region" "current" {}

locals {
  log_group    = "/aws/lambda/${local.full_name}"
  full_name    = "cloudsail-${var.environment}-${var.name}"
  function_arn = "arn:${data.aws_partition.current.partition}:lambda:${data.aws_region.current.name}:${data.aws_caller_identity.current.account_id}:function:${local.full_name}"
}

resource "aws_cloudwatch_log_group" "main" {
  name              = local.log_group
  retention_in_days = var.log_retention_days
}

resource "aws_lambda_function" "main" {
  function_name = local.full_name
  description   = "functions/${var.name}"
  role          = aws_iam_role.main.arn
  runtime       = "provided.al2023"
  handler       = "bootstrap"
  architectures = [var.architecture]
  filename      = var.package
  memory_size   = var.definition.memory_mb
  timeout       = var.definition.timeout_s

  # `terraform test` plans without packages; in an apply the provider itself refuses a file that is not there.
  source_code_hash = try(filebase64sha256(var.package), null)

  environment {
    variables = { for name in var.definition.env : name => var.values[name] }
  }

  dynamic "vpc_config" {
    for_each = local.in_network ? [local.security_group_id] : []

    content {
      subnet_ids         = var.network.subnet_ids
      security_group_ids = [vpc_config.value]
    }
  }

  logging_config {
    log_format = "JSON"
    log_group  = aws_cloudwatch_log_group.main.name
  }

  depends_on = [aws_iam_role_policy.access]
}
