# The provider's own policy documents are read here, so nothing of it is mocked. No call is made.

provider "aws" {
  region                      = "ca-central-1"
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_region_validation      = true
  skip_requesting_account_id  = true
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

run "database_grants_one_role_through_one_proxy" {
  command = plan

  assert {
    condition = ({ for statement in jsondecode(data.aws_iam_policy_document.access.json).Statement : statement.Sid => statement.Action if statement.Effect == "Allow" }
      == {
        WriteItsOwnLog    = ["logs:PutLogEvents", "logs:CreateLogStream"]
        SendItsTraces     = ["xray:PutTraceSegments", "xray:PutTelemetryRecords"]
        Database          = "rds-db:connect"
        StandInTheNetwork = ["ec2:DescribeSubnets", "ec2:DescribeNetworkInterfaces", "ec2:DeleteNetworkInterface", "ec2:CreateNetworkInterface"]
    })
    error_message = "The word database grants rds-db:connect, and what standing in the network takes, beside each function's log and traces."
  }

  assert {
    condition     = one([for statement in jsondecode(data.aws_iam_policy_document.access.json).Statement : statement.Resource if statement.Sid == "Database"]) == var.database.connect_arn
    error_message = "rds-db:connect is granted on the one role of the one proxy."
  }

  assert {
    condition     = aws_lambda_function.main.publish && aws_lambda_alias.live.name == "live" && aws_lambda_permission.api["GET /v1/plan/{plan_id}"].qualifier == "live"
    error_message = "The route invokes what the alias points to, so that a deploy can move it and move it back."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.main["errors"].period == 60 && aws_cloudwatch_metric_alarm.main["throttles"].period == 60
    error_message = "Errors and throttles show within the time that a deploy waits."
  }

  assert {
    condition     = one(aws_lambda_function.main.vpc_config).security_group_ids == toset(["sg-functions"])
    error_message = "It stands in the group that reaches the proxy."
  }

  assert {
    condition     = aws_apigatewayv2_route.main["GET /v1/plan/{plan_id}"].authorization_type == "JWT" && aws_apigatewayv2_route.main["GET /v1/plan/{plan_id}"].authorizer_id == "auth1"
    error_message = "auth: user asks for a token."
  }

  assert {
    condition     = aws_lambda_permission.api["GET /v1/plan/{plan_id}"].source_arn == "arn:aws:execute-api:ca-central-1:000000000000:api1/*/GET/v1/plan/{plan_id}"
    error_message = "API Gateway may invoke it through its own route only."
  }
}

run "cache_grants_one_user_of_one_cache" {
  command = plan

  variables {
    values     = { REDIS_URL = "rediss://cloudsail-test@cache:6379", CACHE_ARN = "arn:aws:elasticache:ca-central-1:000000000000:serverlesscache:cloudsail-test" }
    definition = { route = "GET /v1/catalogue", auth = "user", memory_mb = 256, timeout_s = 10, access = ["cache"], env = ["REDIS_URL", "CACHE_ARN"] }
  }

  assert {
    condition     = [for statement in jsondecode(data.aws_iam_policy_document.access.json).Statement : [statement.Action, toset(statement.Resource)] if statement.Sid == "Cache"] == [["elasticache:Connect", toset(var.cache.connect_arns)]]
    error_message = "The word cache grants elasticache:Connect on the cache and on the user, and on nothing else."
  }

  assert {
    condition     = one(aws_lambda_function.main.vpc_config).security_group_ids == toset(["sg-functions"])
    error_message = "It stands in the group that reaches the cache."
  }
}

run "worker_grants" {
  command = plan

  variables {
    name       = "worker-jobs"
    definition = { queue = "jobs", memory_mb = 256, timeout_s = 60, access = ["queue:jobs:send", "queue:jobs:receive", "customer:assume", "customer:monitor"], env = ["JOBS_QUEUE_URL"] }
  }

  assert {
    condition = ({ for statement in jsondecode(data.aws_iam_policy_document.access.json).Statement : statement.Sid => [statement.Action, statement.Resource] if !contains(["WriteItsOwnLog", "SendItsTraces"], statement.Sid) }
      == {
        QueueJobsSend    = ["sqs:SendMessage", "arn:aws:sqs:ca-central-1:000000000000:jobs"]
        QueueJobsReceive = [["sqs:ReceiveMessage", "sqs:GetQueueAttributes", "sqs:DeleteMessage"], "arn:aws:sqs:ca-central-1:000000000000:jobs"]
        CustomerAssume   = [["sts:TagSession", "sts:AssumeRole"], "arn:aws:iam::*:role/cloudsail/CloudsailAccess*"]
        CustomerMonitor  = [["sts:TagSession", "sts:AssumeRole"], "arn:aws:iam::*:role/cloudsail/CloudsailMonitor*"]
    })
    error_message = "The words queue:jobs:send, queue:jobs:receive, customer:assume and customer:monitor grant these actions and no other."
  }

  assert {
    condition     = aws_lambda_event_source_mapping.queue["jobs"].function_response_types == toset(["ReportBatchItemFailures"])
    error_message = "One message that failed must not bring back the whole batch."
  }
}

run "a_prefix_of_a_bucket" {
  command = plan

  variables {
    name       = "object-clean-up"
    buckets    = { media = { arn = "arn:aws:s3:::media", prefixes = ["tmp", "users"] }, mail = { prefixes = ["incoming"] } }
    secrets    = { cdn = "arn:aws:secretsmanager:ca-central-1:000000000000:secret:cdn" }
    definition = { schedule = "rate(1 day)", memory_mb = 256, timeout_s = 60, access = ["bucket:media:tmp:list", "bucket:media:tmp:delete", "bucket:media:tmp:read", "bucket:media:users:put", "bucket:mail:incoming:delete", "secret:cdn:read"], env = [] }
  }

  assert {
    condition = ({ for statement in jsondecode(data.aws_iam_policy_document.access.json).Statement : statement.Sid => [statement.Action, statement.Resource, try(statement.Condition, null)] if !contains(["WriteItsOwnLog", "SendItsTraces"], statement.Sid) }
      == {
        BucketMediaTmpDelete = ["s3:DeleteObject", "arn:aws:s3:::media/tmp/*", { StringEquals = { "aws:ResourceAccount" = "000000000000" } }]
        BucketMediaTmpList   = ["s3:ListBucket", "arn:aws:s3:::media", { StringEquals = { "aws:ResourceAccount" = "000000000000" }, StringLike = { "s3:prefix" = "tmp/*" } }]
        BucketMediaTmpRead   = ["s3:GetObject", "arn:aws:s3:::media/tmp/*", { StringEquals = { "aws:ResourceAccount" = "000000000000" } }]
        BucketMediaUsersPut  = ["s3:PutObject", "arn:aws:s3:::media/users/*", { StringEquals = { "aws:ResourceAccount" = "000000000000" }, StringEqualsIfExists = { "s3:x-amz-server-side-encryption" = "AES256" } }]
        SecretCdnRead        = ["secretsmanager:GetSecretValue", "arn:aws:secretsmanager:ca-central-1:000000000000:secret:cdn", null]
    })
    error_message = "Each word grants one action on one prefix of a bucket of this account, and words about a bucket that is not there grant nothing."
  }
}

run "migrations_read_two_secrets" {
  command = plan

  variables {
    name       = "database-migrate"
    definition = { invoke = true, memory_mb = 256, timeout_s = 120, access = ["database:admin"], env = [] }
  }

  assert {
    condition = ([for statement in jsondecode(data.aws_iam_policy_document.access.json).Statement : [statement.Action, toset(statement.Resource)] if statement.Sid == "DatabaseAdmin"]
    == [["secretsmanager:GetSecretValue", toset(var.database.secret_arns)]])
    error_message = "The word database:admin grants reading the two secrets of the database."
  }

  assert {
    condition     = one(aws_lambda_function.main.vpc_config).security_group_ids == toset(["sg-migrations"])
    error_message = "It stands in the group that reaches the cluster."
  }
}

run "no_word_no_grant" {
  command = plan

  variables {
    name       = "route-default"
    definition = { route = "$default", auth = "none", memory_mb = 256, timeout_s = 10, access = [], env = [] }
  }

  assert {
    condition     = [for statement in jsondecode(data.aws_iam_policy_document.access.json).Statement : statement.Sid] == ["WriteItsOwnLog", "SendItsTraces"]
    error_message = "Without words a function may write its own log and send its traces, and nothing else."
  }

  assert {
    condition     = aws_apigatewayv2_route.main["$default"].authorization_type == "NONE"
    error_message = "auth: none asks for no token."
  }
}

run "schedule_has_its_own_role" {
  command = plan

  variables {
    name       = "job-sweep"
    definition = { schedule = "rate(1 minute)", memory_mb = 256, timeout_s = 30, access = [], env = [] }
  }

  assert {
    condition     = [aws_iam_role.main.permissions_boundary, aws_iam_role.scheduler["rate(1 minute)"].permissions_boundary] == [var.permissions_boundary_arn, var.permissions_boundary_arn]
    error_message = "Neither the function nor its schedule may do more than the environment's boundary says."
  }

  assert {
    condition     = aws_iam_role.scheduler["rate(1 minute)"].name == "cloudsail-test-job-sweep-schedule"
    error_message = "The scheduler invokes through a role of this schedule's own."
  }

  assert {
    condition = jsondecode(aws_iam_role.scheduler["rate(1 minute)"].assume_role_policy).Statement == [{
      Effect    = "Allow"
      Principal = { Service = "scheduler.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = { StringEquals = {
        "aws:SourceAccount" = "000000000000"
        "aws:SourceArn"     = "arn:aws:scheduler:ca-central-1:000000000000:schedule-group/cloudsail-test"
      } }
    }]
    error_message = "The scheduler takes the role for schedules of the environment's group, and for no other's."
  }
}

