# The composition: what each function gets, and who may reach whom. Mocked providers know nothing of ephemeral values, which the database's passwords
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

override_resource {
  target          = module.websocket.aws_apigatewayv2_api.main
  override_during = plan
  values          = { id = "socket", execution_arn = "arn:aws:execute-api:ca-central-1:000000000000:socket" }
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
  target = module.cache
  outputs = {
    url          = "rediss://cloudsail-test@cache:6379"
    arn          = "arn:aws:elasticache:ca-central-1:000000000000:serverlesscache:cloudsail-test"
    connect_arns = ["arn:aws:elasticache:ca-central-1:000000000000:serverlesscache:cloudsail-test", "arn:aws:elasticache:ca-central-1:000000000000:user:cloudsail-test"]
  }
}

variables {
  permissions_boundary_arn = "arn:aws:iam::000000000000:policy/cloudsail-access/environment-roles"

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
      account-create               = [256, ["DATABASE_URL", "DATABASE_CA", "REDIS_URL", "CACHE_ARN", "RATE_PER_SECOND", "RATE_BURST", "CONTROL_ACCOUNT_ID"]]
      account-delete               = [256, ["DATABASE_URL", "DATABASE_CA", "REDIS_URL", "CACHE_ARN", "RATE_PER_SECOND", "RATE_BURST"]]
      account-get                  = [256, ["DATABASE_URL", "DATABASE_CA", "REDIS_URL", "CACHE_ARN", "RATE_PER_SECOND", "RATE_BURST", "CONTROL_ACCOUNT_ID"]]
      account-quick-create         = [256, ["DATABASE_URL", "DATABASE_CA", "REDIS_URL", "CACHE_ARN", "RATE_PER_SECOND", "RATE_BURST", "CONTROL_ACCOUNT_ID", "MEDIA_BUCKET"]]
      account-list                 = [256, ["DATABASE_URL", "DATABASE_CA", "REDIS_URL", "CACHE_ARN", "RATE_PER_SECOND", "RATE_BURST"]]
      account-reconcile            = [256, ["DATABASE_URL", "DATABASE_CA", "REDIS_URL", "CACHE_ARN", "RATE_PER_SECOND", "RATE_BURST", "RECONCILE_GRACE_S", "CUSTOMER_CALLS_PER_SECOND", "CUSTOMER_CALLS_BURST"]]
      account-sweep                = [256, ["DATABASE_URL", "DATABASE_CA", "RECONCILE_GRACE_S", "CUSTOMER_CALLS_PER_SECOND", "CUSTOMER_CALLS_BURST"]]
      account-verify               = [256, ["DATABASE_URL", "DATABASE_CA", "REDIS_URL", "CACHE_ARN", "RATE_PER_SECOND", "RATE_BURST", "CUSTOMER_CALLS_PER_SECOND", "CUSTOMER_CALLS_BURST"]]
      audit-list                   = [256, ["DATABASE_URL", "DATABASE_CA", "REDIS_URL", "CACHE_ARN", "RATE_PER_SECOND", "RATE_BURST"]]
      auth-code                    = [256, ["DATABASE_URL", "DATABASE_CA", "USER_POOL_CLIENT_ID", "SIGN_IN_PAGE_URL", "REFRESH_TOKEN_DAYS"]]
      auth-confirm                 = [256, ["DATABASE_URL", "DATABASE_CA", "USER_POOL_CLIENT_ID"]]
      auth-forgot                  = [256, ["DATABASE_URL", "DATABASE_CA", "USER_POOL_CLIENT_ID"]]
      auth-refresh                 = [256, ["DATABASE_URL", "DATABASE_CA", "USER_POOL_CLIENT_ID", "REFRESH_TOKEN_DAYS"]]
      auth-resend                  = [256, ["DATABASE_URL", "DATABASE_CA", "USER_POOL_CLIENT_ID"]]
      auth-reset                   = [256, ["DATABASE_URL", "DATABASE_CA", "USER_POOL_CLIENT_ID"]]
      auth-sign-in                 = [256, ["DATABASE_URL", "DATABASE_CA", "USER_POOL_CLIENT_ID", "REFRESH_TOKEN_DAYS"]]
      auth-sign-out-everywhere     = [256, ["DATABASE_URL", "DATABASE_CA", "REDIS_URL", "CACHE_ARN", "RATE_PER_SECOND", "RATE_BURST", "USER_POOL_CLIENT_ID"]]
      auth-sign-out                = [256, ["DATABASE_URL", "DATABASE_CA", "USER_POOL_CLIENT_ID"]]
      auth-sign-up                 = [256, ["DATABASE_URL", "DATABASE_CA", "USER_POOL_CLIENT_ID"]]
      catalogue-get                = [256, ["REDIS_URL", "CACHE_ARN", "RATE_PER_SECOND", "RATE_BURST"]]
      database-migrate             = [256, ["DATABASE_ADMIN_URL", "DATABASE_CA", "DATABASE_ADMIN_SECRET_ARN", "DATABASE_APP_SECRET_ARN"]]
      change-list                  = [256, ["DATABASE_URL", "DATABASE_CA", "REDIS_URL", "CACHE_ARN", "RATE_PER_SECOND", "RATE_BURST"]]
      deployment-cancel            = [256, ["DATABASE_URL", "DATABASE_CA", "REDIS_URL", "CACHE_ARN", "RATE_PER_SECOND", "RATE_BURST", "JOBS_QUEUE_URL"]]
      deployment-connection-reveal = [256, ["DATABASE_URL", "DATABASE_CA", "REDIS_URL", "CACHE_ARN", "RATE_PER_SECOND", "RATE_BURST"]]
      deployment-connection        = [256, ["DATABASE_URL", "DATABASE_CA", "REDIS_URL", "CACHE_ARN", "RATE_PER_SECOND", "RATE_BURST"]]
      deployment-delete            = [256, ["DATABASE_URL", "DATABASE_CA", "REDIS_URL", "CACHE_ARN", "RATE_PER_SECOND", "RATE_BURST", "JOBS_QUEUE_URL", "UNDO_WINDOW_S"]]
      deployment-events            = [256, ["DATABASE_URL", "DATABASE_CA", "REDIS_URL", "CACHE_ARN", "RATE_PER_SECOND", "RATE_BURST"]]
      deployment-get               = [256, ["DATABASE_URL", "DATABASE_CA", "REDIS_URL", "CACHE_ARN", "RATE_PER_SECOND", "RATE_BURST"]]
      deployment-list              = [256, ["DATABASE_URL", "DATABASE_CA", "REDIS_URL", "CACHE_ARN", "RATE_PER_SECOND", "RATE_BURST"]]
      deployment-undelete          = [256, ["DATABASE_URL", "DATABASE_CA", "REDIS_URL", "CACHE_ARN", "RATE_PER_SECOND", "RATE_BURST", "JOBS_QUEUE_URL"]]
      docs-asset                   = [256, []]
      docs-show                    = [256, []]
      document-get                 = [256, []]
      job-sweep                    = [256, ["DATABASE_URL", "DATABASE_CA", "JOBS_QUEUE_URL"]]
      me                           = [256, ["REDIS_URL", "CACHE_ARN", "RATE_PER_SECOND", "RATE_BURST", "USER_POOL_CLIENT_ID"]]
      me-delete                    = [256, ["DATABASE_URL", "DATABASE_CA", "REDIS_URL", "CACHE_ARN", "RATE_PER_SECOND", "RATE_BURST", "USER_POOL_CLIENT_ID"]]
      object-clean-up              = [256, ["MEDIA_BUCKET", "TMP_DAYS", "MAIL_BUCKET", "MAIL_BUCKET_REGION"]]
      plan-create                  = [256, ["DATABASE_URL", "DATABASE_CA", "REDIS_URL", "CACHE_ARN", "RATE_PER_SECOND", "RATE_BURST", "WEBSOCKET_POST_URL"]]
      plan-delete                  = [256, ["DATABASE_URL", "DATABASE_CA", "REDIS_URL", "CACHE_ARN", "RATE_PER_SECOND", "RATE_BURST", "WEBSOCKET_POST_URL"]]
      plan-deploy                  = [256, ["DATABASE_URL", "DATABASE_CA", "REDIS_URL", "CACHE_ARN", "RATE_PER_SECOND", "RATE_BURST", "JOBS_QUEUE_URL"]]
      plan-export                  = [256, ["DATABASE_URL", "DATABASE_CA", "REDIS_URL", "CACHE_ARN", "RATE_PER_SECOND", "RATE_BURST"]]
      plan-get                     = [256, ["DATABASE_URL", "DATABASE_CA", "REDIS_URL", "CACHE_ARN", "RATE_PER_SECOND", "RATE_BURST"]]
      plan-list                    = [256, ["DATABASE_URL", "DATABASE_CA", "REDIS_URL", "CACHE_ARN", "RATE_PER_SECOND", "RATE_BURST"]]
      plan-preview                 = [256, ["DATABASE_URL", "DATABASE_CA", "REDIS_URL", "CACHE_ARN", "RATE_PER_SECOND", "RATE_BURST", "CUSTOMER_CALLS_PER_SECOND", "CUSTOMER_CALLS_BURST"]]
      plan-update                  = [256, ["DATABASE_URL", "DATABASE_CA", "REDIS_URL", "CACHE_ARN", "RATE_PER_SECOND", "RATE_BURST", "WEBSOCKET_POST_URL"]]
      route-default                = [256, []]
      socket-authorize             = [256, ["DATABASE_URL", "DATABASE_CA"]]
      socket-connect               = [256, ["DATABASE_URL", "DATABASE_CA"]]
      socket-disconnect            = [256, ["DATABASE_URL", "DATABASE_CA"]]
      socket-message               = [256, ["DATABASE_URL", "DATABASE_CA", "WEBSOCKET_POST_URL"]]
      socket-ticket                = [256, ["DATABASE_URL", "DATABASE_CA", "REDIS_URL", "CACHE_ARN", "RATE_PER_SECOND", "RATE_BURST", "WEBSOCKET_URL"]]
      worker-jobs                  = [256, ["DATABASE_URL", "DATABASE_CA", "JOBS_QUEUE_URL", "DEPLOY_DEADLINE_S", "CUSTOMER_CALLS_PER_SECOND", "CUSTOMER_CALLS_BURST", "WEBSOCKET_POST_URL"]]
      } : folder => {
      memory_mb = row[0]
      environment = tomap({ for name in row[1] : name => {
        CACHE_ARN                 = "arn:aws:elasticache:ca-central-1:000000000000:serverlesscache:cloudsail-test"
        CONTROL_ACCOUNT_ID        = "000000000000"
        CUSTOMER_CALLS_BURST      = "100"
        CUSTOMER_CALLS_PER_SECOND = "20"
        DATABASE_ADMIN_SECRET_ARN = "arn:aws:secretsmanager:ca-central-1:000000000000:secret:admin"
        DATABASE_ADMIN_URL        = "postgres://cloudsail_admin@cluster:5432/cloudsail"
        DATABASE_APP_SECRET_ARN   = "arn:aws:secretsmanager:ca-central-1:000000000000:secret:app"
        DATABASE_CA               = "-----BEGIN CERTIFICATE-----"
        DATABASE_URL              = "postgres://cloudsail@proxy:5432/cloudsail"
        DEPLOY_DEADLINE_S         = "900"
        JOBS_QUEUE_URL            = "https://sqs.ca-central-1.amazonaws.com/000000000000/cloudsail-test-jobs"
        MAIL_BUCKET               = ""
        MAIL_BUCKET_REGION        = ""
        MEDIA_BUCKET              = "cloudsail-test-media-000000000000"
        RATE_BURST                = "100"
        RATE_PER_SECOND           = "10"
        RECONCILE_GRACE_S         = "900"
        REDIS_URL                 = "rediss://cloudsail-test@cache:6379"
        REFRESH_TOKEN_DAYS        = "30"
        SIGN_IN_PAGE_URL          = ""
        TMP_DAYS                  = "3"
        UNDO_WINDOW_S             = "86400"
        USER_POOL_CLIENT_ID       = "client1"
        WEBSOCKET_POST_URL        = "https://socket.execute-api.ca-central-1.amazonaws.com/v1"
        WEBSOCKET_URL             = "wss://socket.execute-api.ca-central-1.amazonaws.com/v1"
      }[name] })
    } }
    error_message = "Each function has the memory and the variables of this table, and no other."
  }
}

