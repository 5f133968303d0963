# What people who run an environment use, and what pages are told by.

module "websocket" {
  source = "../websocket"

  name               = local.name
  routes             = module.functions.websocket_routes
  throttle           = var.throttle
  log_retention_days = var.log_retention_days
  gateway_url        = var.gateway_url
}

module "bastion" {
  source = "../bastion"
  count  = var.bastion ? 1 : 0

  name              = local.name
  subnet_id         = module.network.private_subnet_ids[0]
  security_group_id = module.network.security_group_ids["bastion"]

  permissions_boundary_arn = var.permissions_boundary_arn
}

module "dashboard" {
  source = "../dashboard"

  name     = local.name
  api_id   = module.api.api.id
  queues   = [for queue in ["jobs"] : "${local.name}-${queue}"]
  database = local.name
}

module "budget" {
  source   = "../budget"
  for_each = toset(var.monthly_budget_usd == null ? [] : ["main"])

  name        = local.name
  monthly_usd = var.monthly_budget_usd
  tag         = { key = "environment", value = var.environment } # as each environment's provider tags all that it makes
  topic_arn   = module.alarms.topic_arn
}
