data "aws_region" "current" {}

locals {
  log_group    = "/aws/lambda/${local.full_name}"
  full_name    = "cloudsail-${var.environment}-${var.name}"
  function_arn = "arn:${data.aws_partition.current.partition}:lambda:${data.aws_region.current.name}:${var.account_id}:function:${local.full_name}"

  # `terraform test` plans without packages; in an apply the provider itself refuses a file that is not there.
  package_hash = try(filesha256(var.package), "missing")
}

resource "aws_cloudwatch_log_group" "main" {
  name              = local.log_group
  retention_in_days = var.log_retention_days
}

# From S3 rather than from the file: the provider sends files one at a time, and waits 5 s after each.
resource "aws_s3_object" "package" {
  bucket      = var.code_bucket
  key         = "functions/${var.name}/${local.package_hash}.zip"
  source      = var.package
  source_hash = local.package_hash

  # The function runs the old object until it was told of the new one.
  lifecycle {
    create_before_destroy = true
  }

  # No tags: nobody pays by them here, and each is a call of its own beside a large upload.
  override_provider {
    default_tags {
      tags = {}
    }
  }
}

resource "aws_lambda_function" "main" {
  function_name = local.full_name
  description   = "functions/${var.name}"
  role          = aws_iam_role.main.arn
  runtime       = "provided.al2023"
  handler       = "bootstrap"
  architectures = [var.architecture]
  memory_size   = var.definition.memory_mb
  timeout       = var.definition.timeout_s
  layers        = [for name in var.definition.layers : var.layers[name]]
  publish       = true # each change is a version of its own, which stays as it is

  s3_bucket         = aws_s3_object.package.bucket
  s3_key            = aws_s3_object.package.key
  s3_object_version = aws_s3_object.package.version_id
  source_code_hash  = try(filebase64sha256(var.package), null)

  # None rather than an empty one, which the provider takes for a change, and so for a new version, at each plan.
  dynamic "environment" {
    for_each = length(var.definition.env) > 0 ? [1] : []

    content {
      variables = { for name in var.definition.env : name => var.values[name] }
    }
  }

  dynamic "vpc_config" {
    for_each = local.in_network ? [local.security_group_id] : []

    content {
      subnet_ids         = var.network.subnet_ids
      security_group_ids = [vpc_config.value]
    }
  }

  tracing_config {
    mode = "Active"
  }

  logging_config {
    log_format = "JSON"
    log_group  = aws_cloudwatch_log_group.main.name
  }

  depends_on = [aws_iam_role_policy.access]
}
