# Mocked providers know nothing of ephemeral values, which the database's passwords are, so that this is the provider itself
# with all overridden that would ask AWS. No call is made.

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
  target = module.platform.data.aws_caller_identity.current
  values = { account_id = "000000000000" }
}

override_data {
  target = module.platform.module.alarms.data.aws_caller_identity.current
  values = { account_id = "000000000000" }
}

override_data {
  target = module.platform.module.network.data.aws_availability_zones.available
  values = { names = ["ca-central-1a", "ca-central-1b", "ca-central-1d"] }
}

override_module {
  target = module.platform.module.database
  outputs = {
    url         = "postgres://cloudsail@proxy:5432/cloudsail"
    admin_url   = "postgres://cloudsail_admin@cluster:5432/cloudsail"
    connect_arn = "arn:aws:rds-db:ca-central-1:000000000000:dbuser:prx-1/cloudsail"
    secret_arns = { admin = "arn:aws:secretsmanager:ca-central-1:000000000000:secret:admin", app = "arn:aws:secretsmanager:ca-central-1:000000000000:secret:app" }
  }
}

variables {
  account_id   = "000000000000"
  region       = "ca-central-1"
  alarm_emails = ["operators@example.com"]
}

run "every_folder_is_a_function" {
  command = plan

  assert {
    condition     = output.functions == { for file in fileset("../../../functions", "*/function.yaml") : dirname(file) => "cloudsail-dev-${dirname(file)}" }
    error_message = "Each folder of functions/ is a function of this environment."
  }

  assert {
    condition     = local.permissions_boundary_arn == "arn:aws:iam::000000000000:policy/cloudsail-access/environment-roles"
    error_message = "Roles have the boundary that terraform/bootstrap makes, whose test holds the same name."
  }
}
