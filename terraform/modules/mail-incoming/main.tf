# All of it stands in one region where SES receives mail, which is the region of the provider that the module is given.
# SES scans a mail and writes it into the bucket; the bucket tells the topic, and the topic a queue in the main region.

data "aws_region" "current" {}
data "aws_partition" "current" {}

locals {
  prefix    = "incoming/"
  delivered = "delivered/" # an empty object for each mail that the clean-up job may remove: docs/mail.md

  # Made of names rather than asked of what is made, so that the plan already shows what each policy says.
  bucket    = "${var.name}-mail-${var.account_id}" # names are shared by all of AWS
  arn       = "arn:${data.aws_partition.current.partition}:s3:::${local.bucket}"
  rule_arn  = "arn:${data.aws_partition.current.partition}:ses:${data.aws_region.current.name}:${var.account_id}:receipt-rule-set/${var.name}:receipt-rule/${var.name}"
  topic_arn = "arn:${data.aws_partition.current.partition}:sns:${data.aws_region.current.name}:${var.account_id}:${aws_sns_topic.main.name}"
}

module "identity" {
  source = "../mail-identity"

  identity = var.domain
  zone     = var.zone
}

resource "aws_route53_record" "mx" {
  count = var.zone == null ? 0 : 1

  zone_id = var.zone.id
  name    = var.domain
  type    = "MX"
  records = [local.mx]
  ttl     = 600
}

locals {
  mx = "10 inbound-smtp.${data.aws_region.current.name}.amazonaws.com"
}

data "aws_iam_policy_document" "bucket" {
  statement {
    sid       = "MailOfThisRule"
    actions   = ["s3:PutObject"]
    resources = ["${local.arn}/${local.prefix}*"]

    principals {
      type        = "Service"
      identifiers = ["ses.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [var.account_id]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceArn"
      values   = [local.rule_arn]
    }
  }
}

module "bucket" {
  source = "../bucket"

  name              = local.bucket
  policies          = [data.aws_iam_policy_document.bucket.json]
  expire_after_days = { (local.prefix) = var.keep_days, (local.delivered) = var.keep_days } # whatever the job left
  deleters          = var.deleters
  require_tls       = var.require_tls
  force_destroy     = var.force_destroy
}

resource "aws_ses_receipt_rule_set" "main" {
  rule_set_name = var.name
}

# One set is active in a region of an account: two environments that receive mail need two accounts, or two regions.
resource "aws_ses_active_receipt_rule_set" "main" {
  rule_set_name = aws_ses_receipt_rule_set.main.rule_set_name
}

resource "aws_ses_receipt_rule" "main" {
  name          = var.name
  rule_set_name = aws_ses_receipt_rule_set.main.rule_set_name
  recipients    = [module.identity.name] # all addresses of this domain, and of no other
  enabled       = true
  scan_enabled  = true      # for spam and viruses; what was found stands in the mail's own head
  tls_policy    = "Require" # who sends in the clear is refused

  s3_action {
    position          = 1
    bucket_name       = module.bucket.bucket # SES tries to write to it, so that its policy comes first
    object_key_prefix = local.prefix
  }
}
