locals {
  websockets = toset(compact([var.definition.websocket]))
}

resource "aws_apigatewayv2_integration" "websocket" {
  for_each = local.websockets

  api_id               = var.websocket.id
  integration_type     = "AWS_PROXY"
  integration_uri      = aws_lambda_alias.live.invoke_arn
  timeout_milliseconds = (var.definition.timeout_s + 1) * 1000 # the function gives up first, and says so in its log
}

# A WebSocket API knows no JWT authorizer, and asks at $connect alone: a function there takes a ticket.
resource "aws_apigatewayv2_route" "websocket" {
  for_each = local.websockets

  api_id             = var.websocket.id
  route_key          = each.key
  target             = "integrations/${aws_apigatewayv2_integration.websocket[each.key].id}"
  authorization_type = each.key == "$connect" ? "CUSTOM" : "NONE"
  authorizer_id      = each.key == "$connect" ? var.websocket_authorizer_id : null
}

resource "aws_lambda_permission" "websocket" {
  for_each = local.websockets

  statement_id  = "websocket"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.main.function_name
  qualifier     = aws_lambda_alias.live.name
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${var.websocket.execution_arn}/*/${each.key}" # any stage, this route alone
}

resource "aws_lambda_permission" "authorizer" {
  for_each = toset(compact([var.definition.authorizer]))

  statement_id  = "authorizer"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.main.function_name
  qualifier     = aws_lambda_alias.live.name
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${var.websocket.execution_arn}/authorizers/*"
}
