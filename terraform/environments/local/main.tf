data "aws_caller_identity" "current" {}

# On AWS this stands in terraform/bootstrap, out of reach of whoever deploys. Here who applies is the account's own root.
module "role_boundary" {
  source = "../../modules/role-boundary"

  name       = "cloudsail-${local.environment}-roles"
  account_id = data.aws_caller_identity.current.account_id
}

module "platform" {
  source    = "../../modules/platform"
  providers = { aws = aws, aws.us_east_1 = aws.us_east_1, aws.mail = aws.mail }

  environment              = local.environment
  packages_folder          = var.packages_folder
  layers_folder            = var.layers_folder
  architecture             = var.architecture
  database_ports           = var.database_ports
  database_ca_pem          = var.database_ca_pem
  cache                    = { port = var.redis_port, tls = false }
  user_rate                = var.user_rate
  throttle                 = var.throttle
  log_retention_days       = var.log_retention_days
  access_token_minutes     = var.access_token_minutes
  deploy_deadline_s        = var.deploy_deadline_s
  customer_calls           = { per_second = 500, burst = 2000 } # the emulator has no such limits, and tests deploy many at once
  reconcile_grace_s        = var.reconcile_grace_s
  protect                  = false
  leave_nothing            = true
  permissions_boundary_arn = module.role_boundary.arn
  require_tls              = false # the emulator does enforce such a policy, and is reached by plain HTTP over loopback

  # Without a domain: nobody would ask for its records. The emulator keeps what is sent and shows it; its receipt rules never
  # fire, so that a test puts a mail into the bucket itself, and all that follows is as on AWS.
  mail        = { from = "noreply@cloudsail.test", incoming_domain = "mail.cloudsail.test" }
  gateway_url = var.gateway_url
  sign_in = {
    callback_urls = ["${var.site_url}/sign-in/google"]
    google        = { client_id = local.google_client_id, secret_arn = aws_secretsmanager_secret_version.google.arn }
  }
  flow_logs             = false # the emulator keeps a flow log and forgets its role, so that each plan would make it anew
  performance_insights  = false # the emulator forgets the key
  backup_retention_days = var.backup_retention_days
}
