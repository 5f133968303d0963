# Who may sign addresses under users/. Only the public halves come here; scripts/cdn-key makes the pairs.

locals {
  newest_key = try(reverse(sort(keys(var.public_keys)))[0], null)
}

resource "aws_cloudfront_public_key" "main" {
  for_each = var.public_keys

  name        = "${var.name}-${each.key}"
  comment     = "Checks addresses signed with the key ${each.key}"
  encoded_key = "${trimspace(each.value)}\n" # CloudFront gives it back with a new line at its end

  # A key goes after the group was told to do without it.
  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_cloudfront_key_group" "main" {
  for_each = toset(length(var.public_keys) == 0 ? [] : ["users"])

  name    = var.name
  comment = "Keys that sign addresses under users/"
  items   = [for name in sort(keys(var.public_keys)) : aws_cloudfront_public_key.main[name].id]

  # And the group after the distribution was: CloudFront deletes neither while it is asked.
  lifecycle {
    create_before_destroy = true
  }
}
