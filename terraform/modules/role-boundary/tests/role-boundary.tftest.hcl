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
  account_id = "000000000000"
}

run "it_stands_where_no_deploy_can_change_it" {
  command = plan

  assert {
    condition     = output.arn == "arn:aws:iam::000000000000:policy/cloudsail-access/environment-roles" && aws_iam_policy.main.path == "/cloudsail-access/"
    error_message = "The environments name it so, and modules/access-roles shuts this path."
  }

  assert {
    condition     = length(jsonencode(jsondecode(aws_iam_policy.main.policy))) <= 6144
    error_message = "IAM takes 6144 characters of a policy, spaces aside."
  }
}

run "it_refuses_the_ways_up" {
  command = plan

  assert {
    condition = [for statement in jsondecode(aws_iam_policy.main.policy).Statement : statement if statement.Effect == "Deny"] == [
      { Sid = "NoWayUp", Effect = "Deny", Action = "iam:*", NotResource = "arn:aws:iam::000000000000:role/cloudsail-*-messages-schedule" },
      { Sid = "NotTheAccountAndNotTheTrail", Effect = "Deny", Action = ["organizations:*", "cloudtrail:*", "account:*"], Resource = "*" },
    ]
    error_message = "IAM, the organization, the account and the trail are refused, whatever policies say."
  }

  assert {
    condition = [for statement in jsondecode(aws_iam_policy.main.policy).Statement : statement if statement.Effect == "Allow" && length([for action in flatten([statement.Action]) : action if startswith(action, "iam:")]) > 0] == [{
      Sid       = "HandRolesToSchedules"
      Effect    = "Allow"
      Action    = "iam:PassRole"
      Resource  = "arn:aws:iam::000000000000:role/cloudsail-*-messages-schedule"
      Condition = { StringEquals = { "iam:PassedToService" = "scheduler.amazonaws.com" } }
    }]
    error_message = "Of IAM nothing is left but handing one kind of role to the scheduler."
  }
}

run "it_lists_actions_and_ties_resources" {
  command = plan

  assert {
    condition     = length([for action in flatten([for statement in jsondecode(aws_iam_policy.main.policy).Statement : statement.Action if statement.Effect == "Allow"]) : action if strcontains(action, "*")]) == 0
    error_message = "Each action that is allowed is named."
  }

  assert {
    condition     = toset([for statement in jsondecode(aws_iam_policy.main.policy).Statement : statement.Sid if statement.Effect == "Allow" && contains(flatten([try(statement.Resource, [])]), "*")]) == toset(["SendTraces", "StandInTheNetwork", "HoldSessions"])
    error_message = "Only calls that know no resource are allowed on all."
  }

  assert {
    condition     = alltrue([for resource in flatten([for statement in jsondecode(aws_iam_policy.main.policy).Statement : statement.Resource if statement.Effect == "Allow" && !contains(["SendTraces", "StandInTheNetwork", "HoldSessions", "BecomeCustomersRoles"], statement.Sid)]) : strcontains(resource, "000000000000")])
    error_message = "All else stands in this account."
  }

  assert {
    condition = toset(one([for statement in jsondecode(aws_iam_policy.main.policy).Statement : statement.Resource if statement.Sid == "KeepObjects"])) == toset(flatten([for purpose in ["mail", "media"] : [
      "arn:aws:s3:::cloudsail-*-${purpose}-000000000000", "arn:aws:s3:::cloudsail-*-${purpose}-000000000000/*",
    ]]))
    error_message = "Neither the code nor the states of Terraform can be read or written."
  }
}

# A role whose policy said more than this would be refused in a running environment, and nowhere before.
run "every_action_that_a_module_grants_a_role_is_in_it" {
  command = plan

  assert {
    condition = length(setsubtract(
      toset(flatten([
        for file in fileset("../..", "modules/*/*.tf") : [
          for list in flatten(regexall("actions\\s+=\\s+\\[([^\\]]*)\\]", file("../../${file}"))) : regexall("[a-z0-9-]+:[A-Za-z]+", list)
        ] if strcontains(file("../../${file}"), "resource \"aws_iam_role\"") && !startswith(file, "modules/access-roles/")
      ])),
      flatten([for statement in jsondecode(aws_iam_policy.main.policy).Statement : statement.Action if statement.Effect == "Allow"]),
    )) == 0
    error_message = "An action that a role is granted is not within its boundary."
  }
}

run "reject_account_by_name" {
  command = plan

  variables {
    account_id = "cloudsail"
  }

  expect_failures = [var.account_id]
}

run "reject_name_with_slash" {
  command = plan

  variables {
    name = "cloudsail/roles"
  }

  expect_failures = [var.name]
}
