mock_provider "aws" {
  override_during = plan

  mock_resource "aws_apigatewayv2_api" {
    defaults = { api_endpoint = "https://api1.execute-api.ca-central-1.amazonaws.com" }
  }
  mock_resource "aws_apigatewayv2_domain_name" {
    defaults = { domain_name_configuration = { target_domain_name = "d-1.execute-api.ca-central-1.amazonaws.com", hosted_zone_id = "Z0GATEWAY" } }
  }
}

variables {
  name = "cloudsail-test"
  jwt  = { issuer = "https://cognito-idp.ca-central-1.amazonaws.com/pool", audience = "client" }
}

run "the_name_that_aws_gives" {
  command = plan

  assert {
    condition     = output.endpoint == "https://api1.execute-api.ca-central-1.amazonaws.com" && length(aws_route53_record.main) == 0
    error_message = "Without a domain the API answers at AWS's name."
  }
}

run "a_name_of_our_own" {
  command = plan

  variables {
    domain = { name = "api.example.com", certificate_arn = "arn:aws:acm:ca-central-1:000000000000:certificate/1", zone_id = "Z0EXAMPLE" }
  }

  assert {
    condition     = output.endpoint == "https://api.example.com"
    error_message = "With a domain it answers there."
  }

  assert {
    condition     = one(aws_apigatewayv2_domain_name.main["main"].domain_name_configuration).security_policy == "TLS_1_2" && one(aws_apigatewayv2_domain_name.main["main"].domain_name_configuration).certificate_arn == var.domain.certificate_arn
    error_message = "Over TLS 1.2 at least, with the domain's certificate."
  }

  assert {
    condition     = [for record in values(aws_route53_record.main) : [record.zone_id, record.name, one(record.alias).name]] == [["Z0EXAMPLE", "api.example.com", "d-1.execute-api.ca-central-1.amazonaws.com"]]
    error_message = "The name leads to API Gateway."
  }
}

run "reject_url_as_name" {
  command = plan

  variables {
    domain = { name = "https://api.example.com", certificate_arn = "arn:aws:acm:ca-central-1:000000000000:certificate/1", zone_id = "Z0EXAMPLE" }
  }

  expect_failures = [var.domain]
}

run "reject_issuer_in_the_clear" {
  command = plan

  variables {
    jwt = { issuer = "http://cognito-idp.ca-central-1.amazonaws.com/pool", audience = "client" }
  }

  expect_failures = [var.jwt]
}
