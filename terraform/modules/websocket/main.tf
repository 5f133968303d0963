# Messages to people who have a page open. Its routes are the functions' own, by the word `websocket:` in function.yaml.
resource "aws_apigatewayv2_api" "main" {
  name                       = "${var.name}-websocket"
  protocol_type              = "WEBSOCKET"
  description                = "Cloudsail's messages to open pages"
  route_selection_expression = "$request.body.action"
}

# Who may open a socket: the function takes the ticket from the address, once. So nothing of its answer is kept.
resource "aws_apigatewayv2_authorizer" "main" {
  for_each = var.authorizers

  api_id           = aws_apigatewayv2_api.main.id
  authorizer_type  = "REQUEST"
  name             = each.key
  authorizer_uri   = each.value
  identity_sources = ["route.request.querystring.ticket"]
}

# Unlike an HTTP API's, this log also asks for a role of the whole account that API Gateway may write logs with: terraform/bootstrap.
resource "aws_cloudwatch_log_group" "access" {
  name              = "/aws/apigateway/${var.name}-websocket"
  retention_in_days = var.log_retention_days
}

# API Gateway deploys no WebSocket API by itself, and none without a route.
locals {
  deployed = toset(length(var.routes) > 0 ? ["main"] : [])
}

resource "aws_apigatewayv2_deployment" "main" {
  for_each = local.deployed

  api_id      = aws_apigatewayv2_api.main.id
  description = "The routes of the functions"
  triggers    = { routes = sha1(jsonencode([var.routes, values(aws_apigatewayv2_authorizer.main)[*].id])) }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_apigatewayv2_stage" "main" {
  for_each = local.deployed

  api_id        = aws_apigatewayv2_api.main.id
  name          = local.stage
  deployment_id = aws_apigatewayv2_deployment.main[each.key].id

  # No query and no body: a token in a log is a token lost.
  access_log_settings {
    destination_arn = aws_cloudwatch_log_group.access.arn
    format = jsonencode({
      request_id    = "$context.requestId"
      time          = "$context.requestTime"
      source_ip     = "$context.identity.sourceIp"
      route         = "$context.routeKey"
      event         = "$context.eventType"
      connection_id = "$context.connectionId"
      status        = "$context.status"
      error         = "$context.error.message"
    })
  }

  default_route_settings {
    throttling_burst_limit = var.throttle.burst
    throttling_rate_limit  = var.throttle.rate
  }
}
