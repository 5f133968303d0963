mock_provider "aws" {
  override_during = plan

  mock_resource "aws_elasticache_serverless_cache" {
    defaults = { endpoint = [{ address = "serverless.example", port = 6379 }] }
  }
  mock_resource "aws_elasticache_replication_group" {
    defaults = { primary_endpoint_address = "node.example" }
  }
}

variables {
  name              = "cloudsail-test"
  subnet_ids        = ["subnet-1", "subnet-2"]
  security_group_id = "sg-cache"
}

run "serverless_by_default" {
  command = plan

  assert {
    condition     = output.url == "rediss://serverless.example:6379" && length(aws_elasticache_replication_group.main) == 0
    error_message = "A serverless cache is reached over TLS, which is all that it speaks."
  }

  assert {
    condition     = one(one(aws_elasticache_serverless_cache.main["main"].cache_usage_limits).data_storage).maximum == 1 && aws_elasticache_serverless_cache.main["main"].security_group_ids == toset(["sg-cache"])
    error_message = "It may grow to 1 GB, and the functions' way in is the one group."
  }
}

run "a_node_where_asked_for" {
  command = plan

  variables {
    node_type = "cache.t4g.micro"
  }

  assert {
    condition     = output.url == "rediss://node.example:6379" && length(aws_elasticache_serverless_cache.main) == 0
    error_message = "The node takes the serverless cache's place."
  }

  assert {
    condition     = aws_elasticache_replication_group.main["main"].transit_encryption_enabled && tobool(aws_elasticache_replication_group.main["main"].at_rest_encryption_enabled)
    error_message = "It speaks TLS, and what it holds is encrypted."
  }
}

run "local_stand_in_speaks_no_tls" {
  command = plan

  variables {
    tls = false
  }

  assert {
    condition     = output.url == "redis://serverless.example:6379"
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
