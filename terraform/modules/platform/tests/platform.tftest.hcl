# The composition: what each function gets. Mocked providers know nothing of ephemeral values, which the database's passwords
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

override_data {
  target = data.aws_caller_identity.current
  values = { account_id = "000000000000" }
}

override_data {
  target = module.alarms.data.aws_caller_identity.current
  values = { account_id = "000000000000" }
}

override_data {
  target = module.code.data.aws_caller_identity.current
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
  target = module.database
  outputs = {
    url         = "postgres://cloudsail@proxy:5432/cloudsail"
    admin_url   = "postgres://cloudsail_admin@cluster:5432/cloudsail"
    connect_arn = "arn:aws:rds-db:ca-central-1:000000000000:dbuser:prx-1/cloudsail"
    secret_arns = { admin = "arn:aws:secretsmanager:ca-central-1:000000000000:secret:admin", app = "arn:aws:secretsmanager:ca-central-1:000000000000:secret:app" }
  }
}

override_module {
  target  = module.cache
  outputs = { url = "rediss://cache:6379" }
}

variables {
  environment     = "test"
  packages_folder = "packages"
  layers_folder   = "packages"
  database_ca_pem = "-----BEGIN CERTIFICATE-----"
}

run "what_each_function_gets" {
  command = plan

  assert {
    condition = output.function_settings == { for folder, row in {
      # folder                        memory  variables
      account-create               = [256, ["DATABASE_URL", "DATABASE_CA", "REDIS_URL", "RATE_PER_SECOND", "RATE_BURST", "CONTROL_ACCOUNT_ID"]]
      account-delete               = [256, ["DATABASE_URL", "DATABASE_CA", "REDIS_URL", "RATE_PER_SECOND", "RATE_BURST"]]
      account-get                  = [256, ["DATABASE_URL", "DATABASE_CA", "REDIS_URL", "RATE_PER_SECOND", "RATE_BURST", "CONTROL_ACCOUNT_ID"]]
      account-list                 = [256, ["DATABASE_URL", "DATABASE_CA", "REDIS_URL", "RATE_PER_SECOND", "RATE_BURST"]]
      account-verify               = [256, ["DATABASE_URL", "DATABASE_CA", "REDIS_URL", "RATE_PER_SECOND", "RATE_BURST"]]
      auth-confirm                 = [256, ["DATABASE_URL", "DATABASE_CA", "USER_POOL_CLIENT_ID"]]
      auth-forgot                  = [256, ["DATABASE_URL", "DATABASE_CA", "USER_POOL_CLIENT_ID"]]
      auth-refresh                 = [256, ["DATABASE_URL", "DATABASE_CA", "USER_POOL_CLIENT_ID"]]
      auth-reset                   = [256, ["DATABASE_URL", "DATABASE_CA", "USER_POOL_CLIENT_ID"]]
      auth-sign-in                 = [256, ["DATABASE_URL", "DATABASE_CA", "USER_POOL_CLIENT_ID"]]
      auth-sign-out                = [256, ["DATABASE_URL", "DATABASE_CA", "USER_POOL_CLIENT_ID"]]
      auth-sign-up                 = [256, ["DATABASE_URL", "DATABASE_CA", "USER_POOL_CLIENT_ID"]]
      database-migrate             = [256, ["DATABASE_ADMIN_URL", "DATABASE_CA", "DATABASE_ADMIN_SECRET_ARN", "DATABASE_APP_SECRET_ARN"]]
      deployment-cancel            = [256, ["DATABASE_URL", "DATABASE_CA", "REDIS_URL", "RATE_PER_SECOND", "RATE_BURST", "JOBS_QUEUE_URL"]]
      deployment-connection-reveal = [256, ["DATABASE_URL", "DATABASE_CA", "REDIS_URL", "RATE_PER_SECOND", "RATE_BURST"]]
      deployment-connection        = [256, ["DATABASE_URL", "DATABASE_CA", "REDIS_URL", "RATE_PER_SECOND", "RATE_BURST"]]
      deployment-delete            = [256, ["DATABASE_URL", "DATABASE_CA", "REDIS_URL", "RATE_PER_SECOND", "RATE_BURST", "JOBS_QUEUE_URL"]]
      deployment-events            = [256, ["DATABASE_URL", "DATABASE_CA", "REDIS_URL", "RATE_PER_SECOND", "RATE_BURST"]]
      deployment-get               = [256, ["DATABASE_URL", "DATABASE_CA", "REDIS_URL", "RATE_PER_SECOND", "RATE_BURST"]]
      deployment-list              = [256, ["DATABASE_URL", "DATABASE_CA", "REDIS_URL", "RATE_PER_SECOND", "RATE_BURST"]]
      docs-asset                   = [256, []]
      docs-show                    = [256, []]
      document-get                 = [256, []]
      job-sweep                    = [256, ["DATABASE_URL", "DATABASE_CA", "JOBS_QUEUE_URL"]]
      me                           = [256, ["REDIS_URL", "RATE_PER_SECOND", "RATE_BURST", "USER_POOL_CLIENT_ID"]]
      plan-create                  = [256, ["DATABASE_URL", "DATABASE_CA", "REDIS_URL", "RATE_PER_SECOND", "RATE_BURST"]]
      plan-delete                  = [256, ["DATABASE_URL", "DATABASE_CA", "REDIS_URL", "RATE_PER_SECOND", "RATE_BURST"]]
      plan-deploy                  = [256, ["DATABASE_URL", "DATABASE_CA", "REDIS_URL", "RATE_PER_SECOND", "RATE_BURST", "JOBS_QUEUE_URL"]]
      plan-export                  = [256, ["DATABASE_URL", "DATABASE_CA", "REDIS_URL", "RATE_PER_SECOND", "RATE_BURST"]]
      plan-get                     = [256, ["DATABASE_URL", "DATABASE_CA", "REDIS_URL", "RATE_PER_SECOND", "RATE_BURST"]]
      plan-list                    = [256, ["DATABASE_URL", "DATABASE_CA", "REDIS_URL", "RATE_PER_SECOND", "RATE_BURST"]]
      plan-preview                 = [256, ["DATABASE_URL", "DATABASE_CA", "REDIS_URL", "RATE_PER_SECOND", "RATE_BURST"]]
      plan-update                  = [256, ["DATABASE_URL", "DATABASE_CA", "REDIS_URL", "RATE_PER_SECOND", "RATE_BURST"]]
      route-default                = [256, []]
      worker-jobs                  = [256, ["DATABASE_URL", "DATABASE_CA", "JOBS_QUEUE_URL", "DEPLOY_DEADLINE_S"]]
      } : folder => {
      memory_mb = row[0]
      environment = tomap({ for name in row[1] : name => {
        CONTROL_ACCOUNT_ID        = "000000000000"
        DATABASE_ADMIN_SECRET_ARN = "arn:aws:secretsmanager:ca-central-1:000000000000:secret:admin"
        DATABASE_ADMIN_URL        = "postgres://cloudsail_admin@cluster:5432/cloudsail"
        DATABASE_APP_SECRET_ARN   = "arn:aws:secretsmanager:ca-central-1:000000000000:secret:app"
        DATABASE_CA               = "-----BEGIN CERTIFICATE-----"
        DATABASE_URL              = "postgres://cloudsail@proxy:5432/cloudsail"
        DEPLOY_DEADLINE_S         = "900"
        JOBS_QUEUE_URL            = "https://sqs.ca-central-1.amazonaws.com/000000000000/cloudsail-test-jobs"
        RATE_BURST                = "100"
        RATE_PER_SECOND           = "10"
        REDIS_URL                 = "rediss://cache:6379"
        USER_POOL_CLIENT_ID       = "client1"
      }[name] })
    } }
    error_message = "Each function has the memory and the variables of this table, and no other."
  }
}

run "policies_name_what_they_grant" {
  command = plan

  # Lambda's own needs, and X-Ray's, know no resource: modules/function/access.tf says so at each.
  assert {
    condition     = toset(flatten([for policy in values(output.function_policies) : [for statement in jsondecode(policy).Statement : statement.Sid if statement.Effect == "Allow" && contains(flatten([statement.Resource]), "*")]])) == toset(["SendItsTraces", "StandInTheNetwork"])
    error_message = "Nothing else is granted on all resources."
  }
}
