mock_provider "aws" {
  override_during = plan

  mock_data "aws_region" {
    defaults = { name = "ca-central-1" }
  }
  mock_data "aws_partition" {
    defaults = { dns_suffix = "amazonaws.com" }
  }
  mock_resource "aws_apigatewayv2_api" {
    defaults = { id = "ws1", execution_arn = "arn:aws:execute-api:ca-central-1:000000000000:ws1" }
  }
}

variables {
  name   = "cloudsail-test"
  routes = { connection-open = "route1" }
}

run "where_it_answers" {
  command = plan

  assert {
    condition     = output.url == "wss://ws1.execute-api.ca-central-1.amazonaws.com/v1" && output.post_url == "https://ws1.execute-api.ca-central-1.amazonaws.com/v1"
    error_message = "Pages connect over TLS, and functions post over TLS."
  }

  assert {
    condition     = output.api.connections_arn == "arn:aws:execute-api:ca-central-1:000000000000:ws1/v1/POST/@connections/*"
    error_message = "Posting to connections of this stage is what the word websocket:post is granted on."
  }

  assert {
    condition     = toset(keys(jsondecode(one(aws_apigatewayv2_stage.main["main"].access_log_settings).format))) == toset(["request_id", "time", "source_ip", "route", "event", "connection_id", "status", "error"])
    error_message = "The log says who connected and what became of it, and no token."
  }

  assert {
    condition     = one(aws_apigatewayv2_stage.main["main"].default_route_settings).throttling_rate_limit == 100 && one(aws_apigatewayv2_stage.main["main"].default_route_settings).throttling_burst_limit == 200
    error_message = "There is a limit to what may come."
  }
}

run "who_may_connect" {
  command = plan

  variables {
    authorizers = { connection-authorize = "arn:aws:apigateway:ca-central-1:lambda:path/2015-03-31/functions/f/invocations" }
  }

  assert {
    condition     = aws_apigatewayv2_authorizer.main["connection-authorize"].identity_sources == toset(["route.request.querystring.ticket"])
    error_message = "Who knocks without a ticket is refused before any function runs."
  }
}

run "reject_two_authorizers" {
  command = plan

  variables {
    authorizers = { one = "arn:1", two = "arn:2" }
  }

  expect_failures = [var.authorizers]
}

run "local_cloud" {
  command = plan

  variables {
    gateway_url = "http://localhost:4566/_aws/execute-api"
  }

  assert {
    condition     = output.url == "ws://localhost:4566/_aws/execute-api/ws1/v1" && output.post_url == "http://localhost:4566/_aws/execute-api/ws1/v1"
    error_message = "The local gateway has one host for all APIs."
  }
}

run "no_route_no_stage" {
  command = plan

  variables {
    routes = {}
  }

  assert {
    condition     = length(aws_apigatewayv2_stage.main) + length(aws_apigatewayv2_deployment.main) == 0
    error_message = "API Gateway refuses to deploy an API without routes."
  }
}

run "reject_api_that_is_shut" {
  command = plan

  variables {
    throttle = { burst = 0, rate = 100 }
  }

  expect_failures = [var.throttle]
}

run "reject_gateway_with_slash" {
  command = plan

  variables {
    gateway_url = "http://localhost:4566/"
  }

  expect_failures = [var.gateway_url]
}

run "reject_upper_case" {
  command = plan

  variables {
    name = "Cloudsail"
  }

  expect_failures = [var.name]
}
