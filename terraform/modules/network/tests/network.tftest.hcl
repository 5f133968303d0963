mock_provider "aws" {
  mock_data "aws_availability_zones" {
    defaults = { names = ["ca-central-1d", "ca-central-1a", "ca-central-1b"] }
  }
  mock_data "aws_iam_policy_document" {
    defaults = { json = "{}" }
  }
  mock_data "aws_region" {
    defaults = { name = "ca-central-1" }
  }
}

variables {
  permissions_boundary_arn = "arn:aws:iam::000000000000:policy/cloudsail-access/environment-roles"

  name = "cloudsail-test"
  cidr = "10.20.0.0/16"

  account_id = "000000000000"
}

run "two_zones" {
  command = plan

  assert {
    condition     = toset(keys(aws_subnet.private)) == toset(["ca-central-1a", "ca-central-1b"]) && toset(keys(aws_subnet.public)) == toset(["ca-central-1a", "ca-central-1b"])
    error_message = "Public and private subnets stand in two zones."
  }

  assert {
    condition     = length(distinct([for subnet in concat(values(aws_subnet.public), values(aws_subnet.private)) : subnet.cidr_block])) == 4
    error_message = "No two subnets share a range."
  }
}

run "one_way_out_is_enough" {
  command = plan

  assert {
    condition     = keys(aws_nat_gateway.main) == ["ca-central-1a"] && length(aws_route_table_association.private) == 2
    error_message = "Both private subnets go out through the one gateway."
  }
}

run "a_way_out_in_each_zone" {
  command = plan

  variables {
    nat_per_zone = true
  }

  assert {
    condition     = keys(aws_nat_gateway.main) == ["ca-central-1a", "ca-central-1b"] && keys(aws_route.private) == ["ca-central-1a", "ca-central-1b"]
    error_message = "Each zone has a gateway, and a route to it."
  }
}

run "three_zones" {
  command = plan

  variables {
    zones        = 3
    nat_per_zone = true
  }

  assert {
    condition = { for zone, subnet in aws_subnet.private : zone => subnet.cidr_block } == {
      ca-central-1a = "10.20.128.0/20"
      ca-central-1b = "10.20.144.0/20"
      ca-central-1d = "10.20.160.0/20"
    }
    error_message = "The third zone's subnet stands behind the other two, which keep their ranges."
  }

  assert {
    condition     = length(aws_subnet.public) == 3 && length(aws_nat_gateway.main) == 3
    error_message = "The third zone has its own way out too."
  }
}

run "s3_past_the_gateway_and_nothing_else" {
  command = plan

  assert {
    condition     = aws_vpc_endpoint.s3.vpc_endpoint_type == "Gateway" && aws_vpc_endpoint.s3.service_name == "com.amazonaws.ca-central-1.s3"
    error_message = "S3 has its gateway endpoint, which costs nothing."
  }

  assert {
    condition     = length(aws_vpc_endpoint.interface) == 0 && !contains(keys(aws_security_group.main), "endpoints")
    error_message = "What costs by the hour is there only when asked for."
  }
}

run "endpoints_that_are_asked_for" {
  command = plan

  variables {
    interface_endpoints = ["sqs", "secretsmanager"]
    bastion             = true
  }

  assert {
    condition     = toset([for endpoint in values(aws_vpc_endpoint.interface) : endpoint.service_name if endpoint.private_dns_enabled]) == toset(["com.amazonaws.ca-central-1.sqs", "com.amazonaws.ca-central-1.secretsmanager"])
    error_message = "Each service is reached by its usual name."
  }

  assert {
    condition     = { for name, rule in aws_vpc_security_group_ingress_rule.connections : name => rule.from_port if endswith(name, "-endpoints") } == { functions-endpoints = 443, migrations-endpoints = 443, bastion-endpoints = 443 }
    error_message = "Functions, migrations and the bastion reach the endpoints over HTTPS."
  }
}

run "bastion_reaches_the_database_and_nothing_else" {
  command = plan

  variables {
    bastion = true
  }

  assert {
    condition     = toset([for name in keys(aws_vpc_security_group_egress_rule.connections) : name if startswith(name, "bastion-")]) == toset(["bastion-proxy", "bastion-cluster"])
    error_message = "Inside, the bastion reaches the proxy and the cluster alone."
  }

  assert {
    condition     = length([for connection in values(local.connections) : connection if connection.to == "bastion"]) == 0
    error_message = "Nothing reaches the bastion."
  }
}

run "flows_are_logged" {
  command = plan

  assert {
    condition     = aws_flow_log.main["main"].traffic_type == "ALL" && aws_cloudwatch_log_group.flows["main"].name == "/cloudsail/cloudsail-test/flows" && aws_cloudwatch_log_group.flows["main"].retention_in_days == 30
    error_message = "What was let through and what was refused is logged, and kept for 30 days."
  }
}

run "flows_are_not_logged_where_told" {
  command = plan

  variables {
    flow_logs = false
  }

  assert {
    condition     = length(aws_flow_log.main) + length(aws_iam_role.flows) + length(aws_cloudwatch_log_group.flows) == 0
    error_message = "Log, group and role go together."
  }
}

run "only_known_roles_meet" {
  command = plan

  assert {
    condition     = toset(keys(aws_vpc_security_group_ingress_rule.connections)) == toset(["functions-cache", "functions-proxy", "migrations-cluster", "proxy-cluster"])
    error_message = "Functions reach the proxy and the cache, the proxy and migrations reach the cluster, and nothing else is let in."
  }

  assert {
    condition     = alltrue([for rule in values(aws_vpc_security_group_ingress_rule.connections) : rule.cidr_ipv4 == null])
    error_message = "Rules that let in name a group, never a range."
  }
}

run "reject_range_too_small" {
  command = plan

  variables {
    cidr = "10.20.0.0/25"
  }

  expect_failures = [var.cidr]
}

run "reject_port_that_rds_refuses" {
  command = plan

  variables {
    ports = { cluster = 80 }
  }

  expect_failures = [var.ports]
}

run "reject_one_zone" {
  command = plan

  variables {
    zones = 1
  }

  expect_failures = [var.zones]
}

run "reject_s3_by_the_hour" {
  command = plan

  variables {
    interface_endpoints = ["s3"]
  }

  expect_failures = [var.interface_endpoints]
}

run "reject_flow_logs_for_ever" {
  command = plan

  variables {
    flow_log_retention_days = 0
  }

  expect_failures = [var.flow_log_retention_days]
}

run "reject_account_by_name" {
  command = plan

  variables {
    account_id = "cloudsail"
  }

  expect_failures = [var.account_id]
}

run "reject_role_without_boundary" {
  command = plan

  variables {
    permissions_boundary_arn = null
  }

  expect_failures = [var.permissions_boundary_arn]
}
