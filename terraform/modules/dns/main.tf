# Either the zone that there is already, or one of our own. The registrar is told of our own zone's name servers by hand.
data "aws_route53_zone" "existing" {
  count = var.zone_id == null ? 0 : 1

  zone_id = var.zone_id
}

resource "aws_route53_zone" "main" {
  count = var.zone_id == null ? 1 : 0

  name          = var.domain
  comment       = "Made by Terraform for Cloudsail"
  force_destroy = false # a destroy stops at records that others made
}

locals {
  zone = var.zone_id == null ? aws_route53_zone.main[0] : data.aws_route53_zone.existing[0]
}
