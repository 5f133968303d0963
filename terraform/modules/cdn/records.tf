# The own names, over IPv4 and IPv6, where their zone is ours.
resource "aws_route53_record" "main" {
  for_each = {
    for pair in setproduct(var.aliases, ["A", "AAAA"]) : "${pair[1]} ${pair[0]}" => { name = pair[0], type = pair[1] } if var.zone != null
  }

  zone_id = var.zone.id
  name    = each.value.name
  type    = each.value.type

  alias {
    name                   = aws_cloudfront_distribution.main.domain_name
    zone_id                = aws_cloudfront_distribution.main.hosted_zone_id
    evaluate_target_health = false # CloudFront has no health of its own to ask
  }
}
