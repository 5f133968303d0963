output "url" {
  description = "Where the site is: its first own name, or the one that CloudFront gave it."
  value       = "https://${try(var.aliases[0], aws_cloudfront_distribution.main.domain_name)}"
}

output "domain_name" {
  description = "The name that CloudFront gave the distribution; aliases point at it."
  value       = aws_cloudfront_distribution.main.domain_name
}

output "hosted_zone_id" {
  description = "Zone of that name, which an alias record asks for."
  value       = aws_cloudfront_distribution.main.hosted_zone_id
}

output "records" {
  description = "Alias records that point at the distribution, as type and name."
  value       = sort(keys(aws_route53_record.main))
}

output "distribution_id" {
  description = "The distribution, as an invalidation names it."
  value       = aws_cloudfront_distribution.main.id
}

output "read_policies" {
  description = "Bucket policy in JSON, by origin, that lets this distribution alone read what it serves."
  value       = { for origin, document in data.aws_iam_policy_document.read : origin => document.json }
}

output "signing_key" {
  description = "The newest key: its name here, and the id that a signed address names. Null while there is none."
  value       = local.newest_key == null ? null : { name = local.newest_key, id = aws_cloudfront_public_key.main[local.newest_key].id }
}
