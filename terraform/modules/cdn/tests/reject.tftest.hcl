# What the site may not be told.

mock_provider "aws" {
  mock_data "aws_iam_policy_document" {
    defaults = { json = "{}" }
  }
}

variables {
  name = "cloudsail-test"
  origins = {
    web   = { arn = "arn:aws:s3:::web", domain_name = "web.s3.ca-central-1.amazonaws.com" }
    media = { arn = "arn:aws:s3:::media", domain_name = "media.s3.ca-central-1.amazonaws.com" }
  }
}

run "reject_private_key" {
  command = plan

  variables {
    public_keys = { "2026-01-01" = "-----BEGIN PRIVATE KEY-----\nA\n-----END PRIVATE KEY-----\n" }
  }

  expect_failures = [var.public_keys]
}

run "reject_six_keys" {
  command = plan

  variables {
    public_keys = { for name in ["a", "b", "c", "d", "e", "f"] : name => "-----BEGIN PUBLIC KEY-----" }
  }

  expect_failures = [var.public_keys]
}

run "reject_key_with_space_in_its_name" {
  command = plan

  variables {
    public_keys = { "new key" = "-----BEGIN PUBLIC KEY-----" }
  }

  expect_failures = [var.public_keys]
}

run "reject_name_without_certificate" {
  command = plan

  variables {
    aliases = ["app.cloudsail.example"]
  }

  expect_failures = [var.aliases]
}

run "reject_address_as_name" {
  command = plan

  variables {
    aliases         = ["https://app.cloudsail.example"]
    certificate_arn = "arn:aws:acm:us-east-1:000000000000:certificate/1"
  }

  expect_failures = [var.aliases]
}

run "reject_certificate_of_another_region" {
  command = plan

  variables {
    aliases         = ["app.cloudsail.example"]
    certificate_arn = "arn:aws:acm:ca-central-1:000000000000:certificate/1"
  }

  expect_failures = [var.certificate_arn]
}

run "reject_regional_web_acl" {
  command = plan

  variables {
    web_acl_arn = "arn:aws:wafv2:ca-central-1:000000000000:regional/webacl/cloudsail/1"
  }

  expect_failures = [var.web_acl_arn]
}

run "reject_unknown_price_class" {
  command = plan

  variables {
    price_class = "PriceClass_300"
  }

  expect_failures = [var.price_class]
}

run "reject_source_that_ends_the_policy" {
  command = plan

  variables {
    connect_sources = ["https://api.example; script-src *"]
  }

  expect_failures = [var.connect_sources]
}

run "reject_api_with_a_path" {
  command = plan

  variables {
    api = { domain_name = "api.example.com/v1" }
  }

  expect_failures = [var.api]
}

run "reject_log_bucket_by_name" {
  command = plan

  variables {
    log_bucket_arn = "logs"
  }

  expect_failures = [var.log_bucket_arn]
}

run "reject_upper_case_name" {
  command = plan

  variables {
    name = "Cloudsail"
  }

  expect_failures = [var.name]
}

run "reject_zone_without_names" {
  command = plan

  variables {
    zone = { id = "Z0EXAMPLE" }
  }

  expect_failures = [var.zone]
}
