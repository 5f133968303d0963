data "aws_region" "current" {}
data "aws_partition" "current" {}

locals {
  is_domain = !strcontains(var.identity, "@")

  # Made of names rather than asked of what is made, so that the plan already shows what each policy says.
  place = "${data.aws_region.current.name}:${var.account_id}"
  arns = {
    for name, path in {
      identity          = "ses:${local.place}:identity/${module.identity.name}"
      configuration_set = "ses:${local.place}:configuration-set/${aws_sesv2_configuration_set.main.configuration_set_name}"
      feedback_rule     = "events:${local.place}:rule/${aws_cloudwatch_event_rule.main.name}"
      event_bus         = "events:${local.place}:event-bus/default" # SES knows no other bus
    } : name => "arn:${data.aws_partition.current.partition}:${path}"
  }
}

# How mail is sent, whoever sends it: over TLS or not at all, and never again to whom it could not be delivered or who
# called it spam. Nothing is tracked: no picture that tells who read what.
resource "aws_sesv2_configuration_set" "main" {
  configuration_set_name = var.name

  delivery_options {
    tls_policy = "REQUIRE"
  }

  reputation_options {
    reputation_metrics_enabled = true
  }

  sending_options {
    sending_enabled = true
  }

  suppression_options {
    suppressed_reasons = ["BOUNCE", "COMPLAINT"]
  }
}

module "identity" {
  source = "../mail-identity"

  identity          = var.identity
  configuration_set = aws_sesv2_configuration_set.main.configuration_set_name
  zone              = var.zone
}

# Mail comes from a name of ours, so that SPF speaks for our domain and not for Amazon's.
resource "aws_sesv2_email_identity_mail_from_attributes" "main" {
  count = local.is_domain ? 1 : 0

  email_identity         = module.identity.name
  mail_from_domain       = "${var.mail_from_label}.${var.identity}"
  behavior_on_mx_failure = "USE_DEFAULT_VALUE" # mail goes on while a record is missing; DKIM alone satisfies DMARC
}
