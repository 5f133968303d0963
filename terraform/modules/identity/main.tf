data "aws_region" "current" {}

resource "aws_cognito_user_pool" "main" {
  name                     = var.name
  username_attributes      = ["email"]
  auto_verified_attributes = ["email"]
  mfa_configuration        = var.mfa
  user_pool_tier           = var.threat_protection == "OFF" ? "ESSENTIALS" : "PLUS" # which costs more for each user
  deletion_protection      = var.protect ? "ACTIVE" : "INACTIVE"

  username_configuration {
    case_sensitive = false
  }

  password_policy {
    minimum_length                   = var.password_policy.minimum_length
    require_lowercase                = var.password_policy.require_lowercase
    require_numbers                  = var.password_policy.require_numbers
    require_symbols                  = var.password_policy.require_symbols
    require_uppercase                = var.password_policy.require_uppercase
    temporary_password_validity_days = 1
  }

  # An app that shows a new code each half minute. Not by SMS, which costs, and which a stolen phone number reads.
  dynamic "software_token_mfa_configuration" {
    for_each = var.mfa == "OFF" ? [] : ["app"]

    content {
      enabled = true
    }
  }

  user_pool_add_ons {
    advanced_security_mode = var.threat_protection
  }

  account_recovery_setting {
    recovery_mechanism {
      name     = "verified_email"
      priority = 1
    }
  }

  # Cognito's own sender is for trying out: 50 mails a day.
  email_configuration {
    email_sending_account = var.email == null ? "COGNITO_DEFAULT" : "DEVELOPER"
    from_email_address    = try(var.email.from, null)
    source_arn            = try(var.email.identity_arn, null)
    configuration_set     = try(var.email.configuration_set, null)
  }

  dynamic "lambda_config" {
    for_each = length(var.triggers) > 0 ? [var.triggers] : []

    content {
      pre_sign_up          = lookup(lambda_config.value, "pre_sign_up", null)
      post_confirmation    = lookup(lambda_config.value, "post_confirmation", null)
      pre_authentication   = lookup(lambda_config.value, "pre_authentication", null)
      post_authentication  = lookup(lambda_config.value, "post_authentication", null)
      pre_token_generation = lookup(lambda_config.value, "pre_token_generation", null)
      custom_message       = lookup(lambda_config.value, "custom_message", null)
    }
  }
}

resource "aws_lambda_permission" "trigger" {
  for_each = var.triggers

  statement_id  = replace(each.key, "_", "-")
  action        = "lambda:InvokeFunction"
  function_name = each.value
  principal     = "cognito-idp.amazonaws.com"
  source_arn    = aws_cognito_user_pool.main.arn
}

resource "aws_cognito_user_pool_client" "main" {
  name         = "${var.name}-api"
  user_pool_id = aws_cognito_user_pool.main.id

  # The functions sign people in over TLS with the password they were given; there is no secret to leak.
  generate_secret               = false
  explicit_auth_flows           = ["ALLOW_USER_PASSWORD_AUTH"] # refreshing goes by GetTokensFromRefreshToken, as rotation asks
  prevent_user_existence_errors = "ENABLED"
  enable_token_revocation       = true

  access_token_validity  = var.access_token_minutes
  id_token_validity      = var.access_token_minutes
  refresh_token_validity = var.refresh_token_days

  # A refresh token is spent by its use. For a minute it may be used again: an answer can get lost on the way.
  refresh_token_rotation {
    feature                    = "ENABLED"
    retry_grace_period_seconds = 60
  }

  # People may also sign in on Cognito's page, and come back with a code that is good once.
  allowed_oauth_flows_user_pool_client = local.has_page
  allowed_oauth_flows                  = local.has_page ? ["code"] : null
  allowed_oauth_scopes                 = local.has_page ? ["openid", "email", "profile", "aws.cognito.signin.user.admin"] : null # the last is what our routes ask for
  callback_urls                        = local.has_page ? var.page.callback_urls : null
  logout_urls                          = local.has_page ? var.page.logout_urls : null
  supported_identity_providers         = concat(["COGNITO"], aws_cognito_identity_provider.google[*].provider_name)

  token_validity_units {
    access_token  = "minutes"
    id_token      = "minutes"
    refresh_token = "days"
  }
}