run "code_is_a_named_object" {
  command = plan

  # Any file will do: what counts is that its content is in the key.
  variables {
    package = "variables.tf"
  }

  assert {
    condition     = aws_s3_object.package.key == "functions/plan-get/${filesha256("variables.tf")}.zip" && aws_lambda_function.main.s3_key == aws_s3_object.package.key
    error_message = "The key holds the content's hash, so that a change is a new object."
  }

  assert {
    condition     = aws_lambda_function.main.s3_bucket == "cloudsail-test-code" && aws_lambda_function.main.source_code_hash == filebase64sha256("variables.tf") && aws_lambda_function.main.filename == null
    error_message = "The function's code comes from the bucket, with the hash that Lambda will report."
  }
}

run "alarms_say_what_to_do" {
  command = plan

  variables {
    alarm_topics = ["arn:aws:sns:ca-central-1:000000000000:cloudsail-test-alarms"]
  }

  assert {
    condition     = toset([for alarm in values(aws_cloudwatch_metric_alarm.main) : alarm.alarm_name]) == toset(["cloudsail-test-plan-get-errors", "cloudsail-test-plan-get-throttles", "cloudsail-test-plan-get-duration"])
    error_message = "There is an alarm for errors, throttles and duration, and its name begins with the function's."
  }

  assert {
    condition     = alltrue([for alarm in values(aws_cloudwatch_metric_alarm.main) : alarm.alarm_actions == toset(var.alarm_topics) && alarm.ok_actions == toset(var.alarm_topics) && strcontains(alarm.alarm_description, "First ")])
    error_message = "Each alarm tells the topic when it goes off and when it is over, and says what to do first."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.main["duration"].extended_statistic == "p99" && aws_cloudwatch_metric_alarm.main["duration"].threshold == 8000 && aws_cloudwatch_metric_alarm.main["duration"].statistic == null
    error_message = "The slowest in a hundred calls must end within 80 % of the timeout of 10 s."
  }

  assert {
    condition     = aws_lambda_function.main.tracing_config[0].mode == "Active"
    error_message = "Every call is traced."
  }
}

