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
  name = "cloudsail-test-media-000000000000"
}

run "closed_by_default" {
  command = plan

  assert {
    condition = alltrue([
      aws_s3_bucket_public_access_block.main.block_public_acls,
      aws_s3_bucket_public_access_block.main.block_public_policy,
      aws_s3_bucket_public_access_block.main.ignore_public_acls,
      aws_s3_bucket_public_access_block.main.restrict_public_buckets,
    ])
    error_message = "The public is kept out, whatever a policy or an ACL says."
  }

  assert {
    condition     = aws_s3_bucket_ownership_controls.main.rule[0].object_ownership == "BucketOwnerEnforced"
    error_message = "There are no ACLs, and all that is put here is ours."
  }

  assert {
    condition = jsondecode(data.aws_iam_policy_document.main["main"].json).Statement == [{
      Sid       = "RefuseWithoutTls"
      Effect    = "Deny"
      Action    = "s3:*"
      Principal = "*"
      Resource  = ["arn:aws:s3:::cloudsail-test-media-000000000000/*", "arn:aws:s3:::cloudsail-test-media-000000000000"]
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
    error_message = "Plain HTTP is refused to everyone, and nobody is let in."
  }

  assert {
    condition     = aws_s3_bucket_versioning.main.versioning_configuration[0].status == "Enabled" && !aws_s3_bucket.main.force_destroy
    error_message = "What is written over or deleted is kept."
  }

  assert {
    condition     = one(one(aws_s3_bucket_server_side_encryption_configuration.main.rule).apply_server_side_encryption_by_default).sse_algorithm == "AES256"
    error_message = "Objects are encrypted with S3's own keys unless a key is named."
  }

  assert {
    condition     = length(aws_s3_bucket_logging.main) == 0 && length(aws_s3_bucket_cors_configuration.main) == 0
    error_message = "No page may upload, and nothing is logged, unless told."
  }

  assert {
    condition = ([for rule in aws_s3_bucket_lifecycle_configuration.main.rule : jsonencode([rule.id, rule.status, rule.filter[0].prefix, rule.expiration[0], rule.noncurrent_version_expiration[0].noncurrent_days, rule.abort_incomplete_multipart_upload[0].days_after_initiation])]
    == [jsonencode(["clean-up", "Enabled", "", { date = null, days = 0, expired_object_delete_marker = true }, 30, 7])])
    error_message = "Old versions go after 30 days, parts of broken uploads after 7, and no object by its age."
  }
}

run "objects_go_by_prefix" {
  command = plan

  variables {
    expire_after_days = { "tmp/" = 3, "mail/delivered/" = 14 }
    noncurrent_days   = 90
  }

  assert {
    condition = [for rule in aws_s3_bucket_lifecycle_configuration.main.rule : [rule.id, rule.status, rule.filter[0].prefix, rule.expiration[0].days, rule.noncurrent_version_expiration[0].noncurrent_days]] == [
      ["clean-up", "Enabled", "", 0, 90],
      ["expire-mail/delivered", "Enabled", "mail/delivered/", 14, 1],
      ["expire-tmp", "Enabled", "tmp/", 3, 1],
    ]
    error_message = "Each prefix has its days, and what has expired is gone a day later; all else is kept."
  }
}

run "all_objects_go" {
  command = plan

  variables {
    expire_after_days = { "" = 90 }
  }

  # S3 refuses two rules on the same objects where one removes markers and the other sets days.
  assert {
    condition = [for rule in aws_s3_bucket_lifecycle_configuration.main.rule : [rule.id, rule.filter[0].prefix, [for expiration in rule.expiration : expiration.days]]] == [
      ["clean-up", "", []],
      ["expire-all", "", [90]],
    ]
    error_message = "The empty prefix is all objects."
  }
}

run "opened_to_what_is_named" {
  command = plan

  variables {
    policies = [jsonencode({
      Version = "2012-10-17"
      Statement = [{
        Sid       = "ReadByDistribution"
        Effect    = "Allow"
        Action    = "s3:GetObject"
        Principal = { Service = "cloudfront.amazonaws.com" }
        Resource  = "arn:aws:s3:::cloudsail-test-media-000000000000/media/*"
      }]
    })]
    upload_origins = ["https://cloudsail.example"]
    log_bucket     = "cloudsail-test-logs-000000000000"
    kms_key_arn    = "arn:aws:kms:ca-central-1:000000000000:key/1"
  }

  assert {
    condition     = { for statement in jsondecode(data.aws_iam_policy_document.main["main"].json).Statement : statement.Sid => [statement.Effect, statement.Principal] } == { ReadByDistribution = ["Allow", { Service = "cloudfront.amazonaws.com" }], RefuseWithoutTls = ["Deny", "*"] }
    error_message = "A policy that is given stands beside the refusal of plain HTTP."
  }

  assert {
    condition     = one(aws_s3_bucket_cors_configuration.main["upload"].cors_rule).allowed_origins == toset(["https://cloudsail.example"]) && one(aws_s3_bucket_cors_configuration.main["upload"].cors_rule).allowed_methods == toset(["PUT"])
    error_message = "Pages of this one site may upload, and read nothing."
  }

  assert {
    condition     = aws_s3_bucket_logging.main["log"].target_bucket == "cloudsail-test-logs-000000000000" && aws_s3_bucket_logging.main["log"].target_prefix == "s3/cloudsail-test-media-000000000000/"
    error_message = "Who asked for what is written into the bucket of logs, under this bucket's name."
  }

  assert {
    condition     = one(aws_s3_bucket_server_side_encryption_configuration.main.rule).bucket_key_enabled && one(one(aws_s3_bucket_server_side_encryption_configuration.main.rule).apply_server_side_encryption_by_default) == { sse_algorithm = "aws:kms", kms_master_key_id = "arn:aws:kms:ca-central-1:000000000000:key/1" }
    error_message = "Objects are encrypted with the key that is named."
  }
}

run "only_these_delete" {
  command = plan

  variables {
    require_tls = false
    deleters    = ["arn:aws:iam::000000000000:role/cloudsail-test-object-clean-up", "arn:aws:iam::000000000000:role/cloudsail-access/*-break-glass"]
  }

  assert {
    condition = jsondecode(data.aws_iam_policy_document.main["main"].json).Statement == [{
      Sid       = "OnlyTheseDelete"
      Effect    = "Deny"
      Action    = ["s3:DeleteObjectVersion", "s3:DeleteObject"]
      Principal = "*"
      Resource  = "arn:aws:s3:::cloudsail-test-media-000000000000/*"
      Condition = { ArnNotLike = { "aws:PrincipalArn" = ["arn:aws:iam::000000000000:role/cloudsail-test-object-clean-up", "arn:aws:iam::000000000000:role/cloudsail-access/*-break-glass"] } }
    }]
    error_message = "Everyone else is refused deleting objects and their versions, and nothing more: the policy can still be changed."
  }

  assert {
    condition     = output.deleters == tolist(var.deleters)
    error_message = "It says who may."
  }
}

run "a_destroy_deletes_what_it_takes_along" {
  command = plan

  variables {
    require_tls   = false
    force_destroy = true
    deleters      = ["arn:aws:iam::000000000000:role/cloudsail-test-object-clean-up"]
  }

  assert {
    condition     = length(aws_s3_bucket_policy.main) == 0 && length(output.deleters) == 0
    error_message = "Who applies must be able to empty a bucket that is destroyed with what is in it."
  }
}

run "plain_http_where_told" {
  command = plan

  variables {
    require_tls = false
  }

  assert {
    condition     = length(aws_s3_bucket_policy.main) == 0
    error_message = "The local cloud is reached over loopback without TLS."
  }
}

run "reject_upper_case" {
  command = plan

  variables {
    name = "Cloudsail"
  }

  expect_failures = [var.name]
}

run "reject_name_too_long" {
  command = plan

  variables {
    name = "cloudsail-test-media-000000000000-and-more-than-s3-takes-in-a-name"
  }

  expect_failures = [var.name]
}

run "reject_part_of_a_day" {
  command = plan

  variables {
    expire_after_days = { "tmp/" = 0.5 }
  }

  expect_failures = [var.expire_after_days]
}

run "reject_prefix_without_slash" {
  command = plan

  variables {
    expire_after_days = { tmp = 3 }
  }

  expect_failures = [var.expire_after_days]
}

run "reject_old_versions_gone_at_once" {
  command = plan

  variables {
    noncurrent_days = 0
  }

  expect_failures = [var.noncurrent_days]
}

run "reject_key_by_alias" {
  command = plan

  variables {
    kms_key_arn = "arn:aws:kms:ca-central-1:000000000000:alias/media"
  }

  expect_failures = [var.kms_key_arn]
}

run "reject_any_role_as_deleter" {
  command = plan

  variables {
    deleters = ["arn:aws:iam::000000000000:role/*"]
  }

  expect_failures = [var.deleters]
}

run "reject_upload_from_anywhere" {
  command = plan

  variables {
    upload_origins = ["https://*"]
  }

  expect_failures = [var.upload_origins]
}
