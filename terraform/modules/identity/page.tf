# Cognito's own page to sign in on, and Google as another way to sign in there.

locals {
  has_page = var.page != null
}

resource "aws_cognito_user_pool_domain" "main" {
  count = local.has_page ? 1 : 0

  user_pool_id    = aws_cognito_user_pool.main.id
  domain          = var.page.domain
  certificate_arn = var.page.certificate_arn
}

# The provider has no argument for this secret that would keep it out of the state: Cognito answers it to whoever may ask
# for the identity provider, and Terraform stores the answer. docs/mail.md bounds the risk.
data "aws_secretsmanager_secret_version" "google" {
  count = var.google == null ? 0 : 1

  secret_id = var.google.secret_arn
}

resource "aws_cognito_identity_provider" "google" {
  count = var.google == null ? 0 : 1

  user_pool_id  = aws_cognito_user_pool.main.id
  provider_name = "Google"
  provider_type = "Google"

  provider_details = {
    client_id        = var.google.client_id
    client_secret    = data.aws_secretsmanager_secret_version.google[0].secret_string
    authorize_scopes = "openid email profile"
  }

  attribute_mapping = {
    username       = "sub"
    email          = "email"
    email_verified = "email_verified"
  }

  # Cognito adds Google's addresses to what it was told.
  lifecycle {
    ignore_changes = [
      provider_details["attributes_url"],
      provider_details["attributes_url_add_attributes"],
      provider_details["authorize_url"],
      provider_details["oidc_issuer"],
      provider_details["token_request_method"],
      provider_details["token_url"],
    ]
  }
}
