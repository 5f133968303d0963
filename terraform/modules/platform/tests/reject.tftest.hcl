# What an environment may not say. Mocked providers know nothing of ephemeral values, which the database's passwords
# are, so that this is the provider itself with all overridden that would ask AWS. No call is made.

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

override_data {
  target = module.alarms.data.aws_caller_identity.current
  values = { account_id = "000000000000" }
}

override_data {
  target = module.network.data.aws_availability_zones.available
  values = { names = ["ca-central-1a", "ca-central-1b", "ca-central-1d"] }
}

override_resource {
  target          = module.identity.aws_cognito_user_pool_client.main
  override_during = plan
  values          = { id = "client1" }
}

override_resource {
  target          = module.jobs.aws_sqs_queue.main
  override_during = plan
  values          = { url = "https://sqs.ca-central-1.amazonaws.com/000000000000/cloudsail-test-jobs" }
}

override_module {
  target  = module.functions
  outputs = { names = { database-migrate = "cloudsail-test-database-migrate" }, policies = {}, routes = {}, settings = {} }
}

override_module {
  target = module.database
  outputs = {
    url         = "postgres://cloudsail@proxy:5432/cloudsail"
    admin_url   = "postgres://cloudsail_admin@cluster:5432/cloudsail"
    connect_arn = "arn:aws:rds-db:ca-central-1:000000000000:dbuser:prx-1/cloudsail"
    secret_arns = { admin = "arn:aws:secretsmanager:ca-central-1:000000000000:secret:admin", app = "arn:aws:secretsmanager:ca-central-1:000000000000:secret:app" }
  }
}

variables {
  permissions_boundary_arn = "arn:aws:iam::000000000000:policy/cloudsail-access/environment-roles"

  environment     = "test"
  packages_folder = "packages"
  layers_folder   = "packages"
  database_ca_pem = "-----BEGIN CERTIFICATE-----"
}

run "reject_environment_with_dash" {
  command = plan

  variables {
    environment = "test-1"
  }

  expect_failures = [var.environment]
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

run "reject_range_too_small" {
  command = plan

  variables {
    cidr = "10.20.0.0/25"
  }

  expect_failures = [var.cidr]
}

run "reject_port_that_rds_refuses" {
  command = plan

  variables {
    database_ports = { cluster = 80, proxy = 5432 }
  }

  expect_failures = [var.database_ports]
}

run "reject_capacity_upside_down" {
  command = plan

  variables {
    database_capacity = { minimum = 8, maximum = 4 }
  }

  expect_failures = [var.database_capacity]
}

run "reject_cluster_without_instance" {
  command = plan

  variables {
    database_instances = 0
  }

  expect_failures = [var.database_instances]
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

run "reject_logs_for_ever" {
  command = plan

  variables {
    log_retention_days = 0
  }

  expect_failures = [var.log_retention_days]
}

run "reject_api_that_is_shut" {
  command = plan

  variables {
    throttle = { burst = 0, rate = 100 }
  }

  expect_failures = [var.throttle]
}

run "reject_alarm_to_no_address" {
  command = plan

  variables {
    alarm_emails = ["operators"]
  }

  expect_failures = [var.alarm_emails]
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

run "reject_no_calls_of_customers" {
  command = plan

  variables {
    customer_calls = { per_second = 0, burst = 100 }
  }

  expect_failures = [var.customer_calls]
}

run "reject_grace_of_a_second" {
  command = plan

  variables {
    reconcile_grace_s = 1
  }

  expect_failures = [var.reconcile_grace_s]
}

run "reject_undo_window_of_a_minute" {
  command = plan

  variables {
    undo_window_s = 60
  }

  expect_failures = [var.undo_window_s]
}

run "reject_zone_without_domain" {
  command = plan

  variables {
    zone_id = "Z0EXAMPLE"
  }

  expect_failures = [var.zone_id]
}

run "reject_sender_of_another_domain" {
  command = plan

  variables {
    domain = "example.com"
    mail   = { from = "noreply@example.org" }
  }

  expect_failures = [var.mail]
}

run "reject_mail_for_another_domain" {
  command = plan

  variables {
    domain = "example.com"
    mail   = { incoming_domain = "notexample.com" }
  }

  expect_failures = [var.mail]
}

run "reject_role_without_boundary" {
  command = plan

  variables {
    permissions_boundary_arn = null
  }

  expect_failures = [var.permissions_boundary_arn]
}

run "reject_site_with_a_certificate_for_no_name" {
  command = plan

  variables {
    domain = "example.com"
    site   = { certificate_arn = "arn:aws:acm:us-east-1:000000000000:certificate/1" }
  }

  expect_failures = [var.site]
}
