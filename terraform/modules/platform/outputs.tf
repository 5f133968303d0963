output "api_id" {
  description = "The HTTP API."
  value       = module.api.api.id
}

output "user_pool_id" {
  description = "The user pool."
  value       = module.identity.user_pool_id
}

output "user_pool_client_id" {
  description = "The client that people sign in through."
  value       = module.identity.client_id
}

output "jobs_queue_url" {
  description = "The queue that wakes strands."
  value       = module.jobs.url
}

output "database_admin_secret_arn" {
  description = "Name and password of the role that owns the schema."
  value       = module.database.secret_arns["admin"]
}

output "migrate_function" {
  description = "The function that brings the schema up to date; invoked after each apply."
  value       = module.functions.names["database-migrate"]
}

output "functions" {
  description = "Name on AWS of each function, by its folder."
  value       = module.functions.names
}

output "function_policies" {
  description = "What each function's role allows, as JSON, by its folder."
  value       = module.functions.policies
}

output "routes" {
  description = "Route of each function that has one, and how it is authorized."
  value       = module.functions.routes
}

output "api_endpoint" {
  description = "Where the API answers on AWS."
  value       = module.api.endpoint
}

output "alarm_topic_arn" {
  description = "What all alarms tell."
  value       = module.alarms.topic_arn
}

output "function_settings" {
  description = "Memory of each function and the variables in its environment, by its folder."
  value       = module.functions.settings
}

output "site" {
  description = "The site: its address, the name that an alias record points at with that name's zone, and the distribution."
  value = {
    url             = module.cdn.url
    domain_name     = module.cdn.domain_name
    hosted_zone_id  = module.cdn.hosted_zone_id
    distribution_id = module.cdn.distribution_id
  }
}

output "sign_in" {
  description = "What the site has to know to offer sign-in by Google: Cognito's page and our client there, or null where nobody can."
  value       = var.sign_in.google == null ? null : { page = local.sign_in_address, client_id = module.identity.client_id }
}

output "buckets" {
  description = "Name of each bucket by what it is for: code, logs, media, web."
  value       = { code = module.code.bucket, logs = module.logs.bucket, media = module.media.bucket, web = module.web.bucket }
}

output "cdn_secret_arn" {
  description = "Where scripts/cdn-key puts private keys."
  value       = aws_secretsmanager_secret.cdn.arn
}

output "websocket_url" {
  description = "Where pages connect to be told."
  value       = module.websocket.url
}

output "tunnel" {
  description = "What scripts/tunnel needs: the bastion, or null where there is none, and the host and port behind it of the proxy and the cluster."
  value = {
    instance_id = one(module.bastion[*].instance_id)
    proxy       = regex("@(?P<host>[^:/]+):(?P<port>[0-9]+)/", module.database.url)
    cluster     = regex("@(?P<host>[^:/]+):(?P<port>[0-9]+)/", module.database.admin_url)
  }
}

output "ingress" {
  description = "All that is let into the network, by who may reach whom."
  value       = module.network.ingress
}
