output "api_id" {
  description = "The HTTP API."
  value       = module.platform.api_id
}

output "user_pool_id" {
  description = "The user pool."
  value       = module.platform.user_pool_id
}

output "user_pool_client_id" {
  description = "The client that people sign in through."
  value       = module.platform.user_pool_client_id
}

output "jobs_queue_url" {
  description = "The queue that wakes strands."
  value       = module.platform.jobs_queue_url
}

output "database_admin_secret_arn" {
  description = "Name and password of the role that owns the schema."
  value       = module.platform.database_admin_secret_arn
}

output "migrate_function" {
  description = "The function that brings the schema up to date; invoked after each apply."
  value       = module.platform.migrate_function
}

output "functions" {
  description = "Name on AWS of each function, by its folder."
  value       = module.platform.functions
}

output "function_policies" {
  description = "What each function's role allows, as JSON, by its folder."
  value       = module.platform.function_policies
}

output "routes" {
  description = "Route of each function that has one, and how it is authorized."
  value       = module.platform.routes
}

output "site" {
  description = "The site: its address, the name that an alias record points at with that name's zone, and the distribution."
  value       = module.platform.site
}

output "sign_in" {
  description = "What the site has to know to offer sign-in by Google: Cognito's page and our client there, or null where nobody can."
  value       = module.platform.sign_in
}

output "buckets" {
  description = "Name of each bucket by what it is for: code, logs, media, web."
  value       = module.platform.buckets
}

output "cdn_secret_arn" {
  description = "Where scripts/cdn-key puts private keys."
  value       = module.platform.cdn_secret_arn
}

output "queue_urls" {
  description = "URL of each queue but jobs, by its name."
  value       = module.platform.queue_urls
}

output "websocket_url" {
  description = "Where pages connect to be told."
  value       = module.platform.websocket_url
}