run "many_deployments_at_once" {
  command = plan

  assert {
    condition     = strcontains(file("../../../functions/worker-jobs/src/handler.rs"), "count(\"${aws_cloudwatch_metric_alarm.strand_failing.metric_name}\")")
    error_message = "The alarm is of the metric that the worker counts."
  }

  assert {
    condition     = contains(keys(output.functions), "worker-jobs") && tonumber(regex("SHARED_WORKERS: i32 = ([0-9]+)", file("../../../functions/worker-jobs/src/handler.rs"))[0]) < tonumber(regex("maximum_concurrency = ([0-9]+)", file("../function/triggers.tf"))[0])
    error_message = "One customer alone never has all workers."
  }
}

run "policies_name_what_they_grant" {
  command = plan

  # Lambda's own needs, and X-Ray's, know no resource: modules/function/access.tf says so at each.
  assert {
    condition     = toset(flatten([for policy in values(output.function_policies) : [for statement in jsondecode(policy).Statement : statement.Sid if statement.Effect == "Allow" && contains(flatten([statement.Resource]), "*")]])) == toset(["SendItsTraces", "StandInTheNetwork"])
    error_message = "Nothing else is granted on all resources."
  }

  # Of all modules and environments, those included that no run here switches on.
  assert {
    condition = length(output.function_policies) > 0 && alltrue(flatten([for file in fileset("../..", "{modules,environments}/**/*.tf") : [
      for role in regexall("(?ms)^resource \"aws_iam_role\" .*?^}", file("../../${file}")) : can(regex("(?m)^  permissions_boundary += var\\.permissions_boundary_arn$", role))
    ] if !startswith(file, "modules/access-roles/")]))
    error_message = "A role stands outside the permissions boundary."
  }
}

