data "aws_region" "current" {}

data "aws_partition" "current" {}

locals {
  stage = "v1"
  dns   = data.aws_partition.current.dns_suffix
  host  = "${aws_apigatewayv2_api.main.id}.execute-api.${data.aws_region.current.name}.${local.dns}"
}
