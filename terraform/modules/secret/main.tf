# A name and its password. The password is made by Secrets Manager and passes through Terraform as an ephemeral value and a
# write-only argument: neither the plan nor the state ever holds it.
ephemeral "aws_secretsmanager_random_password" "main" {
  password_length     = 48
  exclude_punctuation = true # goes into connection strings as it is
}

resource "aws_secretsmanager_secret" "main" {
  name                    = var.name
  description             = var.description
  recovery_window_in_days = var.protect ? 30 : 0
}

resource "aws_secretsmanager_secret_version" "main" {
  secret_id                = aws_secretsmanager_secret.main.id
  secret_string_wo_version = var.password_version
  secret_string_wo = jsonencode({
    username = var.username
    password = ephemeral.aws_secretsmanager_random_password.main.random_password
  })
}
