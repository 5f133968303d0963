locals {
  address = coalesce(
    one([for cache in aws_elasticache_serverless_cache.main : "${cache.endpoint[0].address}:${cache.endpoint[0].port}"]),
    one([for cache in aws_elasticache_replication_group.main : "${cache.primary_endpoint_address}:${cache.port}"]),
  )
}

output "url" {
  description = "Where the cache answers, with the scheme that the redis client reads."
  value       = "${var.tls ? "rediss" : "redis"}://${local.address}"
}
