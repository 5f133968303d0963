output "bucket" {
  description = "Name of the bucket, ready to be written to: versioned, encrypted and closed."
  value       = aws_s3_bucket.main.id

  # An object that is put before versioning is on has no version to name.
  depends_on = [
    aws_s3_bucket_versioning.main,
    aws_s3_bucket_server_side_encryption_configuration.main,
    aws_s3_bucket_public_access_block.main,
    aws_s3_bucket_policy.tls_only,
  ]
}
