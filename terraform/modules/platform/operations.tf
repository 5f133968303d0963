# What people who run an environment use, and what pages are told by.

module "websocket" {
  source = "../websocket"

  name               = local.name
  routes             = module.functions.websocket_routes
  authorizers        = module.functions.websocket_authorizers
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

# Counted by the worker's own log lines, as no service of AWS knows of strands.
resource "aws_cloudwatch_metric_alarm" "strand_failing" {
  alarm_name          = "${local.name}-strand-failing"
  alarm_description   = "A step of a deployment has failed eight times or more, for minutes. First read in the worker's log which step and why: lines with \"the step is tried again\"."
  namespace           = "Cloudsail"
  metric_name         = "StrandFailing"
  statistic           = "Sum"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  period              = 900 # s; between two tries of one strand lie ten minutes at most
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching" # nothing fails
  alarm_actions       = [module.alarms.topic_arn]
  ok_actions          = [module.alarms.topic_arn]
}
