mock_provider "aws" {
  override_during = plan

  mock_data "aws_caller_identity" {
    defaults = { account_id = "000000000000" }
  }
  mock_data "aws_iam_policy_document" {
    defaults = { json = "{}" }
  }
}

variables {
  name = "cloudsail-test"
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
    error_message = "Nobody outside reads or writes the code."
  }

  assert {
    condition     = keys(aws_s3_bucket_policy.tls_only) == ["main"] && !aws_s3_bucket.main.force_destroy
    error_message = "Plain HTTP is refused and what is there is kept, unless told otherwise."
  }

  assert {
    condition     = aws_s3_bucket_versioning.main.versioning_configuration[0].status == "Enabled"
    error_message = "Each write is a version of its own."
  }

  assert {
    condition     = aws_s3_bucket_lifecycle_configuration.main.rule[0].noncurrent_version_expiration[0].noncurrent_days == 30
    error_message = "What a later write took the place of goes after a month."
  }

  assert {
    condition     = aws_s3_bucket.main.bucket == "cloudsail-test-code-000000000000"
    error_message = "The account's number is in the name: bucket names are shared by all of AWS."
  }
}

run "plain_http_where_told" {
  command = plan

  variables {
    require_tls = false
  }

  assert {
    condition     = length(aws_s3_bucket_policy.tls_only) == 0
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