run "layers_in_the_order_they_are_named" {
  command = plan

  variables {
    layers = {
      ca-bundle = "arn:aws:lambda:ca-central-1:000000000000:layer:ca-bundle:3"
      knowledge = "arn:aws:lambda:ca-central-1:000000000000:layer:knowledge:7"
    }
    definition = { route = "GET /v1/plan", auth = "user", memory_mb = 256, timeout_s = 10, access = [], env = [], layers = ["knowledge", "ca-bundle"] }
  }

  assert {
    condition     = aws_lambda_function.main.layers == tolist([var.layers["knowledge"], var.layers["ca-bundle"]])
    error_message = "It has the versions of the layers that it names; a later one's files win."
  }
}

run "mail_from_one_address" {
  command = plan

  variables {
    mail = {
      from                  = "noreply@example.com"
      identity_arn          = "arn:aws:ses:ca-central-1:000000000000:identity/example.com"
      configuration_set_arn = "arn:aws:ses:ca-central-1:000000000000:configuration-set/cloudsail-test"
      incoming_arn          = "arn:aws:s3:::cloudsail-test-mail-000000000000/incoming/*"
    }
    definition = { queue = "jobs", memory_mb = 256, timeout_s = 60, access = ["mail:send", "mail:read"], env = [] }
  }

  assert {
    condition = { for statement in jsondecode(data.aws_iam_policy_document.access.json).Statement : statement.Sid => [statement.Action, toset(flatten([statement.Resource])), try(statement.Condition, null)] if startswith(statement.Sid, "Mail") } == {
      MailSend = ["ses:SendEmail", toset([var.mail.identity_arn, var.mail.configuration_set_arn]), { StringEquals = { "ses:FromAddress" = "noreply@example.com" } }]
      MailRead = ["s3:GetObject", toset([var.mail.incoming_arn]), null]
    }
    error_message = "It may send from one address through one configuration set, and read received mail."
  }
}

