# What function.yaml may not say.

mock_provider "aws" {
  mock_data "aws_iam_policy_document" {
    defaults = { json = "{}" }
  }
}

variables {
  permissions_boundary_arn = "arn:aws:iam::000000000000:policy/cloudsail-access/environment-roles"

  account_id     = "000000000000"
  environment    = "test"
  name           = "plan-get"
  package        = "plan-get.zip"
  code_bucket    = "cloudsail-test-code"
  schedule_group = "cloudsail-test"
  values         = { DATABASE_URL = "postgres://cloudsail@db:5432/cloudsail", JOBS_QUEUE_URL = "https://sqs/jobs" }
  queues         = { jobs = "arn:aws:sqs:ca-central-1:000000000000:jobs" }
  api            = { id = "api1", execution_arn = "arn:aws:execute-api:ca-central-1:000000000000:api1", authorizer_id = "auth1" }
  database = {
    connect_arn = "arn:aws:rds-db:ca-central-1:000000000000:dbuser:prx-1/cloudsail"
    secret_arns = ["arn:aws:secretsmanager:ca-central-1:000000000000:secret:admin", "arn:aws:secretsmanager:ca-central-1:000000000000:secret:app"]
  }
  cache = {
    connect_arns = ["arn:aws:elasticache:ca-central-1:000000000000:serverlesscache:cloudsail-test", "arn:aws:elasticache:ca-central-1:000000000000:user:cloudsail-test"]
  }
  network = {
    subnet_ids         = ["subnet-1", "subnet-2"]
    security_group_ids = { functions = "sg-functions", migrations = "sg-migrations" }
  }
  definition = { route = "GET /v1/plan/{plan_id}", auth = "user", memory_mb = 256, timeout_s = 10, access = ["database"], env = ["DATABASE_URL"] }
}

run "reject_two_triggers" {
  command = plan

  variables {
    definition = { route = "GET /v1/plan", auth = "user", memory_mb = 256, timeout_s = 10, access = [], env = [], queue = "jobs" }
  }

  expect_failures = [var.definition]
}

run "reject_no_trigger" {
  command = plan

  variables {
    definition = { memory_mb = 256, timeout_s = 10, access = [], env = [] }
  }

  expect_failures = [var.definition]
}

run "reject_route_with_slash_at_end" {
  command = plan

  variables {
    definition = { route = "GET /v1/plan/", auth = "user", memory_mb = 256, timeout_s = 10, access = [], env = [] }
  }

  expect_failures = [var.definition]
}

run "reject_route_without_auth" {
  command = plan

  variables {
    definition = { route = "GET /v1/plan", memory_mb = 256, timeout_s = 10, access = [], env = [] }
  }

  expect_failures = [var.definition]
}

run "reject_auth_on_a_queue" {
  command = plan

  variables {
    definition = { auth = "user", memory_mb = 256, timeout_s = 10, access = [], env = [], queue = "jobs" }
  }

  expect_failures = [var.definition]
}

run "reject_unknown_auth" {
  command = plan

  variables {
    definition = { route = "GET /v1/plan", auth = "admin", memory_mb = 256, timeout_s = 10, access = [], env = [] }
  }

  expect_failures = [var.definition]
}

run "reject_schedule_in_words" {
  command = plan

  variables {
    definition = { memory_mb = 256, timeout_s = 10, access = [], env = [], schedule = "every minute" }
  }

  expect_failures = [var.definition]
}

run "reject_too_little_memory" {
  command = plan

  variables {
    definition = { route = "GET /v1/plan", auth = "user", memory_mb = 64, timeout_s = 10, access = [], env = [] }
  }

  expect_failures = [var.definition]
}

run "reject_route_slower_than_gateway" {
  command = plan

  variables {
    definition = { route = "GET /v1/plan", auth = "user", memory_mb = 256, timeout_s = 30, access = [], env = [] }
  }

  expect_failures = [var.definition]
}

run "reject_batch_of_eleven" {
  command = plan

  variables {
    definition = { memory_mb = 256, timeout_s = 10, access = [], env = [], queue = "jobs", batch_size = 11 }
  }

  expect_failures = [var.definition]
}

run "reject_unknown_access_word" {
  command = plan

  variables {
    definition = { route = "GET /v1/plan", auth = "user", memory_mb = 256, timeout_s = 10, access = ["everything"], env = [] }
  }

  expect_failures = [var.definition]
}

run "reject_variable_without_value" {
  command = plan

  variables {
    definition = { route = "GET /v1/plan", auth = "user", memory_mb = 256, timeout_s = 10, access = [], env = ["HOME"] }
  }

  expect_failures = [var.definition]
}

