# What is kept in buckets, and the site that serves it.

locals {
  # Bucket names are shared by all of AWS, so each holds the account's number.
  bucket_names = { for purpose in ["code", "logs", "media", "web"] : purpose => "${local.name}-${purpose}-${data.aws_caller_identity.current.account_id}" }
  bucket_arns  = { for purpose, name in local.bucket_names : purpose => "arn:${data.aws_partition.current.partition}:s3:::${name}" }
}

locals {
  # Where there is a domain, the site has its name, with a certificate and records that are made for it; unless `site` names others,
  # with a certificate and records made by hand. Without either it has the name and the certificate that CloudFront gives.
  site_by_domain = var.domain != null && length(var.site.aliases) == 0

  site = local.site_by_domain ? {
    aliases         = [var.domain]
    certificate_arn = module.certificate_cdn[0].arn
    zone            = local.zone
    } : {
    aliases         = var.site.aliases
    certificate_arn = var.site.certificate_arn
    zone            = null
  }
}

data "aws_partition" "current" {}

locals {
  # After how many days an upload that nobody used goes: by the clean-up job, and by S3 itself should the job not run. S3 counts from
  # the midnight after, so that it never goes sooner than the job would let it.
  tmp_days = 3

  # By their names, since functions wait for the buckets. Who breaks the glass stands under a path where no deploy can make a role.
  roles    = "arn:${data.aws_partition.current.partition}:iam::${data.aws_caller_identity.current.account_id}:role"
  deleters = ["${local.roles}/${local.name}-object-clean-up", "${local.roles}/cloudsail-access/*-break-glass"]
}

# Who asked for what: of the site, and of the buckets themselves.
module "logs" {
  source = "../bucket"

  name              = local.bucket_names.logs
  expire_after_days = { "" = var.log_retention_days }
  policies          = [data.aws_iam_policy_document.logs.json]
  require_tls       = var.require_tls
  force_destroy     = var.leave_nothing
}

data "aws_iam_policy_document" "logs" {
  statement {
    sid       = "WriteWhatBucketsWereAsked"
    actions   = ["s3:PutObject"]
    resources = ["${local.bucket_arns.logs}/s3/*"]

    principals {
      type        = "Service"
      identifiers = ["logging.s3.amazonaws.com"]
    }

    # The service writes for all of AWS; these are the buckets that it does so for.
    condition {
      test     = "ArnEquals"
      variable = "aws:SourceArn"
      values   = [local.bucket_arns.code, local.bucket_arns.media, local.bucket_arns.web]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.current.account_id]
    }
  }

  statement {
    sid       = "WriteWhatTheSiteWasAsked"
    actions   = ["s3:PutObject"]
    resources = ["${local.bucket_arns.logs}/cdn/*"]

    principals {
      type        = "Service"
      identifiers = ["delivery.logs.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "s3:x-amz-acl"
      values   = ["bucket-owner-full-control"]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.current.account_id]
    }
    condition {
      test     = "ArnEquals"
      variable = "aws:SourceArn"
      values   = ["arn:${data.aws_partition.current.partition}:logs:us-east-1:${data.aws_caller_identity.current.account_id}:delivery-source:${local.name}-cdn"]
    }
  }
}

# The web app, as its build made it. Old versions stay for a rollback.
module "web" {
  source = "../bucket"

  name          = local.bucket_names.web
  policies      = [module.cdn.read_policies.web]
  log_bucket    = module.logs.bucket
  require_tls   = var.require_tls
  force_destroy = var.leave_nothing
}

# What people upload: tmp/ until it was looked at, then media/ for everyone or users/ for those with a signed address.
module "media" {
  source = "../bucket"

  name              = local.bucket_names.media
  policies          = [module.cdn.read_policies.media]
  expire_after_days = { "tmp/" = local.tmp_days }
  deleters          = local.deleters
  upload_origins    = [module.cdn.url]
  log_bucket        = module.logs.bucket
  require_tls       = var.require_tls
  force_destroy     = var.leave_nothing
}

module "cdn" {
  source    = "../cdn"
  providers = { aws = aws.us_east_1 }

  name            = local.name
  public_keys     = var.cdn_public_keys
  aliases         = local.site.aliases
  certificate_arn = local.site.certificate_arn
  zone            = local.site.zone
  web_acl_arn     = var.site.web_acl_arn
  price_class     = var.site.price_class
  api             = { domain_name = one(regex("^https?://([^:/]+)", module.api.endpoint)) }
  connect_sources = ["https://${module.media.domain_name}", regex("^wss?://[^/]+", module.websocket.url)] # where signed uploads go, and what tells of changes
  log_bucket_arn  = "arn:${data.aws_partition.current.partition}:s3:::${module.logs.bucket}"              # by its name, which waits for its policy

  origins = {
    web   = { arn = module.web.arn, domain_name = module.web.domain_name }
    media = { arn = module.media.arn, domain_name = module.media.domain_name }
  }
}

# Private keys that sign addresses under users/. scripts/cdn-key makes them and puts them here, so that neither a plan nor the
# state ever holds one. Each is the version with the key's name as its label.
resource "aws_secretsmanager_secret" "cdn" {
  name                    = "${local.name}/cdn"
  description             = "Private keys that sign addresses of the site under users/, each in the version labelled with its name"
  recovery_window_in_days = var.protect ? 30 : 0
}