run "what_is_kept_where" {
  command = plan

  assert {
    condition     = output.buckets == { for purpose in ["code", "logs", "media", "web"] : purpose => "cloudsail-test-${purpose}-000000000000" }
    error_message = "Each bucket's name says what it is for, and holds the account's number."
  }

  assert {
    condition = jsondecode(data.aws_iam_policy_document.logs.json).Statement == [
      {
        Sid       = "WriteWhatBucketsWereAsked"
        Effect    = "Allow"
        Action    = "s3:PutObject"
        Resource  = "arn:aws:s3:::cloudsail-test-logs-000000000000/s3/*"
        Principal = { Service = "logging.s3.amazonaws.com" }
        Condition = {
          ArnEquals    = { "aws:SourceArn" = [for purpose in ["code", "media", "web"] : "arn:aws:s3:::cloudsail-test-${purpose}-000000000000"] }
          StringEquals = { "aws:SourceAccount" = "000000000000" }
        }
      },
      {
        Sid       = "WriteWhatTheSiteWasAsked"
        Effect    = "Allow"
        Action    = "s3:PutObject"
        Resource  = "arn:aws:s3:::cloudsail-test-logs-000000000000/cdn/*"
        Principal = { Service = "delivery.logs.amazonaws.com" }
        Condition = {
          ArnEquals    = { "aws:SourceArn" = "arn:aws:logs:us-east-1:000000000000:delivery-source:cloudsail-test-cdn" }
          StringEquals = { "aws:SourceAccount" = "000000000000", "s3:x-amz-acl" = "bucket-owner-full-control" }
        }
      },
    ]
    error_message = "S3 and CloudFront write logs of our buckets and our site, each under a prefix of its own, and nobody reads them."
  }

  assert {
    condition     = [module.code.expire_after_days, module.logs.expire_after_days, module.media.expire_after_days, module.web.expire_after_days] == [{}, { "" = 30 }, { "tmp/" = 3 }, {}]
    error_message = "What was uploaded and never used goes after three days, a log with the others; nothing else is removed by its age."
  }

  assert {
    condition = module.media.deleters == tolist([
      "arn:aws:iam::000000000000:role/cloudsail-test-object-clean-up",
      "arn:aws:iam::000000000000:role/cloudsail-access/*-break-glass",
    ]) && output.functions["object-clean-up"] == "cloudsail-test-object-clean-up"
    error_message = "Nobody deletes uploads but the clean-up job, whose role has its function's name, and who breaks the glass."
  }

  assert {
    condition = { for statement in jsondecode(output.function_policies["object-clean-up"]).Statement : statement.Sid => [statement.Action, statement.Resource] if startswith(statement.Sid, "Bucket") } == {
      BucketMediaTmpDelete = ["s3:DeleteObject", "arn:aws:s3:::cloudsail-test-media-000000000000/tmp/*"]
      BucketMediaTmpList   = ["s3:ListBucket", "arn:aws:s3:::cloudsail-test-media-000000000000"]
    }
    error_message = "Without mail the clean-up job has uploads alone to remove."
  }
}

