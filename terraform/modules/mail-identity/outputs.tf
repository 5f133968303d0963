output "dkim_records" {
  description = "The CNAME records that prove the domain to SES, and that its signatures are read with."
  value       = local.dkim
}

output "name" {
  description = "The domain or address, once SES knows it."
  value       = aws_sesv2_email_identity.main.email_identity
}
