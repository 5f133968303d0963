data "aws_caller_identity" "current" {}

module "network" {
  source = "../network"

  name         = local.name
  cidr         = var.cidr
  ports        = merge(var.database_ports, { cache = var.cache.port })
  nat_per_zone = var.nat_per_zone
  account_id   = data.aws_caller_identity.current.account_id
  zones        = var.zones
  bastion      = var.bastion

  interface_endpoints     = var.interface_endpoints
  flow_logs               = var.flow_logs
  flow_log_retention_days = var.log_retention_days

  permissions_boundary_arn = var.permissions_boundary_arn
}

module "database" {
  source = "../database"

  name       = local.name
  subnet_ids = module.network.private_subnet_ids
  ports      = var.database_ports
  capacity   = var.database_capacity
  instances  = var.database_instances
  protect    = var.protect

  alarm_topics          = [module.alarms.topic_arn]
  backup_retention_days = var.backup_retention_days
  performance_insights  = var.performance_insights

  permissions_boundary_arn = var.permissions_boundary_arn

  security_group_ids = {
    cluster = module.network.security_group_ids["cluster"]
    proxy   = module.network.security_group_ids["proxy"]
  }
}

module "cache" {
  source = "../cache"

  name              = local.name
  subnet_ids        = module.network.private_subnet_ids
  security_group_id = module.network.security_group_ids["cache"]
  tls               = var.cache.tls
  node_type         = var.cache.node_type
  access_string     = file("${path.module}/../../../shared/cache/access-string.txt")
}

module "identity" {
  source = "../identity"

  name                 = local.name
  access_token_minutes = var.access_token_minutes
  protect              = var.protect
  mfa                  = var.sign_in.mfa
  threat_protection    = var.sign_in.threat_protection
  password_policy      = var.sign_in.password_policy
  page                 = local.sign_in_page
  google               = var.sign_in.google
  email                = local.sign_in_email
  triggers             = var.sign_in.triggers
}

module "api" {
  source = "../api"

  name               = local.name
  domain             = local.api_domain
  throttle           = var.throttle
  log_retention_days = var.log_retention_days

  jwt = {
    issuer   = module.identity.issuer
    audience = module.identity.client_id
  }
}

module "alarms" {
  source = "../alarms"

  name   = local.name
  emails = var.alarm_emails
}

module "jobs" {
  source = "../queue"

  name         = "${local.name}-jobs"
  alarm_topics = [module.alarms.topic_arn]
  require_tls  = var.require_tls
}

# What Lambda runs is fetched from here at each deploy. Each zip's key holds the hash of its content, so that a change is
# a new object, and a version is named beside the key, so that no later write can slip in between.
module "code" {
  source = "../bucket"

  name          = local.bucket_names.code
  log_bucket    = module.logs.bucket
  require_tls   = var.require_tls
  force_destroy = var.leave_nothing
}

module "layers" {
  source = "../layers"

  name            = local.name
  packages_folder = var.layers_folder
  code_bucket     = module.code.bucket
  keep_versions   = !var.leave_nothing
}

resource "aws_scheduler_schedule_group" "main" {
  name = local.name
}

module "functions" {
  source = "../functions"

  account_id         = data.aws_caller_identity.current.account_id
  environment        = var.environment
  values             = local.values
  folder             = "${path.module}/../../../functions"
  code_bucket        = module.code.bucket
  layers             = module.layers.arns
  packages_folder    = var.packages_folder
  architecture       = var.architecture
  api                = module.api.api
  queues             = local.queues
  mail               = local.mail_grants
  schedules          = module.schedules.group
  secrets            = { cdn = aws_secretsmanager_secret.cdn.arn }
  alarm_topics       = [module.alarms.topic_arn]
  schedule_group     = aws_scheduler_schedule_group.main.name
  log_retention_days = var.log_retention_days
  websocket          = module.websocket.api

  websocket_authorizer_id = module.websocket.authorizer_id

  permissions_boundary_arn = var.permissions_boundary_arn

  buckets = {
    media = { arn = local.bucket_arns.media, prefixes = ["media", "tmp", "users"] }
    mail  = { arn = one(module.mail_incoming[*].bucket.arn), prefixes = ["delivered", "incoming"] }
  }

  database = {
    connect_arn = module.database.connect_arn
    secret_arns = values(module.database.secret_arns)
  }

  cache = {
    connect_arns = module.cache.connect_arns
  }

  network = {
    subnet_ids = module.network.private_subnet_ids
    security_group_ids = {
      functions  = module.network.security_group_ids["functions"]
      migrations = module.network.security_group_ids["migrations"]
    }
  }
}
