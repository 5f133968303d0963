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
  account_id        = "000000000000"
  role_boundary_arn = "arn:aws:iam::000000000000:policy/cloudsail-access/environment-roles"
  state_bucket_arn  = "arn:aws:s3:::cloudsail-state-000000000000"
  github = {
    provider_arn = "arn:aws:iam::000000000000:oidc-provider/token.actions.githubusercontent.com"
    repository   = "owner/cloudsail"
    environments = ["dev", "prod"]
  }
  breakers  = ["arn:aws:iam::000000000000:user/ann"]
  deployers = ["arn:aws:iam::000000000000:user/ann", "arn:aws:iam::000000000000:user/ben"]
}

run "people_come_with_a_second_factor" {
  command = plan

  assert {
    condition = jsondecode(data.aws_iam_policy_document.people_trust["break-glass"].json).Statement == [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { AWS = "arn:aws:iam::000000000000:user/ann" }
      Condition = {
        Bool            = { "aws:MultiFactorAuthPresent" = "true" }
        NumericLessThan = { "aws:MultiFactorAuthAge" = "3600" }
      }
    }]
    error_message = "The one who is named may take it on, with a second factor less than an hour old."
  }

  assert {
    condition     = toset(one(jsondecode(data.aws_iam_policy_document.people_trust["deploy"].json).Statement).Principal.AWS) == toset(var.deployers)
    error_message = "Those who are named may deploy."
  }

  assert {
    condition     = toset(keys(aws_iam_role.people)) == toset(["deploy", "break-glass"])
    error_message = "A role that nobody may take on is not there."
  }

  assert {
    condition     = aws_iam_role.people["break-glass"].max_session_duration == 3600 && alltrue([for role in concat(values(aws_iam_role.people), [aws_iam_role.workflow]) : role.path == "/cloudsail-access/"])
    error_message = "A broken glass holds for an hour, and all roles stand under a path of their own."
  }
}

run "workflows_come_from_one_repository_and_its_environments" {
  command = plan

  assert {
    condition = jsondecode(data.aws_iam_policy_document.workflow_trust.json).Statement == [{
      Effect    = "Allow"
      Action    = "sts:AssumeRoleWithWebIdentity"
      Principal = { Federated = "arn:aws:iam::000000000000:oidc-provider/token.actions.githubusercontent.com" }
      Condition = {
        StringEquals = {
          "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com"
          "token.actions.githubusercontent.com:sub" = ["repo:owner/cloudsail:environment:dev", "repo:owner/cloudsail:environment:prod"]
        }
      }
    }]
    error_message = "Audience and subject are compared whole: no wildcard, no branch, no fork."
  }
}

run "a_deploy_changes_environments_roles_alone" {
  command = plan

  assert {
    condition = { for statement in jsondecode(data.aws_iam_policy_document.deploy.json).Statement : statement.Sid => statement.Resource if contains(["RolesWithinTheirBoundary", "RolesOfEnvironments", "ProfilesOfEnvironments", "HandRolesToServicesThatRunThem"], statement.Sid) } == {
      RolesWithinTheirBoundary       = "arn:aws:iam::000000000000:role/cloudsail-*"
      RolesOfEnvironments            = "arn:aws:iam::000000000000:role/cloudsail-*"
      ProfilesOfEnvironments         = "arn:aws:iam::000000000000:instance-profile/cloudsail-*"
      HandRolesToServicesThatRunThem = "arn:aws:iam::000000000000:role/cloudsail-*"
    }
    error_message = "Roles are made, changed and handed on under the environments' prefix."
  }

  assert {
    condition     = !contains(flatten([for statement in jsondecode(data.aws_iam_policy_document.deploy.json).Statement : statement.Action]), "*") && length([for action in flatten([for statement in jsondecode(data.aws_iam_policy_document.deploy.json).Statement : statement.Action]) : action if action == "iam:*" || startswith(action, "organizations:") || startswith(action, "sts:")]) == 0
    error_message = "It holds no whole account, no whole IAM, and takes no other role on."
  }

  assert {
    condition     = [for statement in jsondecode(data.aws_iam_policy_document.deploy.json).Statement : statement.Condition.StringEquals["iam:PassedToService"] if statement.Sid == "HandRolesToServicesThatRunThem"] == [["lambda.amazonaws.com", "scheduler.amazonaws.com", "rds.amazonaws.com", "vpc-flow-logs.amazonaws.com", "ec2.amazonaws.com"]]
    error_message = "Roles are handed to these services and to no other."
  }
}