run "reject_name_without_verb" {
  command = plan

  variables {
    name = "plan"
  }

  expect_failures = [var.name]
}

run "reject_unknown_architecture" {
  command = plan

  variables {
    architecture = "riscv"
  }

  expect_failures = [var.architecture]
}

run "reject_topic_by_name" {
  command = plan

  variables {
    alarm_topics = ["alarms"]
  }

  expect_failures = [var.alarm_topics]
}

run "reject_logs_for_ever" {
  command = plan

  variables {
    log_retention_days = 0
  }

  expect_failures = [var.log_retention_days]
}

run "reject_unknown_layer" {
  command = plan

  variables {
    definition = { route = "GET /v1/plan", auth = "user", memory_mb = 256, timeout_s = 10, access = [], env = [], layers = ["knowledge"] }
  }

  expect_failures = [var.definition]
}

run "reject_six_layers" {
  command = plan

  variables {
    layers     = { knowledge = "arn:aws:lambda:ca-central-1:000000000000:layer:knowledge:1" }
    definition = { route = "GET /v1/plan", auth = "user", memory_mb = 256, timeout_s = 10, access = [], env = [], layers = ["knowledge", "knowledge", "knowledge", "knowledge", "knowledge", "knowledge"] }
  }

  expect_failures = [var.definition]
}

run "reject_mail_sent_from_nowhere" {
  command = plan

  variables {
    definition = { memory_mb = 256, timeout_s = 10, access = ["mail:send"], env = [], queue = "jobs" }
  }

  expect_failures = [var.definition]
}

run "reject_a_whole_bucket" {
  command = plan

  variables {
    definition = { schedule = "rate(1 day)", memory_mb = 256, timeout_s = 60, access = ["bucket:media:delete"], env = [] }
  }

  expect_failures = [var.definition]
}

run "reject_websocket_where_there_is_none" {
  command = plan

  variables {
    definition = { websocket = "$connect", memory_mb = 256, timeout_s = 10, access = [], env = [] }
  }

  expect_failures = [var.definition]
}

run "reject_mail_read_where_none_comes" {
  command = plan

  variables {
    definition = { memory_mb = 256, timeout_s = 10, access = ["mail:read"], env = [], queue = "jobs" }
  }

  expect_failures = [var.definition]
}

run "reject_websocket_and_route" {
  command = plan

  variables {
    websocket  = { id = "ws1", execution_arn = "arn", connections_arn = "arn" }
    definition = { websocket = "$connect", route = "GET /v1/me", auth = "user", memory_mb = 256, timeout_s = 10, access = [], env = [] }
  }

  expect_failures = [var.definition]
}

run "reject_schedules_in_no_group" {
  command = plan

  variables {
    definition = { memory_mb = 256, timeout_s = 10, access = ["schedule:write"], env = [], queue = "jobs" }
  }

  expect_failures = [var.definition]
}

run "reject_half_a_word" {
  command = plan

  variables {
    definition = { memory_mb = 256, timeout_s = 10, access = ["schedule:write:role"], env = [], queue = "jobs" }
  }

  expect_failures = [var.definition]
}

run "reject_unknown_event_of_a_websocket" {
  command = plan

  variables {
    websocket  = { id = "ws1", execution_arn = "arn", connections_arn = "arn" }
    definition = { websocket = "$open", memory_mb = 256, timeout_s = 10, access = [], env = [] }
  }

  expect_failures = [var.definition]
}

run "reject_writing_a_secret" {
  command = plan

  variables {
    definition = { invoke = true, memory_mb = 256, timeout_s = 60, access = ["secret:cdn:put"], env = [] }
  }

  expect_failures = [var.definition]
}

run "reject_role_without_boundary" {
  command = plan

  variables {
    permissions_boundary_arn = null
  }

  expect_failures = [var.permissions_boundary_arn]
}

run "reject_cache_s_address_without_the_word" {
  command = plan

  variables {
    values     = { REDIS_URL = "rediss://cloudsail-test@cache:6379" }
    definition = { route = "GET /v1/plan", auth = "user", memory_mb = 256, timeout_s = 10, access = [], env = ["REDIS_URL"] }
  }

  expect_failures = [var.definition]
}

run "reject_authorizer_of_anything_else" {
  command = plan

  variables {
    websocket  = { id = "ws1", execution_arn = "arn", connections_arn = "arn" }
    definition = { authorizer = "api", memory_mb = 256, timeout_s = 10, access = [], env = [] }
  }

  expect_failures = [var.definition]
}
