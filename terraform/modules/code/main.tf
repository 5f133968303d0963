data "aws_caller_identity" "current" {}

# What Lambda runs is fetched from here at each deploy. Each zip's key holds the hash of its content, so that a change is
# a new object, and a version is named beside the key, so that no later write can slip in between.
resource "aws_s3_bucket" "main" {
  bucket        = "${var.name}-code-${data.aws_caller_identity.current.account_id}" # names are shared by all of AWS
  force_destroy = var.force_destroy
}

resource "aws_s3_bucket_versioning" "main" {
  bucket = aws_s3_bucket.main.id

  versioning_configuration {
    status = "Enabled"
  }
}

# Lambda keeps its own copy of what it was told to run, so that an old package here serves only who wants to look at it.
resource "aws_s3_bucket_lifecycle_configuration" "main" {
  bucket = aws_s3_bucket.main.id

  rule {
    id     = "old-packages"
    status = "Enabled"

    filter {}

    noncurrent_version_expiration {
      noncurrent_days = 30
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 1
    }
  }

  depends_on = [aws_s3_bucket_versioning.main]
}

resource "aws_s3_bucket_public_access_block" "main" {
  bucket = aws_s3_bucket.main.id

  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_server_side_encryption_configuration" "main" {
  bucket = aws_s3_bucket.main.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

locals {
  guarded = var.require_tls ? { main = aws_s3_bucket.main } : {}
}

data "aws_iam_policy_document" "tls_only" {
  for_each = local.guarded

  statement {
    sid       = "RefuseWithoutTls"
    effect    = "Deny"
    actions   = ["s3:*"] # a refusal, so that all is the narrow choice
    resources = [each.value.arn, "${each.value.arn}/*"]

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

resource "aws_s3_bucket_policy" "tls_only" {
  for_each = local.guarded

  bucket = each.value.id
  policy = data.aws_iam_policy_document.tls_only[each.key].json

  # S3 refuses two changes of one bucket's access at once.
  depends_on = [aws_s3_bucket_public_access_block.main]
}
