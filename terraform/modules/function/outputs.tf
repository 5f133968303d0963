output "name" {
  description = "Name on AWS."
  value       = aws_lambda_function.main.function_name
}

output "settings" {
  description = "Memory, and the variables that it finds in its environment."
  value = {
    memory_mb   = aws_lambda_function.main.memory_size
    environment = tomap(try(one(aws_lambda_function.main.environment).variables, {})) # a function without variables has no such block
  }
}

output "policy" {
  description = "The policy of the function's role, as JSON."
  value       = data.aws_iam_policy_document.access.json
}

output "route" {
  description = "Route and who may call it, or null where the function has none."
  value = one([for key, route in aws_apigatewayv2_route.main : {
    key           = route.route_key
    authorization = route.authorization_type
  }])
}

output "websocket_route_id" {
  description = "Id of its route in the WebSocket API, or null where the function has none."
  value       = one([for route in aws_apigatewayv2_route.websocket : route.id])
}
