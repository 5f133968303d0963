locals {
  # The proxy's resource id is the last part of its ARN, and it is the id, not the name, that IAM knows.
  proxy_id = element(split(":", aws_db_proxy.main.arn), 6)
}

output "url" {
  description = "Where functions connect, through the proxy; without a password, since each connection signs a token."
  value       = "postgres://${local.roles.app}@${aws_db_proxy.main.endpoint}:${var.ports.proxy}/${local.database}"
}

output "admin_url" {
  description = "Where migrations connect, past the proxy; without a password."
  value       = "postgres://${local.roles.admin}@${aws_rds_cluster.main.endpoint}:${var.ports.cluster}/${local.database}"
}

output "connect_arn" {
  description = "What rds-db:connect is granted on: the one role, through the one proxy."
  value       = "arn:${data.aws_partition.current.partition}:rds-db:${data.aws_region.current.name}:${data.aws_caller_identity.current.account_id}:dbuser:${local.proxy_id}/${local.roles.app}"
}

output "secret_arns" {
  description = "Secrets of the two database roles: admin and app."
  value = {
    admin = one(aws_rds_cluster.main.master_user_secret).secret_arn
    app   = module.app_secret.arn
  }
}
