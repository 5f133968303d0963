data "aws_partition" "current" {}

data "aws_region" "current" {}

locals {
  # Adding a function is adding a folder: its name is the key, and what its function.yaml says is all it gets.
  functions = {
    for file in fileset(var.folder, "*/function.yaml") :
    dirname(file) => yamldecode(file("${var.folder}/${file}"))
  }
}

module "function" {
  source   = "../function"
  for_each = local.functions

  account_id     = var.account_id
  environment    = var.environment
  name           = each.key
  definition     = each.value
  values         = var.values
  package        = "${var.packages_folder}/${each.key}.zip"
  code_bucket    = var.code_bucket
  layers         = var.layers
  architecture   = var.architecture
  api            = var.api
  queues         = var.queues
  buckets        = var.buckets
  secrets        = var.secrets
  database       = var.database
  cache          = var.cache
  network        = var.network
  schedule_group = var.schedule_group
  mail           = var.mail
  schedules      = var.schedules
  websocket      = var.websocket
  alarm_topics   = var.alarm_topics

  websocket_authorizer_id = var.websocket_authorizer_id

  log_retention_days       = var.log_retention_days
  permissions_boundary_arn = var.permissions_boundary_arn
}
