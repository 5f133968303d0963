# The provider itself knows which names need a record before AWS is asked. No call is made.

provider "aws" {
  region                      = "us-east-1"
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_region_validation      = true
  skip_requesting_account_id  = true
}

variables {
  domain  = "api.example.com"
  zone_id = "Z0EXAMPLE"
}

run "validated_by_dns" {
  command = plan

  assert {
    condition     = aws_acm_certificate.main.domain_name == "api.example.com" && aws_acm_certificate.main.validation_method == "DNS"
    error_message = "The certificate is for the name, and renews itself as long as the record stands."
  }

  assert {
    condition     = { for name, record in aws_route53_record.validation : name => record.zone_id } == { "api.example.com" = "Z0EXAMPLE" }
    error_message = "One record in the zone proves that the name is ours."
  }
}

run "reject_wildcard" {
  command = plan

  variables {
    domain = "*.example.com"
  }

  expect_failures = [var.domain]
}

run "reject_zone_by_name" {
  command = plan

  variables {
    zone_id = "example.com"
  }

  expect_failures = [var.zone_id]
}
