# What function.yaml says is what is made: the keys, the authorization of each route, and no grant beyond its words.

mock_provider "aws" {
  override_during = plan

  mock_data "aws_availability_zones" {
    defaults = { names = ["ca-central-1a", "ca-central-1b", "ca-central-1d"] }
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
  permissions_boundary_arn = "arn:aws:iam::000000000000:policy/cloudsail-access/environment-roles"

  folder          = "../../../functions"
  account_id      = "000000000000"
  environment     = "test"
  packages_folder = "packages"
  code_bucket     = "cloudsail-test-code"
  layers = {
    bootstrap = "arn:aws:lambda:ca-central-1:000000000000:layer:cloudsail-test-bootstrap:1"
    ca-bundle = "arn:aws:lambda:ca-central-1:000000000000:layer:cloudsail-test-ca-bundle:1"
    knowledge = "arn:aws:lambda:ca-central-1:000000000000:layer:cloudsail-test-knowledge:1"
  }
  schedule_group = "cloudsail-test"
  queues         = { jobs = "arn:aws:sqs:ca-central-1:000000000000:jobs" }
  buckets        = { media = { arn = "arn:aws:s3:::media", prefixes = ["tmp"] }, mail = { prefixes = ["delivered", "incoming"] } }
  api            = { id = "api1", execution_arn = "arn:aws:execute-api:ca-central-1:000000000000:api1", authorizer_id = "auth1" }
  database = {
    connect_arn = "arn:aws:rds-db:ca-central-1:000000000000:dbuser:prx-1/cloudsail"
    secret_arns = ["arn:aws:secretsmanager:ca-central-1:000000000000:secret:admin"]
  }
  cache = {
    connect_arns = ["arn:aws:elasticache:ca-central-1:000000000000:serverlesscache:cloudsail-test", "arn:aws:elasticache:ca-central-1:000000000000:user:cloudsail-test"]
  }
  network = {
    subnet_ids         = ["subnet-1", "subnet-2"]
    security_group_ids = { functions = "sg-functions", migrations = "sg-migrations" }
  }
  values = {
    CACHE_ARN                 = "arn:aws:elasticache:ca-central-1:000000000000:serverlesscache:cloudsail-test"
    CONTROL_ACCOUNT_ID        = "000000000000"
    CUSTOMER_CALLS_BURST      = "100"
    CUSTOMER_CALLS_PER_SECOND = "20"
    DATABASE_ADMIN_SECRET_ARN = "admin"
    DATABASE_ADMIN_URL        = "postgres://cloudsail_admin@cluster:5432/cloudsail"
    DATABASE_APP_SECRET_ARN   = "app"
    DATABASE_CA               = ""
    DATABASE_URL              = "postgres://cloudsail@proxy:5432/cloudsail"
    DEPLOY_DEADLINE_S         = "900"
    RATE_BURST                = "100"
    RATE_PER_SECOND           = "10"
    RECONCILE_GRACE_S         = "900"
    REDIS_URL                 = "rediss://cloudsail-test@cache:6379"
    REFRESH_TOKEN_DAYS        = "30"
    JOBS_QUEUE_URL            = "https://sqs/jobs"
    MAIL_BUCKET               = ""
    MAIL_BUCKET_REGION        = ""
    MEDIA_BUCKET              = "media"
    SIGN_IN_PAGE_URL          = ""
    TMP_DAYS                  = "3"
    UNDO_WINDOW_S             = "86400"
    USER_POOL_CLIENT_ID       = "client"
    WEBSOCKET_POST_URL        = "https://socket.execute-api.ca-central-1.amazonaws.com/v1"
    WEBSOCKET_URL             = "wss://socket.execute-api.ca-central-1.amazonaws.com/v1"
  }
  websocket = {
    id              = "socket"
    execution_arn   = "arn:aws:execute-api:ca-central-1:000000000000:socket"
    connections_arn = "arn:aws:execute-api:ca-central-1:000000000000:socket/v1/POST/@connections/*"
  }
  websocket_authorizer_id = "authorizer"
}

run "keys_are_folders" {
  command = plan

  assert {
    condition     = toset(keys(output.names)) == toset([for file in fileset("${var.folder}", "*/Cargo.toml") : dirname(file)])
    error_message = "Each folder in functions/ is one function, and has a function.yaml."
  }
}

run "authorizer_by_its_name" {
  command = plan

  assert {
    condition     = output.websocket_authorizers == { socket-authorize = "arn:aws:apigateway:ca-central-1:lambda:path/2015-03-31/functions/arn:aws:lambda:ca-central-1:000000000000:function:cloudsail-test-socket-authorize:live/invocations" }
    error_message = "API Gateway calls the function's alias."
  }

  assert {
    condition     = output.names["socket-authorize"] == "cloudsail-test-socket-authorize"
    error_message = "The function is called so."
  }
}

run "users_routes_ask_for_a_token" {
  command = plan

  assert {
    condition     = alltrue([for folder, route in output.routes : route.authorization == (local.functions[folder].auth == "user" ? "JWT" : "NONE")])
    error_message = "A route with auth: user has the JWT authorizer, and no other has."
  }

  assert {
    condition     = toset([for folder, route in output.routes : folder if route.authorization == "NONE"]) == toset(concat([for folder in keys(local.functions) : folder if startswith(folder, "auth-") && folder != "auth-sign-out-everywhere"], ["docs-asset", "docs-show", "document-get", "route-default"]))
    error_message = "Only what signs people in and out, the API's document and the answer to unknown routes are open."
  }

  assert {
    condition     = length(distinct([for route in values(output.routes) : route.key])) == length(output.routes)
    error_message = "No two functions share a route."
  }
}

run "roots_where_the_database_is_reached" {
  command = plan

  assert {
    condition     = alltrue([for definition in values(local.functions) : contains(try(definition.layers, []), "ca-bundle") if length(setintersection(definition.access, ["database", "database:admin"])) > 0])
    error_message = "A function that reaches the database has the roots of RDS."
  }

  assert {
    condition     = toset(local.functions["worker-jobs"].layers) == toset(["knowledge", "bootstrap", "ca-bundle"])
    error_message = "The worker has what it derives and renders from."
  }
}

run "who_has_the_cache_is_told_of_it" {
  command = plan

  assert {
    condition     = toset([for folder, definition in local.functions : folder if contains(definition.access, "cache")]) == toset([for folder, definition in local.functions : folder if length(setintersection(definition.env, ["REDIS_URL", "CACHE_ARN"])) == 2])
    error_message = "A function that has the word cache is told where it is and what to sign, and no other is."
  }
}

run "one_function_deletes_files" {
  command = plan

  assert {
    condition     = [for folder, definition in local.functions : folder if anytrue([for word in definition.access : can(regex("^bucket:.*:delete$", word))])] == ["object-clean-up"]
    error_message = "Only the clean-up job deletes what is in buckets."
  }
}

run "reject_misspelt_word" {
  command = plan

  variables {
    folder = "tests/misspelt"
  }

  expect_failures = [var.folder]
}

run "reject_folder_without_functions" {
  command = plan

  variables {
    folder = "tests"
  }

  expect_failures = [var.folder]
}

run "reject_role_without_boundary" {
  command = plan

  variables {
    permissions_boundary_arn = null
  }

  expect_failures = [var.permissions_boundary_arn]
}
