mock_provider "aws" {
  override_during = plan

  mock_data "aws_route53_zone" {
    defaults = { zone_id = "Z0EXISTING", name = "example.com", name_servers = ["ns-1.example.net"] }
  }
  mock_resource "aws_route53_zone" {
    defaults = { zone_id = "Z0MADE", name_servers = ["ns-2.example.net"] }
  }
}

variables {
  domain = "cloudsail.example.com"
}

run "a_zone_of_its_own" {
  command = plan

  assert {
    condition     = one(aws_route53_zone.main).name == "cloudsail.example.com" && !one(aws_route53_zone.main).force_destroy
    error_message = "A zone is made for the domain, and a destroy stops at records that Terraform did not make."
  }

  assert {
    condition     = output.zone_id == "Z0MADE" && output.name_servers == tolist(["ns-2.example.net"])
    error_message = "It says where records go, and what the registrar must name."
  }
}

run "the_zone_that_there_is" {
  command = plan

  variables {
    zone_id = "Z0EXISTING"
  }

  assert {
    condition     = length(aws_route53_zone.main) == 0 && output.zone_id == "Z0EXISTING"
    error_message = "A zone that there is already is used as it is."
  }
}

run "reject_zone_of_another_domain" {
  command = plan

  variables {
    domain  = "cloudsail.example.org"
    zone_id = "Z0EXISTING"
  }

  expect_failures = [output.zone_id]
}

run "reject_address_as_domain" {
  command = plan

  variables {
    domain = "https://cloudsail.example.com/"
  }

  expect_failures = [var.domain]
}

run "reject_zone_by_name" {
  command = plan

  variables {
    zone_id = "example.com"
  }

  expect_failures = [var.zone_id]
}
