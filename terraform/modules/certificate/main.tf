# In the region of the provider that it is given: the API's stands where the API does, CloudFront takes those of us-east-1.
resource "aws_acm_certificate" "main" {
  domain_name       = var.domain
  validation_method = "DNS"

  # What uses a certificate must be told of the new one before the old one can go.
  lifecycle {
    create_before_destroy = true
  }
}

# The record stays: ACM looks for it again at each renewal.
resource "aws_route53_record" "validation" {
  for_each = { for option in aws_acm_certificate.main.domain_validation_options : option.domain_name => option }

  zone_id = var.zone_id
  name    = each.value.resource_record_name
  type    = each.value.resource_record_type
  records = [each.value.resource_record_value]
  ttl     = 300

  # A certificate for the same name in another region asks for the same record.
  allow_overwrite = true
}

resource "aws_acm_certificate_validation" "main" {
  certificate_arn         = aws_acm_certificate.main.arn
  validation_record_fqdns = [for record in aws_route53_record.validation : record.fqdn]
}
