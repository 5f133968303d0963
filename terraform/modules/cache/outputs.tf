locals {
  address = coalesce(
    one([for cache in aws_elasticache_serverless_cache.main : "${cache.endpoint[0].address}:${cache.endpoint[0].port}"]),
    one([for cache in aws_elasticache_replication_group.main : "${cache.primary_endpoint_address}:${cache.port}"]),
  )

  arn = one(concat(values(aws_elasticache_serverless_cache.main)[*].arn, values(aws_elasticache_replication_group.main)[*].arn))
}

output "url" {
  description = "Where the cache answers, with the scheme and the user of the redis client; without a password, since each connection signs a token."
  value       = "${var.tls ? "rediss" : "redis"}://${aws_elasticache_user.functions.user_name}@${local.address}"
}

output "arn" {
  description = "The cache that a token is signed for."
  value       = local.arn
}

output "connect_arns" {
  description = "What elasticache:Connect is granted on: the one cache, and the one user."
  value       = [local.arn, aws_elasticache_user.functions.arn]
}
