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

override_data {
  target = data.aws_caller_identity.current
  values = { account_id = "000000000000" }
}

override_module {
  target = module.platform
}

variables {
  packages_folder = "packages"
  layers_folder   = "packages"
  database_ca_pem = "-----BEGIN CERTIFICATE-----"
}

run "reject_no_folder_of_functions" {
  command = plan

  variables {
    packages_folder = ""
  }

  expect_failures = [var.packages_folder]
}

run "reject_no_folder_of_layers" {
  command = plan

  variables {
    layers_folder = ""
  }

  expect_failures = [var.layers_folder]
}

run "reject_unknown_architecture" {
  command = plan

  variables {
    architecture = "riscv"
  }

  expect_failures = [var.architecture]
}

run "reject_port_that_rds_refuses" {
  command = plan

  variables {
    database_ports = { cluster = 80, proxy = 5432 }
  }

  expect_failures = [var.database_ports]
}

run "reject_root_that_is_no_certificate" {
  command = plan

  variables {
    database_ca_pem = "/etc/ssl/rds.pem"
  }

  expect_failures = [var.database_ca_pem]
}

run "reject_token_of_a_minute" {
  command = plan

  variables {
    access_token_minutes = 1
  }

  expect_failures = [var.access_token_minutes]
}

run "reject_deadline_of_a_second" {
  command = plan

  variables {
    deploy_deadline_s = 1
  }

  expect_failures = [var.deploy_deadline_s]
}

run "reject_grace_of_a_second" {
  command = plan

  variables {
    reconcile_grace_s = 1
  }

  expect_failures = [var.reconcile_grace_s]
}

run "reject_place_that_is_no_region" {
  command = plan

  variables {
    region = "Canada"
  }

  expect_failures = [var.region]
}

run "reject_gateway_with_slash" {
  command = plan

  variables {
    gateway_url = "http://localhost:4566/"
  }

  expect_failures = [var.gateway_url]
}

run "reject_api_that_is_shut" {
  command = plan

  variables {
    throttle = { burst = 0, rate = 100 }
  }

  expect_failures = [var.throttle]
}

run "reject_no_backup" {
  command = plan

  variables {
    backup_retention_days = 0
  }

  expect_failures = [var.backup_retention_days]
}

run "reject_logs_for_ever" {
  command = plan

  variables {
    log_retention_days = 0
  }

  expect_failures = [var.log_retention_days]
}
