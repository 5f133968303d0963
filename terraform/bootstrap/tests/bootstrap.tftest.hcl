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
  github_repository = "owner/cloudsail"
  breakers          = ["arn:aws:iam::000000000000:user/ann"]
}

run "states_are_kept_and_closed" {
  command = plan

  assert {
    condition     = aws_s3_bucket.state.bucket == "cloudsail-state-000000000000" && aws_s3_bucket_versioning.state.versioning_configuration[0].status == "Enabled"
    error_message = "Each apply leaves a version."
  }

  assert {
    condition = alltrue([
      aws_s3_bucket_public_access_block.state.block_public_acls,
      aws_s3_bucket_public_access_block.state.block_public_policy,
      aws_s3_bucket_public_access_block.state.ignore_public_acls,
      aws_s3_bucket_public_access_block.state.restrict_public_buckets,
    ])
    error_message = "Nobody outside reads a state."
  }

  assert {
    condition     = one(one(aws_s3_bucket_server_side_encryption_configuration.state.rule).apply_server_side_encryption_by_default).sse_algorithm == "aws:kms" && aws_kms_key.state.enable_key_rotation
    error_message = "States are encrypted with a key of their own."
  }

  assert {
    condition = jsondecode(data.aws_iam_policy_document.state.json).Statement == [{
      Sid       = "RefuseWithoutTls"
      Effect    = "Deny"
      Action    = "s3:*"
      Principal = "*"
      Resource  = ["arn:aws:s3:::cloudsail-state-000000000000/*", "arn:aws:s3:::cloudsail-state-000000000000"]
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
    error_message = "Plain HTTP is refused."
  }
}

run "github_vouches_for_sts_alone" {
  command = plan

  assert {
    condition     = aws_iam_openid_connect_provider.github.url == "https://token.actions.githubusercontent.com" && toset(aws_iam_openid_connect_provider.github.client_id_list) == toset(["sts.amazonaws.com"])
    error_message = "A token for another audience is no token."
  }

  assert {
    condition     = jsondecode(data.aws_iam_policy_document.gateway_trust.json).Statement == [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "apigateway.amazonaws.com" }, Condition = { StringEquals = { "aws:SourceAccount" = "000000000000" } } }]
    error_message = "Only API Gateway of this account takes the logs' role on."
  }
}

run "environments_find_their_boundary" {
  command = plan

  assert {
    condition     = module.role_boundary.arn == "arn:aws:iam::000000000000:policy/cloudsail-access/environment-roles"
    error_message = "dev and prod name it so."
  }

  assert {
    condition     = !startswith(aws_iam_role.gateway.name, "cloudsail-")
    error_message = "The role that all environments share is none that a deploy may change."
  }
}

run "reject_nobody_who_can_mend" {
  command = plan

  variables {
    breakers = []
  }

  expect_failures = [var.breakers]
}

run "reject_any_repository" {
  command = plan

  variables {
    github_repository = "owner/*"
  }

  expect_failures = [var.github_repository]
}

run "reject_any_environment" {
  command = plan

  variables {
    github_environments = ["*"]
  }

  expect_failures = [var.github_environments]
}

run "reject_account_by_name" {
  command = plan

  variables {
    account_id = "cloudsail"
  }

  expect_failures = [var.account_id]
}

run "reject_place_that_is_no_region" {
  command = plan

  variables {
    region = "Canada"
  }

  expect_failures = [var.region]
}
