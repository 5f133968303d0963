# What this environment may not be told. The platform itself is tested in its own folder.

provider "aws" {
  region                      = "ca-central-1"
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_region_validation      = true
  skip_requesting_account_id  = true
}

provider "aws" {
  alias                       = "us_east_1"
  region                      = "us-east-1"
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_region_validation      = true
  skip_requesting_account_id  = true
}

provider "aws" {
  alias                       = "mail"
  region                      = "us-east-1"
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_region_validation      = true
  skip_requesting_account_id  = true
}

override_module {
  target = module.platform
}

variables {
  account_id   = "000000000000"
  region       = "ca-central-1"
  alarm_emails = ["operators@example.com"]
}

run "reject_root_that_is_no_certificate" {
  command = plan

  variables {
    database_ca_pem = "/etc/ssl/rds.pem"
  }

  expect_failures = [var.database_ca_pem]
}

run "reject_bundle_that_lambda_has_no_room_for" {
  command = plan

  variables {
    database_ca_pem = join("", [for index in range(200) : "-----BEGIN CERTIFICATE-----"])
  }

  expect_failures = [var.database_ca_pem]
}

run "reject_alarm_to_no_address" {
  command = plan

  variables {
    alarm_emails = ["operators"]
  }

  expect_failures = [var.alarm_emails]
}

run "reject_place_that_is_no_region" {
  command = plan

  variables {
    region = "Canada"
  }

  expect_failures = [var.region]
}

run "reject_account_by_name" {
  command = plan

  variables {
    account_id = "cloudsail"
  }

  expect_failures = [var.account_id]
}

run "reject_mail_region_that_is_none" {
  command = plan

  variables {
    mail_region = "Virginia"
  }

  expect_failures = [var.mail_region]
}

run "reject_budget_of_nothing" {
  command = plan

  variables {
    monthly_budget_usd = 0
  }

  expect_failures = [var.monthly_budget_usd]
}