# All that is on: what opens more must not open it to the world.
run "nothing_is_open_to_the_world" {
  command = plan

  variables {
    bastion             = true
    interface_endpoints = ["sqs"]
  }

  override_data {
    target = module.bastion[0].data.aws_ssm_parameter.image
    values = { insecure_value = "ami-1" }
  }

  assert {
    condition = { for name, rule in output.ingress : name => rule.port } == {
      functions-proxy      = 5432
      migrations-cluster   = 5432
      proxy-cluster        = 5432
      functions-cache      = 6379
      bastion-proxy        = 5432
      bastion-cluster      = 5432
      functions-endpoints  = 443
      migrations-endpoints = 443
      bastion-endpoints    = 443
    }
    error_message = "These may reach one another on these ports, and nothing else may."
  }

  assert {
    condition     = alltrue([for rule in values(output.ingress) : rule.cidr_ipv4 == null && rule.cidr_ipv6 == null])
    error_message = "No rule lets in a range of addresses, let alone 0.0.0.0/0."
  }

  # A rule in another module than network, or one written into a group, would be in no output.
  assert {
    condition     = length(output.ingress) > 0 && length([for file in fileset("../..", "modules/**/*.tf") : file if length(regexall("(?m)^resource \"(aws_security_group_rule|aws_vpc_security_group_ingress_rule|aws_security_group)\"", file("../../${file}"))) > 0 && file != "modules/network/security_groups.tf"]) == 0 && length(regexall("\\bingress \\{", file("../network/security_groups.tf"))) == 0
    error_message = "Rules stand in modules/network/security_groups.tf alone, each a resource of its own."
  }
}

