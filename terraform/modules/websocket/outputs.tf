output "api" {
  description = "What a function's route needs, and the word websocket:post: the API, its execution ARN and the ARN of its connections."
  value = {
    id              = aws_apigatewayv2_api.main.id
    execution_arn   = aws_apigatewayv2_api.main.execution_arn
    connections_arn = "${aws_apigatewayv2_api.main.execution_arn}/${local.stage}/POST/@connections/*"
  }
}

output "url" {
  description = "Where pages connect."
  value       = var.gateway_url == null ? "wss://${local.host}/${local.stage}" : "${replace(var.gateway_url, "/^http/", "ws")}/${aws_apigatewayv2_api.main.id}/${local.stage}"
}

output "post_url" {
  description = "Where functions post messages to connections."
  value       = var.gateway_url == null ? "https://${local.host}/${local.stage}" : "${var.gateway_url}/${aws_apigatewayv2_api.main.id}/${local.stage}"
}

output "authorizer_id" {
  description = "What stands before $connect, or null."
  value       = one([for authorizer in aws_apigatewayv2_authorizer.main : authorizer.id])
}
