# The provider's own policy documents are read here, so nothing of it is mocked. No call is made: the secret, whose password is
# an ephemeral value, stands in its own module, which is overridden.

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

override_resource {
  target          = aws_kms_key.main
  override_during = plan
  values          = { arn = "arn:aws:kms:ca-central-1:000000000000:key/1" }
}

override_module {
  target  = module.app_secret
  outputs = { arn = "arn:aws:secretsmanager:ca-central-1:000000000000:secret:cloudsail-test/database/app-abcdef" }
}

variables {
  permissions_boundary_arn = "arn:aws:iam::000000000000:policy/cloudsail-access/environment-roles"

  name               = "cloudsail-test"
  subnet_ids         = ["subnet-1", "subnet-2"]
  security_group_ids = { cluster = "sg-cluster", proxy = "sg-proxy" }
  alarm_topics       = ["arn:aws:sns:ca-central-1:000000000000:cloudsail-test-alarms"]
}

run "encrypted_and_asked_by_token" {
  command = plan

  assert {
    condition     = aws_iam_role.proxy.permissions_boundary == var.permissions_boundary_arn
    error_message = "Its role may do no more than the environment's boundary says."
  }

  assert {
    condition     = aws_rds_cluster.main.storage_encrypted && aws_rds_cluster.main.kms_key_id == "arn:aws:kms:ca-central-1:000000000000:key/1" && aws_kms_key.main.enable_key_rotation
    error_message = "Data is encrypted with a key of its own, which is changed each year."
  }

  assert {
    condition     = aws_rds_cluster.main.iam_database_authentication_enabled && aws_rds_cluster.main.manage_master_user_password
    error_message = "People sign in with tokens, and RDS changes the one password that is left to it."
  }

  assert {
    condition     = { for parameter in aws_rds_cluster_parameter_group.main.parameter : parameter.name => parameter.value } == { "rds.force_ssl" = "1", log_parameter_max_length = "0", log_error_verbosity = "terse", log_min_duration_statement = "1000" }
    error_message = "The cluster refuses connections without TLS, and logs slow statements without what they carry."
  }

  assert {
    condition     = aws_db_proxy.main.require_tls && one(aws_db_proxy.main.auth).iam_auth == "REQUIRED"
    error_message = "The proxy asks for TLS and for a token."
  }

  assert {
    condition     = aws_rds_cluster.main.enabled_cloudwatch_logs_exports == toset(["postgresql"])
    error_message = "The server's log is kept outside the server."
  }
}

run "kept_by_default" {
  command = plan

  assert {
    condition     = aws_rds_cluster.main.deletion_protection && !aws_rds_cluster.main.skip_final_snapshot && aws_rds_cluster.main.backup_retention_period == 14
    error_message = "Unless told otherwise the cluster refuses deletion, leaves a snapshot, and goes back 14 days."
  }
}

run "proxy_reads_its_secret_alone" {
  command = plan

  assert {
    condition = jsondecode(data.aws_iam_policy_document.proxy.json).Statement == [{
      Sid      = "ReadTheRoleItSignsInAs"
      Effect   = "Allow"
      Action   = "secretsmanager:GetSecretValue"
      Resource = "arn:aws:secretsmanager:ca-central-1:000000000000:secret:cloudsail-test/database/app-abcdef"
    }]
    error_message = "The proxy reads the one secret."
  }

  assert {
    condition = jsondecode(data.aws_iam_policy_document.proxy_trust.json).Statement == [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "rds.amazonaws.com" }
      Condition = { StringEquals = { "aws:SourceAccount" = "000000000000" } }
    }]
    error_message = "Only RDS takes the role on, and only for this account."
  }
}

run "a_writer_and_two_readers" {
  command = plan

  variables {
    instances = 3
  }

  assert {
    condition     = toset([for instance in values(aws_rds_cluster_instance.main) : instance.identifier if instance.performance_insights_enabled]) == toset(["cloudsail-test-1", "cloudsail-test-2", "cloudsail-test-3"])
    error_message = "Each instance keeps its load for a week."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.main["lag"].metric_name == "AuroraReplicaLagMaximum" && aws_cloudwatch_metric_alarm.main["lag"].threshold == 2000
    error_message = "Readers that fall behind are told."
  }
}

run "what_is_told" {
  command = plan

  assert {
    condition = { for name, alarm in aws_cloudwatch_metric_alarm.main : name => [alarm.metric_name, alarm.comparison_operator, alarm.threshold, jsonencode(alarm.dimensions)] } == {
      pinned   = ["DatabaseConnectionsCurrentlySessionPinned", "GreaterThanThreshold", 0, "{\"ProxyName\":\"cloudsail-test\"}"]
      refused  = ["ClientConnectionsSetupFailedAuth", "GreaterThanThreshold", 0, "{\"ProxyName\":\"cloudsail-test\"}"]
      cpu      = ["CPUUtilization", "GreaterThanThreshold", 80, "{\"DBClusterIdentifier\":\"cloudsail-test\"}"]
      capacity = ["ACUUtilization", "GreaterThanThreshold", 90, "{\"DBClusterIdentifier\":\"cloudsail-test\"}"]
      memory   = ["FreeableMemory", "LessThanThreshold", 858993459, "{\"DBClusterIdentifier\":\"cloudsail-test\"}"]
    }
    error_message = "These are watched, and a cluster without readers has no lag. Memory: a tenth of 4 units of 2 GiB."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.connections.threshold == 80 && toset(flatten([for query in aws_cloudwatch_metric_alarm.connections.metric_query : [for metric in query.metric : metric.metric_name]])) == toset(["DatabaseConnections", "MaxDatabaseConnectionsAllowed"])
    error_message = "Connections are held against what the proxy may open."
  }

  assert {
    condition     = alltrue([for alarm in concat(values(aws_cloudwatch_metric_alarm.main), [aws_cloudwatch_metric_alarm.connections]) : alarm.alarm_actions == toset(var.alarm_topics) && strcontains(alarm.alarm_description, "First ")])
    error_message = "Each tells the topic, and says what to do first."
  }
}

run "reject_subnets_in_one_zone" {
  command = plan

  variables {
    subnet_ids = ["subnet-1"]
  }

  expect_failures = [var.subnet_ids]
}

run "reject_no_backup" {
  command = plan

  variables {
    backup_retention_days = 0
  }

  expect_failures = [var.backup_retention_days]
}

run "reject_capacity_upside_down" {
  command = plan

  variables {
    capacity = { minimum = 4, maximum = 2 }
  }

  expect_failures = [var.capacity]
}

run "reject_version_without_minor" {
  command = plan

  variables {
    engine_version = "16"
  }

  expect_failures = [var.engine_version]
}

run "reject_topic_by_name" {
  command = plan

  variables {
    alarm_topics = ["alarms"]
  }

  expect_failures = [var.alarm_topics]
}

run "reject_role_without_boundary" {
  command = plan

  variables {
    permissions_boundary_arn = null
  }

  expect_failures = [var.permissions_boundary_arn]
}
