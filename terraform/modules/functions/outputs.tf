output "names" {
  description = "Name on AWS of each function, by its folder."
  value       = { for folder, function in module.function : folder => function.name }
}

output "settings" {
  description = "Memory of each function and the variables in its environment, by its folder."
  value       = { for folder, function in module.function : folder => function.settings }
}

output "policies" {
  description = "What each function's role allows, as JSON, by its folder."
  value       = { for folder, function in module.function : folder => function.policy }
}

output "routes" {
  description = "Route of each function that has one, and how it is authorized."
  value       = { for folder, function in module.function : folder => function.route if function.route != null }
}

output "websocket_routes" {
  description = "Id of the route in the WebSocket API of each function that has one, by its folder."
  value       = { for folder, function in module.function : folder => function.websocket_route_id if try(local.functions[folder].websocket, null) != null }
}

# By its name, as the routes of the functions need the authorizer.
output "websocket_authorizers" {
  description = "Where the WebSocket API calls each function that is its authorizer, by its folder."
  value = { for folder, definition in local.functions : folder => join("", [
    "arn:${data.aws_partition.current.partition}:apigateway:${data.aws_region.current.name}:lambda:path/2015-03-31/functions/",
    "arn:${data.aws_partition.current.partition}:lambda:${data.aws_region.current.name}:${var.account_id}:function:cloudsail-${var.environment}-${folder}:live/invocations",
  ]) if try(definition.authorizer, null) != null }
}
