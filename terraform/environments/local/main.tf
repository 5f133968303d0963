data "aws_caller_identity" "current" {}

module "network" {
  source = "../../modules/network"

  name  = local.name
  cidr  = "10.20.0.0/16"
  ports = var.database_ports
}

module "database" {
  source = "../../modules/database"

  name       = local.name
  subnet_ids = module.network.private_subnet_ids
  ports      = var.database_ports
  protect    = false

  security_group_ids = {
    cluster = module.network.security_group_ids["cluster"]
    proxy   = module.network.security_group_ids["proxy"]
  }
}

module "identity" {
  source = "../../modules/identity"

  name                 = local.name
  access_token_minutes = var.access_token_minutes
  protect              = false
}

module "api" {
  source = "../../modules/api"

  name = local.name
  jwt = {
    issuer   = module.identity.issuer
    audience = module.identity.client_id
  }
}

module "alarms" {
  source = "../../modules/alarms"

  name = local.name
}

module "jobs" {
  source = "../../modules/queue"

  name         = "${local.name}-jobs"
  alarm_topics = [module.alarms.topic_arn]
  require_tls  = false # the emulator does enforce such a policy, and is reached by plain HTTP over loopback
}

module "code" {
  source = "../../modules/code"

  name          = local.name
  require_tls   = false # as the queues'
  force_destroy = true
}

module "layers" {
  source = "../../modules/layers"

  name            = local.name
  packages_folder = var.layers_folder
  code_bucket     = module.code.bucket
  keep_versions   = false
}

resource "aws_scheduler_schedule_group" "main" {
  name = local.name
}

module "functions" {
  source = "../../modules/functions"

  environment     = local.environment
  values          = local.values
  folder          = "${path.module}/../../../functions"
  code_bucket     = module.code.bucket
  layers          = module.layers.arns
  packages_folder = var.packages_folder
  architecture    = var.architecture
  api             = module.api.api
  queues          = { jobs = module.jobs.arn }
  alarm_topics    = [module.alarms.topic_arn]
  schedule_group  = aws_scheduler_schedule_group.main.name

  database = {
    connect_arn = module.database.connect_arn
    secret_arns = values(module.database.secret_arns)
  }

  network = {
    subnet_ids = module.network.private_subnet_ids
    security_group_ids = {
      functions  = module.network.security_group_ids["functions"]
      migrations = module.network.security_group_ids["migrations"]
    }
  }
}
