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

output "websocket_authorizers" {
  description = "Where the WebSocket API calls each function that is its authorizer, by its folder."
  value       = { for folder, function in module.function : folder => function.authorizer_uri if try(local.functions[folder].authorizer, null) != null }
}