# A policy written by whoever deploys could otherwise say more than the deployer may do.
run "a_role_without_its_boundary_is_refused" {
  command = plan

  assert {
    condition = [for statement in jsondecode(data.aws_iam_policy_document.deploy.json).Statement : [statement.Sid, try(statement.Condition, null)] if length(setintersection(flatten([statement.Action]), ["iam:CreateRole", "iam:PutRolePolicy", "iam:DeleteRolePolicy", "iam:PutRolePermissionsBoundary"])) > 0] == [
      ["RolesWithinTheirBoundary", { StringEquals = { "iam:PermissionsBoundary" = var.role_boundary_arn } }]
    ]
    error_message = "A deploy makes a role with the boundary, and writes the policies of no other."
  }

  assert {
    condition = [for statement in jsondecode(data.aws_iam_policy_document.boundary.json).Statement : [statement.Effect, toset(statement.Action), statement.Resource, statement.Condition] if statement.Sid == "NoRoleWithoutItsBoundary"] == [
      ["Deny", toset(["iam:CreateRole", "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy"]), "*", { StringNotEquals = { "iam:PermissionsBoundary" = var.role_boundary_arn } }]
    ]
    error_message = "Whatever its policy comes to say, a deploy makes no role outside the boundary."
  }

  assert {
    condition     = length([for action in flatten([for statement in jsondecode(data.aws_iam_policy_document.deploy.json).Statement : statement.Action]) : action if can(regex("^iam:.*(Policy|PolicyVersion|Boundary)$", action)) && !contains(["iam:PutRolePolicy", "iam:DeleteRolePolicy", "iam:UpdateAssumeRolePolicy", "iam:PutRolePermissionsBoundary"], action)]) == 0
    error_message = "A deploy makes, changes and removes no policy that stands by itself, so neither the boundary."
  }
}

run "the_boundary_shuts_the_ways_up" {
  command = plan

  assert {
    condition     = toset([for statement in jsondecode(data.aws_iam_policy_document.boundary.json).Statement : statement.Sid if statement.Effect == "Deny"]) == toset(["NoWayUp", "NoRoleWithoutItsBoundary", "NotTheseRolesThemselves", "NotTheTrail", "NotTheStatesBucketItself"])
    error_message = "These are refused, whatever policies say."
  }

  assert {
    condition     = one([for statement in jsondecode(data.aws_iam_policy_document.boundary.json).Statement : toset(statement.Resource) if statement.Sid == "NotTheseRolesThemselves"]) == toset(["arn:aws:iam::000000000000:role/cloudsail-access/*", "arn:aws:iam::000000000000:policy/cloudsail-access/*"])
    error_message = "No role may change itself, its neighbours or a boundary."
  }

  assert {
    condition     = length(setsubtract(["iam:CreateUser", "iam:*AccessKey*", "iam:*UserPermissionsBoundary", "iam:DeleteRolePermissionsBoundary", "iam:AttachRolePolicy", "iam:CreatePolicyVersion", "organizations:*"], one([for statement in jsondecode(data.aws_iam_policy_document.boundary.json).Statement : statement.Action if statement.Sid == "NoWayUp"]))) == 0
    error_message = "No user, no key and no boundary is made or taken away."
  }

  assert {
    condition     = aws_iam_role.people["break-glass"].permissions_boundary == null
    error_message = "Who breaks the glass can mend the boundary."
  }
}

run "readers_see_no_secret" {
  command = plan

  variables {
    readers = ["arn:aws:iam::000000000000:user/cem"]
  }

  assert {
    condition     = toset(one(jsondecode(data.aws_iam_policy_document.no_secrets.json).Statement).Action) == toset(["kms:Decrypt", "lambda:GetFunction", "s3:GetObject*", "secretsmanager:GetSecretValue", "sqs:ReceiveMessage", "ssm:GetParameter*"]) && one(jsondecode(data.aws_iam_policy_document.no_secrets.json).Statement).Effect == "Deny"
    error_message = "What is in secrets, parameters, queues and buckets is refused."
  }

  assert {
    condition     = keys(aws_iam_role_policy.read_only) == ["read-only"] && aws_iam_role_policy_attachment.people["read-only"].policy_arn == "arn:aws:iam::aws:policy/ReadOnlyAccess"
    error_message = "The refusal stands beside AWS's policy for reading."
  }
}

run "reject_any_repository" {
  command = plan

  variables {
    github = { provider_arn = "arn", repository = "owner/*", environments = ["dev"] }
  }

  expect_failures = [var.github]
}

run "reject_any_environment" {
  command = plan

  variables {
    github = { provider_arn = "arn", repository = "owner/cloudsail", environments = ["*"] }
  }

  expect_failures = [var.github]
}

run "reject_everybody" {
  command = plan

  variables {
    breakers = ["arn:aws:iam::000000000000:user/*"]
  }

  expect_failures = [var.breakers]
}

run "reject_the_whole_account" {
  command = plan

  variables {
    deployers = ["arn:aws:iam::000000000000:root"]
  }

  expect_failures = [var.deployers]
}

run "reject_name_that_a_deploy_may_change" {
  command = plan

  variables {
    name = "cloudsail-access"
  }

  expect_failures = [var.name]
}

run "reject_boundary_that_a_deploy_may_change" {
  command = plan

  variables {
    role_boundary_arn = "arn:aws:iam::000000000000:policy/cloudsail-roles"
  }

  expect_failures = [var.role_boundary_arn]
}
