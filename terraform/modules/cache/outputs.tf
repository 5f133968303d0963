output "url" {
  description = "Where the cache answers, with the scheme that the redis client reads."
  value       = "${var.tls ? "rediss" : "redis"}://${aws_elasticache_serverless_cache.main.endpoint[0].address}:${aws_elasticache_serverless_cache.main.endpoint[0].port}"
}
