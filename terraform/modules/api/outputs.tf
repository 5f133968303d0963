output "api" {
  description = "What a function's route needs: the API, its execution ARN and the authorizer of users."
  value = {
    id            = aws_apigatewayv2_api.main.id
    execution_arn = aws_apigatewayv2_api.main.execution_arn
    authorizer_id = aws_apigatewayv2_authorizer.users.id
  }
}

output "endpoint" {
  description = "Where the API answers on AWS."
  value       = try("https://${aws_apigatewayv2_api_mapping.main["main"].domain_name}", aws_apigatewayv2_api.main.api_endpoint)
}
