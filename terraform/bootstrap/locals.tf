locals {
  bucket_arn = "arn:${data.aws_partition.current.partition}:s3:::cloudsail-state-${var.account_id}"
}
