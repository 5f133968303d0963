module "platform" {
  source    = "../../modules/platform"
  providers = { aws = aws, aws.us_east_1 = aws.us_east_1, aws.mail = aws.mail }

  environment     = local.environment
  packages_folder = "${local.build}/functions"
  layers_folder   = "${local.build}/layers"
  architecture    = "arm64"
  cidr            = "10.22.0.0/16"
  alarm_emails    = var.alarm_emails
  database_ca_pem = var.database_ca_pem

  permissions_boundary_arn = local.permissions_boundary_arn

  nat_per_zone       = true
  database_capacity  = { minimum = 1, maximum = 16 }
  database_instances = 2
  log_retention_days = 365
  throttle           = { burst = 1000, rate = 500 }
  protect            = true
  require_tls        = true

  site            = merge(var.site, { web_acl_arn = var.waf ? one(module.waf[*].arn) : var.site.web_acl_arn })
  cdn_public_keys = local.cdn_public_keys
  domain          = var.domain
  zone_id         = var.zone_id
  mail            = var.mail
  sign_in         = var.sign_in

  zones                 = 3
  backup_retention_days = 14

  bastion            = var.bastion
  monthly_budget_usd = var.monthly_budget_usd
}

module "waf" {
  source = "../../modules/waf"
  count  = var.waf ? 1 : 0

  providers = { aws = aws.us_east_1 }

  name = "cloudsail-${local.environment}"
}
