mock_provider "aws" {
  override_during = plan

  mock_resource "aws_elasticache_serverless_cache" {
    defaults = {
      arn      = "arn:aws:elasticache:ca-central-1:000000000000:serverlesscache:cloudsail-test"
      endpoint = [{ address = "serverless.example", port = 6379 }]
    }
  }
  mock_resource "aws_elasticache_replication_group" {
    defaults = {
      arn                      = "arn:aws:elasticache:ca-central-1:000000000000:replicationgroup:cloudsail-test"
      primary_endpoint_address = "node.example"
    }
  }
  mock_resource "aws_elasticache_user" {
    defaults = { arn = "arn:aws:elasticache:ca-central-1:000000000000:user:cloudsail-test" }
  }
  mock_resource "aws_elasticache_user_group" {
    defaults = { id = "cloudsail-test" }
  }
}

variables {
  name              = "cloudsail-test"
  subnet_ids        = ["subnet-1", "subnet-2"]
  security_group_id = "sg-cache"
  access_string     = "on ~rate:* -@all +get\n"
}

run "serverless_by_default" {
  command = plan

  assert {
    condition     = output.url == "rediss://cloudsail-test@serverless.example:6379" && length(aws_elasticache_replication_group.main) == 0
    error_message = "A serverless cache is reached over TLS, which is all that it speaks."
  }

  assert {
    condition     = one(one(aws_elasticache_serverless_cache.main["main"].cache_usage_limits).data_storage).maximum == 1 && aws_elasticache_serverless_cache.main["main"].security_group_ids == toset(["sg-cache"])
    error_message = "It may grow to 1 GB, and the functions' way in is the one group."
  }
}

run "one_user_signs_in_by_iam" {
  command = plan

  assert {
    condition     = aws_elasticache_user.functions.user_id == "cloudsail-test" && aws_elasticache_user.functions.user_name == aws_elasticache_user.functions.user_id
    error_message = "IAM authentication asks that the user's name is its id."
  }

  assert {
    condition     = one(aws_elasticache_user.functions.authentication_mode).type == "iam" && aws_elasticache_user.functions.no_password_required != true && aws_elasticache_user.functions.access_string == "on ~rate:* -@all +get"
    error_message = "It has no password, a token of IAM is asked for, and it may do what the access string says."
  }

  assert {
    condition     = aws_elasticache_user_group.main.user_ids == toset(["cloudsail-test"]) && aws_elasticache_user_group.main.engine == "valkey"
    error_message = "Nobody else is in the group, and no default user."
  }

  assert {
    condition     = aws_elasticache_serverless_cache.main["main"].user_group_id == "cloudsail-test"
    error_message = "Who is not of the group gets nothing from the serverless cache."
  }

  assert {
    condition     = output.arn == "arn:aws:elasticache:ca-central-1:000000000000:serverlesscache:cloudsail-test" && output.connect_arns == [output.arn, "arn:aws:elasticache:ca-central-1:000000000000:user:cloudsail-test"]
    error_message = "elasticache:Connect is granted on this cache and this user."
  }
}

run "a_node_where_asked_for" {
  command = plan

  variables {
    node_type = "cache.t4g.micro"
  }

  assert {
    condition     = output.url == "rediss://cloudsail-test@node.example:6379" && length(aws_elasticache_serverless_cache.main) == 0
    error_message = "The node takes the serverless cache's place."
  }

  assert {
    condition     = aws_elasticache_replication_group.main["main"].transit_encryption_enabled && tobool(aws_elasticache_replication_group.main["main"].at_rest_encryption_enabled)
    error_message = "It speaks TLS, and what it holds is encrypted."
  }
}

run "the_node_asks_for_the_same_user" {
  command = plan

  variables {
    node_type = "cache.t4g.micro"
  }

  assert {
    condition     = aws_elasticache_replication_group.main["main"].user_group_ids == toset(["cloudsail-test"])
    error_message = "Who is not of the group gets nothing from the node."
  }

  assert {
    condition     = output.connect_arns == ["arn:aws:elasticache:ca-central-1:000000000000:replicationgroup:cloudsail-test", "arn:aws:elasticache:ca-central-1:000000000000:user:cloudsail-test"]
    error_message = "elasticache:Connect is granted on the node's group and the user."
  }
}

run "local_stand_in_speaks_no_tls" {
  command = plan

  variables {
    tls = false
  }

  assert {
    condition     = output.url == "redis://cloudsail-test@serverless.example:6379"
    error_message = "The local Redis is reached without TLS."
  }
}

run "reject_size_of_a_machine" {
  command = plan

  variables {
    node_type = "t4g.micro"
  }

  expect_failures = [var.node_type]
}

run "reject_subnets_in_one_zone" {
  command = plan

  variables {
    subnet_ids = ["subnet-1"]
  }

  expect_failures = [var.subnet_ids]
}

run "reject_cache_of_nothing" {
  command = plan

  variables {
    maximum_gb = 0
  }

  expect_failures = [var.maximum_gb]
}

run "reject_upper_case" {
  command = plan

  variables {
    name = "Cloudsail"
  }

  expect_failures = [var.name]
}

run "reject_all_keys" {
  command = plan

  variables {
    access_string = "on ~* -@all +get"
  }

  expect_failures = [var.access_string]
}

run "reject_groups_of_commands" {
  command = plan

  variables {
    access_string = "on ~rate:* -@all +@read"
  }

  expect_failures = [var.access_string]
}

run "reject_user_that_begins_with_everything" {
  command = plan

  variables {
    access_string = "on ~rate:* +get"
  }

  expect_failures = [var.access_string]
}
