output "bucket" {
  description = "Where mail is read: the bucket's name, its region, and the ARN of all mail in it."
  value = {
    name     = module.bucket.bucket
    region   = data.aws_region.current.name
    mail_arn = "${local.arn}/${local.prefix}*"
  }
}

output "topic_arn" {
  description = "What the queue must let in."
  value       = local.topic_arn
}

output "records" {
  description = "The domain's records, in Terraform's zone or to be made by hand."
  value = concat(
    [{ name = var.domain, type = "MX", values = [local.mx] }],
    [for record in module.identity.dkim_records : { name = record.name, type = "CNAME", values = [record.value] }],
  )
}
