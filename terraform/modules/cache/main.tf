# Holds rate limits and lists that are a few seconds old. Nothing in it is the truth, so nothing of it is backed up.
resource "aws_elasticache_serverless_cache" "main" {
  name                 = var.name
  description          = "Rate limits and short-lived lists"
  engine               = "valkey"
  major_engine_version = "8"
  subnet_ids           = var.subnet_ids
  security_group_ids   = [var.security_group_id]

  cache_usage_limits {
    data_storage {
      maximum = var.maximum_gb
      unit    = "GB"
    }
  }
}
