output "identity_arn" {
  description = "The identity that mail is sent as."
  value       = local.arns.identity
}

output "configuration_set" {
  description = "The configuration set that mail is sent through."
  value       = { name = aws_sesv2_configuration_set.main.configuration_set_name, arn = local.arns.configuration_set }
}

output "feedback_rule_arn" {
  description = "The rule that fills the queue of feedback."
  value       = local.arns.feedback_rule
}

output "records" {
  description = "The domain's records, in Terraform's zone or to be made by hand."
  value = concat(
    [for record in values(local.records) : record],
    [for record in module.identity.dkim_records : { name = record.name, type = "CNAME", values = [record.value] }],
  )
}
