output "arn" {
  description = "What a CloudFront distribution takes as its web_acl_id."
  value       = aws_wafv2_web_acl.main.arn
}
