# What function.yaml says is what is made: the keys, the authorization of each route, and no grant beyond its words.

mock_provider "aws" {
  override_during = plan

  mock_data "aws_availability_zones" {
    defaults = { names = ["ca-central-1a", "ca-central-1b", "ca-central-1d"] }
  }
  mock_data "aws_caller_identity" {
    defaults = { account_id = "000000000000" }
  }
  mock_data "aws_region" {
    defaults = { name = "ca-central-1" }
  }
  mock_data "aws_iam_policy_document" {
    defaults = { json = "{}" }
  }
  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }
}

variables {
  folder          = "../../../functions"
  environment     = "test"
  packages_folder = "packages"
  code_bucket     = "cloudsail-test-code"
  schedule_group  = "cloudsail-test"
  queues          = { jobs = "arn:aws:sqs:ca-central-1:000000000000:jobs" }
  api             = { id = "api1", execution_arn = "arn:aws:execute-api:ca-central-1:000000000000:api1", authorizer_id = "auth1" }
  database = {
    connect_arn = "arn:aws:rds-db:ca-central-1:000000000000:dbuser:prx-1/cloudsail"
    secret_arns = ["arn:aws:secretsmanager:ca-central-1:000000000000:secret:admin"]
  }
  network = {
    subnet_ids         = ["subnet-1", "subnet-2"]
    security_group_ids = { functions = "sg-functions", migrations = "sg-migrations" }
  }
  values = {
    CONTROL_ACCOUNT_ID        = "000000000000"
    DATABASE_ADMIN_SECRET_ARN = "admin"
    DATABASE_ADMIN_URL        = "postgres://cloudsail_admin@cluster:5432/cloudsail"
    DATABASE_APP_SECRET_ARN   = "app"
    DATABASE_CA               = ""
    DATABASE_URL              = "postgres://cloudsail@proxy:5432/cloudsail"
    DEPLOY_DEADLINE_S         = "900"
    JOBS_QUEUE_URL            = "https://sqs/jobs"
    USER_POOL_CLIENT_ID       = "client"
  }
}

run "keys_are_folders" {
  command = plan

  assert {
    condition     = toset(keys(output.names)) == toset([for file in fileset("${var.folder}", "*/Cargo.toml") : dirname(file)])
    error_message = "Each folder in functions/ is one function, and has a function.yaml."
  }
}

run "users_routes_ask_for_a_token" {
  command = plan

  assert {
    condition     = alltrue([for folder, route in output.routes : route.authorization == (local.functions[folder].auth == "user" ? "JWT" : "NONE")])
    error_message = "A route with auth: user has the JWT authorizer, and no other has."
  }

  assert {
    condition     = toset([for folder, route in output.routes : folder if route.authorization == "NONE"]) == toset(["auth-sign-up", "auth-confirm", "auth-sign-in", "route-default"])
    error_message = "Only signing up, confirming, signing in and the answer to unknown routes are open."
  }

  assert {
    condition     = length(distinct([for route in values(output.routes) : route.key])) == length(output.routes)
    error_message = "No two functions share a route."
  }
}

run "reject_folder_without_functions" {
  command = plan

  variables {
    folder = "tests"
  }

  expect_failures = [var.folder]
}
