# A bucket as all of ours are: versioned, encrypted, closed to the public and to plain HTTP, its objects owned by this account.
resource "aws_s3_bucket" "main" {
  bucket        = var.name
  force_destroy = var.force_destroy
}

resource "aws_s3_bucket_versioning" "main" {
  bucket = aws_s3_bucket.main.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_public_access_block" "main" {
  bucket = aws_s3_bucket.main.id

  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

# Without ACLs, what another account or a service puts here is ours, and the bucket's policy is all there is to read.
resource "aws_s3_bucket_ownership_controls" "main" {
  bucket = aws_s3_bucket.main.id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "main" {
  bucket = aws_s3_bucket.main.id

  rule {
    bucket_key_enabled = var.kms_key_arn != null # one call to KMS for many objects, not one for each

    apply_server_side_encryption_by_default {
      sse_algorithm     = var.kms_key_arn == null ? "AES256" : "aws:kms"
      kms_master_key_id = var.kms_key_arn
    }
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "main" {
  bucket = aws_s3_bucket.main.id

  rule {
    id     = "clean-up"
    status = "Enabled"

    filter {}

    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }

    noncurrent_version_expiration {
      noncurrent_days = var.noncurrent_days
    }

    # What stands for a deleted object goes when the last of its versions has gone.
    dynamic "expiration" {
      for_each = contains(keys(var.expire_after_days), "") ? [] : ["markers"]

      content {
        expired_object_delete_marker = true
      }
    }
  }

  dynamic "rule" {
    for_each = var.expire_after_days

    content {
      id     = "expire-${rule.key == "" ? "all" : trimsuffix(rule.key, "/")}"
      status = "Enabled"

      filter {
        prefix = rule.key
      }

      expiration {
        days = rule.value
      }

      # Expiring only hides the object; a day later it is gone. Nobody asks for it back.
      noncurrent_version_expiration {
        noncurrent_days = 1
      }
    }
  }

  # S3 takes a rule on old versions only where there are versions.
  depends_on = [aws_s3_bucket_versioning.main]
}

resource "aws_s3_bucket_logging" "main" {
  for_each = toset(var.log_bucket == null ? [] : ["log"])

  bucket        = aws_s3_bucket.main.id
  target_bucket = var.log_bucket
  target_prefix = "s3/${var.name}/"
}

resource "aws_s3_bucket_cors_configuration" "main" {
  for_each = toset(length(var.upload_origins) == 0 ? [] : ["upload"])

  bucket = aws_s3_bucket.main.id

  cors_rule {
    allowed_methods = ["PUT"]
    allowed_origins = var.upload_origins
    allowed_headers = ["*"] # those that the upload's address was signed with
    expose_headers  = ["ETag"]
    max_age_seconds = 3600
  }
}

data "aws_partition" "current" {}

locals {
  # Made of the name rather than asked of the bucket, so that the plan already shows what the policy says.
  arn = "arn:${data.aws_partition.current.partition}:s3:::${var.name}"

  # A bucket without a policy has no document either: S3 refuses an empty one.
  policies = toset(var.require_tls || length(var.policies) > 0 || length(local.deleters) > 0 ? ["main"] : [])

  # Where a destroy takes along what is in the bucket, Terraform deletes it, as whoever applies: nobody can be refused there.
  deleters = var.force_destroy ? [] : var.deleters
}

data "aws_iam_policy_document" "main" {
  for_each = local.policies

  source_policy_documents = var.policies

  dynamic "statement" {
    for_each = var.require_tls ? ["tls"] : []

    content {
      sid       = "RefuseWithoutTls"
      effect    = "Deny"
      actions   = ["s3:*"] # a refusal, so that all is the narrow choice
      resources = [local.arn, "${local.arn}/*"]

      principals {
        type        = "*" # whoever it is
        identifiers = ["*"]
      }

      condition {
        test     = "Bool"
        variable = "aws:SecureTransport"
        values   = ["false"]
      }
    }
  }

  # Whatever a role's own policy comes to say. It locks nobody out for good, the root user neither: it refuses deleting objects, and
  # not changing this policy. S3's lifecycle goes on, which no policy is asked about.
  dynamic "statement" {
    for_each = length(local.deleters) > 0 ? ["delete"] : []

    content {
      sid       = "OnlyTheseDelete"
      effect    = "Deny"
      actions   = ["s3:DeleteObject", "s3:DeleteObjectVersion"]
      resources = ["${local.arn}/*"]

      principals {
        type        = "*" # whoever it is
        identifiers = ["*"]
      }

      condition {
        test     = "ArnNotLike"
        variable = "aws:PrincipalArn" # of a role's session, the role
        values   = local.deleters
      }
    }
  }
}

resource "aws_s3_bucket_policy" "main" {
  for_each = local.policies

  bucket = aws_s3_bucket.main.id
  policy = data.aws_iam_policy_document.main[each.key].json

  # S3 refuses two changes of one bucket's access at once.
  depends_on = [aws_s3_bucket_public_access_block.main, aws_s3_bucket_ownership_controls.main]
}
