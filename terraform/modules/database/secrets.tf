# What the proxy signs in with. The other role's password, which owns the schema, is RDS's to make and to change.
module "app_secret" {
  source = "../secret"

  name             = "${var.name}/database/app"
  description      = "Name and password of the database role ${local.roles.app}"
  username         = local.roles.app
  password_version = var.password_version
  protect          = var.protect
}

moved {
  from = aws_secretsmanager_secret.main["app"]
  to   = module.app_secret.aws_secretsmanager_secret.main
}

moved {
  from = aws_secretsmanager_secret_version.main["app"]
  to   = module.app_secret.aws_secretsmanager_secret_version.main
}
