locals {
  websockets = toset(compact([var.definition.websocket]))
}

resource "aws_apigatewayv2_integration" "websocket" {
  for_each = local.websockets

  api_id               = var.websocket.id
  integration_type     = "AWS_PROXY"
  integration_uri      = aws_lambda_function.main.invoke_arn
  timeout_milliseconds = (var.definition.timeout_s + 1) * 1000 # the function gives up first, and says so in its log
}

# A WebSocket API knows no JWT authorizer: the function behind $connect reads the token itself, and refuses.
resource "aws_apigatewayv2_route" "websocket" {
  for_each = local.websockets

  api_id             = var.websocket.id
  route_key          = each.key
  target             = "integrations/${aws_apigatewayv2_integration.websocket[each.key].id}"
  authorization_type = "NONE"
}

resource "aws_lambda_permission" "websocket" {
  for_each = local.websockets

  statement_id  = "websocket"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.main.function_name
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${var.websocket.execution_arn}/*/${each.key}" # any stage, this route alone
}
