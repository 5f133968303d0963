locals {
  # Under which keys each origin is read. The users' own are closed to the distribution too while nobody can sign.
  readable = {
    web   = ["*"]
    media = [for behavior in local.ordered : behavior.path]
  }
}

data "aws_iam_policy_document" "read" {
  for_each = local.readable

  statement {
    sid       = "ReadByDistribution"
    actions   = ["s3:GetObject"]
    resources = [for path in each.value : "${var.origins[each.key].arn}/${path}"]

    principals {
      type        = "Service"
      identifiers = ["cloudfront.amazonaws.com"]
    }

    # The service stands for every distribution of the world, so that ours must be named.
    condition {
      test     = "StringEquals"
      variable = "aws:SourceArn"
      values   = [aws_cloudfront_distribution.main.arn]
    }
  }
}
