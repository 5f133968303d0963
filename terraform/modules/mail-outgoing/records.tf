locals {
  spf       = "v=spf1 ${join(" ", [for name in var.spf_includes : "include:${name}"])} -all"
  mail_from = "${var.mail_from_label}.${var.identity}"

  # What the world reads about the domain's mail. SPF of the domain itself is for who sends under it beside SES.
  records = local.is_domain ? {
    mail_from_mx  = { name = local.mail_from, type = "MX", values = ["10 feedback-smtp.${data.aws_region.current.name}.amazonses.com"] }
    mail_from_spf = { name = local.mail_from, type = "TXT", values = ["v=spf1 include:amazonses.com -all"] }
    spf           = { name = var.identity, type = "TXT", values = concat([local.spf], var.root_texts) }
    dmarc         = { name = "_dmarc.${var.identity}", type = "TXT", values = [local.dmarc] }
  } : {}

  dmarc = join("; ", concat(
    ["v=DMARC1", "p=${var.dmarc.policy}", "adkim=s", "aspf=r"],
    var.dmarc.reports_to == null ? [] : ["rua=mailto:${var.dmarc.reports_to}"],
  ))
}

resource "aws_route53_record" "main" {
  for_each = var.zone == null ? {} : local.records

  zone_id = var.zone.id
  name    = each.value.name
  type    = each.value.type
  records = each.value.values
  ttl     = 600
}
