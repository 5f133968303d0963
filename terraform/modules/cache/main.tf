# Holds rate limits and lists that are a few seconds old. Nothing in it is the truth, so nothing of it is backed up, and its loss
# costs a slower minute: functions go on without it. Serverless costs from about 6 USD a month and grows by itself; a node costs the
# same each hour, and is the cheaper of the two under a steady load.
locals {
  serverless = toset(var.node_type == null ? ["main"] : [])
  node       = toset(var.node_type == null ? [] : ["main"])
}

resource "aws_elasticache_serverless_cache" "main" {
  for_each = local.serverless

  name                 = var.name
  description          = "Rate limits and short-lived lists"
  engine               = "valkey"
  major_engine_version = "8"
  subnet_ids           = var.subnet_ids
  security_group_ids   = [var.security_group_id]
  user_group_id        = aws_elasticache_user_group.main.id

  cache_usage_limits {
    data_storage {
      maximum = var.maximum_gb
      unit    = "GB"
    }
  }
}

moved {
  from = aws_elasticache_serverless_cache.main
  to   = aws_elasticache_serverless_cache.main["main"]
}

resource "aws_elasticache_subnet_group" "main" {
  for_each = local.node

  name        = var.name
  description = "Private subnets of ${var.name}"
  subnet_ids  = var.subnet_ids
}

resource "aws_elasticache_replication_group" "main" {
  for_each = local.node

  replication_group_id       = var.name
  description                = "Rate limits and short-lived lists"
  engine                     = "valkey"
  engine_version             = "8.0"
  node_type                  = var.node_type
  num_cache_clusters         = 1
  port                       = 6379
  transit_encryption_enabled = true
  at_rest_encryption_enabled = true
  apply_immediately          = true
  subnet_group_name          = aws_elasticache_subnet_group.main[each.key].name
  security_group_ids         = [var.security_group_id]
  user_group_ids             = [aws_elasticache_user_group.main.id]
}
