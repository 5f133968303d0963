# What is kept in buckets, and the way to it.

locals {
  # Bucket names are shared by all of AWS, so each holds the account's number.
  bucket_names = { for purpose in ["code"] : purpose => "${local.name}-${purpose}-${data.aws_caller_identity.current.account_id}" }
}
