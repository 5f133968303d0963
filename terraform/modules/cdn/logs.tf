# The older way of CloudFront's logs asks for ACLs on the bucket, which ours don't have; this one asks for a policy. Its three parts stand in us-east-1, as
# CloudFront itself does: this module's provider is one of that region.

locals {
  logs = toset(var.log_bucket_arn == null ? [] : ["log"])
}

resource "aws_cloudwatch_log_delivery_source" "main" {
  for_each = local.logs

  name         = "${var.name}-cdn"
  log_type     = "ACCESS_LOGS"
  resource_arn = aws_cloudfront_distribution.main.arn
}

resource "aws_cloudwatch_log_delivery_destination" "main" {
  for_each = local.logs

  name          = "${var.name}-cdn"
  output_format = "json"

  delivery_destination_configuration {
    destination_resource_arn = "${var.log_bucket_arn}/cdn" # with a prefix here, AWS puts none of its own before the path below
  }
}

resource "aws_cloudwatch_log_delivery" "main" {
  for_each = local.logs

  delivery_source_name     = aws_cloudwatch_log_delivery_source.main[each.key].name
  delivery_destination_arn = aws_cloudwatch_log_delivery_destination.main[each.key].arn

  # All of them but cs(Cookie): one cookie is a refresh token.
  record_fields = [
    "date", "time", "x-edge-location", "sc-bytes", "c-ip", "cs-method", "cs(Host)", "cs-uri-stem", "sc-status", "cs(Referer)", "cs(User-Agent)",
    "cs-uri-query", "x-edge-result-type", "x-edge-request-id", "x-host-header", "cs-protocol", "cs-bytes", "time-taken", "x-forwarded-for",
    "ssl-protocol", "ssl-cipher", "x-edge-response-result-type", "cs-protocol-version", "c-port", "time-to-first-byte",
    "x-edge-detailed-result-type", "sc-content-type", "sc-content-len", "sc-range-start", "sc-range-end",
  ]

  s3_delivery_configuration {
    suffix_path = "{DistributionId}/{yyyy}/{MM}/{dd}"
  }
}
