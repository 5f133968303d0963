# What people who run an environment use, and what pages are told by.

module "websocket" {
  source = "../websocket"

  name               = local.name
  routes             = module.functions.websocket_routes
  throttle           = var.throttle
  log_retention_days = var.log_retention_days
  gateway_url        = var.gateway_url
}
