# The passwords are made by Secrets Manager and pass through Terraform as ephemeral values and write-only arguments:
# neither the plan nor the state ever holds one.
ephemeral "aws_secretsmanager_random_password" "main" {
  for_each = local.roles

  password_length     = 48
  exclude_punctuation = true # goes into connection strings as it is
}

resource "aws_secretsmanager_secret" "main" {
  for_each = local.roles

  name                    = "${var.name}/database/${each.key}"
  description             = "Name and password of the database role ${each.value}"
  recovery_window_in_days = var.protect ? 30 : 0
}

resource "aws_secretsmanager_secret_version" "main" {
  for_each = local.roles

  secret_id                = aws_secretsmanager_secret.main[each.key].id
  secret_string_wo_version = var.password_version
  secret_string_wo = jsonencode({
    username = each.value
    password = ephemeral.aws_secretsmanager_random_password.main[each.key].random_password
  })
}

# Read back, not taken from the random value: after an apply that broke off between the two, secret and cluster still agree.
ephemeral "aws_secretsmanager_secret_version" "admin" {
  secret_id  = aws_secretsmanager_secret_version.main["admin"].secret_id
  version_id = aws_secretsmanager_secret_version.main["admin"].version_id
}