run "without_a_domain_there_is_no_mail" {
  command = plan

  assert {
    condition     = output.name_servers == null && output.cdn_certificate_arn == null && output.sign_in_page == null && length(output.mail_records) == 0
    error_message = "No names, no certificates, no page and no records."
  }

  assert {
    condition     = length(local.site.aliases) == 0 && local.site.certificate_arn == null && local.site.zone == null && length(module.cdn.records) == 0
    error_message = "The site has the name and the certificate that CloudFront gives."
  }

  assert {
    condition     = toset(keys(output.queue_urls)) == toset(["email", "image", "mail", "feedback"]) && toset(keys(local.queues)) == toset(["jobs", "email", "image", "mail", "feedback"])
    error_message = "The queues are there all the same."
  }
}

run "a_domain_has_names_and_mail" {
  command = plan

  variables {
    domain  = "example.com"
    mail    = { incoming_domain = "in.example.com" }
    sign_in = { callback_urls = ["https://example.com/signed-in"] }
  }

  assert {
    condition = local.mail_grants == {
      from                  = "noreply@example.com"
      identity_arn          = "arn:aws:ses:ca-central-1:000000000000:identity/example.com"
      configuration_set_arn = "arn:aws:ses:ca-central-1:000000000000:configuration-set/cloudsail-test"
      incoming_arn          = "arn:aws:s3:::cloudsail-test-mail-000000000000/incoming/*"
    }
    error_message = "Functions may send as the domain, and read what came for it."
  }

  assert {
    condition = { for statement in jsondecode(output.function_policies["object-clean-up"]).Statement : statement.Sid => [statement.Action, statement.Resource, try(statement.Condition.StringLike, null)] if startswith(statement.Sid, "BucketMail") } == {
      BucketMailDeliveredDelete = ["s3:DeleteObject", "arn:aws:s3:::cloudsail-test-mail-000000000000/delivered/*", null]
      BucketMailDeliveredList   = ["s3:ListBucket", "arn:aws:s3:::cloudsail-test-mail-000000000000", { "s3:prefix" = "delivered/*" }]
      BucketMailIncomingDelete  = ["s3:DeleteObject", "arn:aws:s3:::cloudsail-test-mail-000000000000/incoming/*", null]
    }
    error_message = "The clean-up job deletes mail that it is told was delivered, and can neither list nor read mail."
  }

  assert {
    condition     = [for name in ["MAIL_BUCKET", "MAIL_BUCKET_REGION"] : output.function_settings["object-clean-up"].environment[name]] == ["cloudsail-test-mail-000000000000", "us-east-1"] && module.mail_incoming[0].bucket.deleters == module.media.deleters
    error_message = "It is told where mail is, which nobody else deletes."
  }

  assert {
    condition = { for queue, senders in local.senders : queue => [for sender in values(senders) : "${sender.service} ${sender.arn}"] } == {
      mail     = ["sns.amazonaws.com arn:aws:sns:us-east-1:000000000000:cloudsail-test-incoming-mail"]
      feedback = ["events.amazonaws.com arn:aws:events:ca-central-1:000000000000:rule/cloudsail-test-mail-feedback"]
    }
    error_message = "The topic of the other region fills one queue, and the rule of this one another."
  }

  assert {
    condition = { for record in output.mail_records : "${record.type} ${record.name}" => record.values if record.type != "CNAME" } == {
      "MX bounce.example.com"  = ["10 feedback-smtp.ca-central-1.amazonses.com"]
      "MX in.example.com"      = ["10 inbound-smtp.us-east-1.amazonaws.com"]
      "TXT bounce.example.com" = ["v=spf1 include:amazonses.com -all"]
      "TXT example.com"        = ["v=spf1 include:amazonses.com -all"]
      "TXT _dmarc.example.com" = ["v=DMARC1; p=quarantine; adkim=s; aspf=r"]
    }
    error_message = "Mail goes out of the main region and comes in by the other."
  }

  assert {
    condition     = output.sign_in_page == "https://cloudsail-test-000000000000.auth.ca-central-1.amazoncognito.com" && output.api_endpoint == "https://api.example.com"
    error_message = "There is a page to sign in on, and the API has a name of ours."
  }

  assert {
    condition     = output.site.url == "https://example.com" && module.cdn.records == tolist(["A example.com", "AAAA example.com"]) && length(module.certificate_cdn) == 1
    error_message = "The site has the domain's name, with a certificate and records that are made for it."
  }
}

run "site_of_another_name_than_the_domain" {
  command = plan

  variables {
    domain = "example.com"
    site   = { aliases = ["app.example.org"], certificate_arn = "arn:aws:acm:us-east-1:000000000000:certificate/1" }
  }

  assert {
    condition     = output.site.url == "https://app.example.org" && length(module.cdn.records) == 0 && output.cdn_certificate_arn == null
    error_message = "Its certificate and its records are made by hand, and none are made for the domain."
  }
}

run "one_address_without_a_domain" {
  command = plan

  variables {
    mail = { from = "noreply@cloudsail.test" }
  }

  assert {
    condition     = local.mail_grants.identity_arn == "arn:aws:ses:ca-central-1:000000000000:identity/noreply@cloudsail.test" && length(output.mail_records) == 0
    error_message = "Mail is sent as the address, which has no records."
  }
}
