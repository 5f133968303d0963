mock_provider "aws" {}

variables {
  name = "cloudsail-test"
}

run "floods_first_then_the_rules_of_aws" {
  command = plan

  assert {
    condition     = { for rule in aws_wafv2_web_acl.main.rule : rule.name => rule.priority } == { rate = 0, reputation = 10, common = 20, inputs = 30 }
    error_message = "The limit is asked first."
  }

  assert {
    condition     = one([for rule in aws_wafv2_web_acl.main.rule : one(one(rule.statement).rate_based_statement).limit if rule.name == "rate"]) == 2000 && one([for rule in aws_wafv2_web_acl.main.rule : length(one(rule.action).block) if rule.name == "rate"]) == 1
    error_message = "An address that sends more than 2000 requests in five minutes is shut out."
  }

  assert {
    condition     = alltrue([for rule in aws_wafv2_web_acl.main.rule : length(one(rule.override_action).none) == 1 if rule.name != "rate"]) && aws_wafv2_web_acl.main.scope == "CLOUDFRONT"
    error_message = "The groups block, and the ACL is for the CDN."
  }
}

run "a_group_that_only_counts" {
  command = plan

  variables {
    counted = ["common"]
  }

  assert {
    condition     = { for rule in aws_wafv2_web_acl.main.rule : rule.name => length(one(rule.override_action).count) if rule.name != "rate" } == { reputation = 0, common = 1, inputs = 0 }
    error_message = "The one group counts, and the others block."
  }
}

run "reject_unknown_group" {
  command = plan

  variables {
    counted = ["sql"]
  }

  expect_failures = [var.counted]
}

run "reject_unknown_scope" {
  command = plan

  variables {
    scope = "GLOBAL"
  }

  expect_failures = [var.scope]
}

run "reject_limit_below_what_waf_takes" {
  command = plan

  variables {
    requests_per_5_minutes = 1
  }

  expect_failures = [var.requests_per_5_minutes]
}

run "reject_name_with_space" {
  command = plan

  variables {
    name = "cloudsail test"
  }

  expect_failures = [var.name]
}
