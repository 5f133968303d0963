# A name of our own, where there is a domain.

locals {
  domains = var.domain == null ? {} : { main = var.domain }
}

resource "aws_apigatewayv2_domain_name" "main" {
  for_each = local.domains

  domain_name = each.value.name

  domain_name_configuration {
    certificate_arn = each.value.certificate_arn
    endpoint_type   = "REGIONAL"
    security_policy = "TLS_1_2"
  }
}

resource "aws_apigatewayv2_api_mapping" "main" {
  for_each = local.domains

  api_id      = aws_apigatewayv2_api.main.id
  domain_name = aws_apigatewayv2_domain_name.main[each.key].domain_name
  stage       = aws_apigatewayv2_stage.default.name
}

resource "aws_route53_record" "main" {
  for_each = local.domains

  zone_id = each.value.zone_id
  name    = each.value.name
  type    = "A"

  alias {
    name                   = aws_apigatewayv2_domain_name.main[each.key].domain_name_configuration[0].target_domain_name
    zone_id                = aws_apigatewayv2_domain_name.main[each.key].domain_name_configuration[0].hosted_zone_id
    evaluate_target_health = false # API Gateway has no health of its own to ask
  }
}
