output "bucket" {
  description = "Where mail is read: the bucket's name and ARN, its region, the ARN of all mail in it, and who alone may delete."
  value = {
    name     = module.bucket.bucket
    arn      = local.arn
    region   = data.aws_region.current.name
    mail_arn = "${local.arn}/${local.prefix}*"
    deleters = module.bucket.deleters
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
