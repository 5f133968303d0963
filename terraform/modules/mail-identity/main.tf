# A domain (or one address) that SES may send for or receive for, in the region of the provider that it is given.
resource "aws_sesv2_email_identity" "main" {
  email_identity         = var.identity
  configuration_set_name = var.configuration_set

  # SES holds the key and changes it by itself (Easy DKIM). An address of somebody else's domain can't be signed for.
  dynamic "dkim_signing_attributes" {
    for_each = local.is_domain ? ["easy"] : []

    content {
      next_signing_key_length = "RSA_2048_BIT"
    }
  }
}

locals {
  is_domain = !strcontains(var.identity, "@")

  # SES gives three keys, so that it can change one while another is still in use.
  dkim = local.is_domain ? [for index in range(3) : {
    name  = "${aws_sesv2_email_identity.main.dkim_signing_attributes[0].tokens[index]}._domainkey.${var.identity}"
    value = "${aws_sesv2_email_identity.main.dkim_signing_attributes[0].tokens[index]}.dkim.amazonses.com"
  }] : []
}

# They also prove to SES that the domain is ours.
resource "aws_route53_record" "dkim" {
  count = var.zone == null ? 0 : length(local.dkim)

  zone_id = var.zone.id
  name    = local.dkim[count.index].name
  type    = "CNAME"
  records = [local.dkim[count.index].value]
  ttl     = 600
}