run "schedules_in_one_group" {
  command = plan

  variables {
    schedules = {
      name          = "cloudsail-test-messages"
      schedules_arn = "arn:aws:scheduler:ca-central-1:000000000000:schedule/cloudsail-test-messages/*"
      role_arn      = "arn:aws:iam::000000000000:role/cloudsail-test-messages-schedule"
    }
    definition = { queue = "jobs", memory_mb = 256, timeout_s = 60, access = ["schedule:write"], env = [] }
  }

  assert {
    condition = { for statement in jsondecode(data.aws_iam_policy_document.access.json).Statement : statement.Sid => [toset(flatten([statement.Action])), statement.Resource, try(statement.Condition, null)] if startswith(statement.Sid, "Schedule") } == {
      ScheduleWrite     = [toset(["scheduler:CreateSchedule", "scheduler:GetSchedule", "scheduler:UpdateSchedule", "scheduler:DeleteSchedule"]), var.schedules.schedules_arn, null]
      ScheduleWriteRole = [toset(["iam:PassRole"]), var.schedules.role_arn, { StringEquals = { "iam:PassedToService" = "scheduler.amazonaws.com" } }]
    }
    error_message = "It may make, read, change and delete schedules of one group, and pass them one role."
  }
}

run "websocket_route" {
  command = plan

  variables {
    name       = "connection-open"
    websocket  = { id = "ws1", execution_arn = "arn:aws:execute-api:ca-central-1:000000000000:ws1", connections_arn = "arn:aws:execute-api:ca-central-1:000000000000:ws1/v1/POST/@connections/*" }
    definition = { websocket = "$connect", memory_mb = 256, timeout_s = 10, access = ["websocket:post"], env = [] }

    websocket_authorizer_id = "authorizer1"
  }

  assert {
    condition     = aws_apigatewayv2_route.websocket["$connect"].authorization_type == "CUSTOM" && aws_apigatewayv2_route.websocket["$connect"].authorizer_id == "authorizer1"
    error_message = "Who connects is asked for a ticket."
  }

  assert {
    condition     = aws_apigatewayv2_route.websocket["$connect"].api_id == "ws1" && aws_apigatewayv2_route.websocket["$connect"].route_key == "$connect" && length(aws_apigatewayv2_route.main) == 0
    error_message = "The route is the WebSocket API's, and the HTTP API has none."
  }

  assert {
    condition     = aws_lambda_permission.websocket["$connect"].source_arn == "arn:aws:execute-api:ca-central-1:000000000000:ws1/*/$connect"
    error_message = "API Gateway may invoke it through its own route only."
  }

  assert {
    condition = [for statement in jsondecode(data.aws_iam_policy_document.access.json).Statement : [statement.Action, statement.Resource] if statement.Sid == "WebsocketPost"] == [
      ["execute-api:ManageConnections", "arn:aws:execute-api:ca-central-1:000000000000:ws1/v1/POST/@connections/*"]
    ]
    error_message = "The word websocket:post grants posting to the connections of this API's stage."
  }
}

run "websocket_authorizer" {
  command = plan

  variables {
    name       = "connection-authorize"
    websocket  = { id = "ws1", execution_arn = "arn:aws:execute-api:ca-central-1:000000000000:ws1", connections_arn = "arn:aws:execute-api:ca-central-1:000000000000:ws1/v1/POST/@connections/*" }
    definition = { authorizer = "websocket", memory_mb = 256, timeout_s = 10, access = [], env = [] }
  }

  assert {
    condition     = length(aws_apigatewayv2_route.websocket) == 0 && aws_lambda_permission.authorizer["websocket"].source_arn == "arn:aws:execute-api:ca-central-1:000000000000:ws1/authorizers/*"
    error_message = "API Gateway may invoke it as an authorizer of this API, and by no route."
  }
}
