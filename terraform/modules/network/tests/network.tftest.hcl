mock_provider "aws" {
  mock_data "aws_availability_zones" {
    defaults = { names = ["ca-central-1d", "ca-central-1a", "ca-central-1b"] }
  }
}

variables {
  name = "cloudsail-test"
  cidr = "10.20.0.0/16"
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
