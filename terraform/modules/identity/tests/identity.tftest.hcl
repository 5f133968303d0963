mock_provider "aws" {
  override_during = plan

  mock_data "aws_region" {
    defaults = { name = "ca-central-1" }
  }
  mock_data "aws_secretsmanager_secret_version" {
    defaults = { secret_string = "the client's secret" }
  }
  mock_resource "aws_cognito_user_pool" {
    defaults = { arn = "arn:aws:cognito-idp:ca-central-1:000000000000:userpool/ca-central-1_pool" }
  }
}

variables {
  name = "cloudsail-test"
}

run "no_secret_and_no_hint_who_exists" {
  command = plan

  assert {
    condition     = !aws_cognito_user_pool_client.main.generate_secret && aws_cognito_user_pool_client.main.prevent_user_existence_errors == "ENABLED"
    error_message = "The client has no secret, and answers alike whether a user exists or not."
  }
}

run "reject_token_of_a_minute" {
  command = plan

  variables {
    access_token_minutes = 1
  }

  expect_failures = [var.access_token_minutes]
}

run "nothing_more_than_asked_for" {
  command = plan

  assert {
    condition = [
      aws_cognito_user_pool.main.mfa_configuration,
      aws_cognito_user_pool.main.user_pool_tier,
      aws_cognito_user_pool.main.user_pool_add_ons[0].advanced_security_mode,
      aws_cognito_user_pool.main.email_configuration[0].email_sending_account,
      length(aws_cognito_user_pool.main.lambda_config),
      length(aws_cognito_user_pool_domain.main),
      length(aws_cognito_identity_provider.google),
    ] == ["OFF", "ESSENTIALS", "OFF", "COGNITO_DEFAULT", 0, 0, 0] && output.page == null
    error_message = "Without further variables there is no page, no Google, no trigger, and nothing that costs for each user."
  }

  assert {
    condition     = !aws_cognito_user_pool_client.main.allowed_oauth_flows_user_pool_client && aws_cognito_user_pool_client.main.supported_identity_providers == toset(["COGNITO"])
    error_message = "And the client gives no codes."
  }
}

run "google_on_a_page" {
  command = plan

  variables {
    page   = { domain = "cloudsail-test", callback_urls = ["https://cloudsail.example.com/signed-in"], logout_urls = ["https://cloudsail.example.com/"] }
    google = { client_id = "1-a.apps.googleusercontent.com", secret_arn = "arn:aws:secretsmanager:ca-central-1:000000000000:secret:google" }
  }

  assert {
    condition     = output.page == "https://cloudsail-test.auth.ca-central-1.amazoncognito.com"
    error_message = "The page has a name below Cognito's own."
  }

  assert {
    condition = [
      toset(aws_cognito_user_pool_client.main.allowed_oauth_flows),
      toset(aws_cognito_user_pool_client.main.callback_urls),
      toset(aws_cognito_user_pool_client.main.logout_urls),
      toset(aws_cognito_user_pool_client.main.supported_identity_providers),
    ] == [toset(["code"]), toset(["https://cloudsail.example.com/signed-in"]), toset(["https://cloudsail.example.com/"]), toset(["COGNITO", "Google"])]
    error_message = "People come back with a code, only to the addresses that were named, from Cognito or Google."
  }

  assert {
    condition     = contains(aws_cognito_user_pool_client.main.allowed_oauth_scopes, "aws.cognito.signin.user.admin")
    error_message = "Their tokens open the API's routes, which ask for this scope."
  }

  assert {
    condition = aws_cognito_identity_provider.google[0].provider_details == tomap({
      client_id        = "1-a.apps.googleusercontent.com"
      client_secret    = "the client's secret"
      authorize_scopes = "openid email profile"
    })
    error_message = "The client's secret is read from Secrets Manager."
  }
}

run "a_page_of_our_own_name" {
  command = plan

  variables {
    page = { domain = "sign-in.example.com", certificate_arn = "arn:aws:acm:us-east-1:000000000000:certificate/1", callback_urls = ["https://cloudsail.example.com/signed-in"] }
  }

  assert {
    condition     = output.page == "https://sign-in.example.com"
    error_message = "With a certificate the page has our name."
  }
}

run "second_factor_and_protection" {
  command = plan

  variables {
    mfa               = "OPTIONAL"
    threat_protection = "AUDIT"
  }

  assert {
    condition     = aws_cognito_user_pool.main.mfa_configuration == "OPTIONAL" && aws_cognito_user_pool.main.software_token_mfa_configuration[0].enabled && length(aws_cognito_user_pool.main.sms_configuration) == 0
    error_message = "The second factor is an app's code, never an SMS."
  }

  assert {
    condition     = aws_cognito_user_pool.main.user_pool_tier == "PLUS" && aws_cognito_user_pool.main.user_pool_add_ons[0].advanced_security_mode == "AUDIT"
    error_message = "Threat protection takes the tier that has it."
  }
}

run "mails_through_ses" {
  command = plan

  variables {
    email = { from = "Cloudsail <noreply@example.com>", identity_arn = "arn:aws:ses:ca-central-1:000000000000:identity/example.com", configuration_set = "cloudsail-test" }
  }

  assert {
    condition = [for email in aws_cognito_user_pool.main.email_configuration : [email.email_sending_account, email.from_email_address, email.source_arn, email.configuration_set]] == [
      ["DEVELOPER", var.email.from, var.email.identity_arn, "cloudsail-test"]
    ]
    error_message = "Cognito sends as the identity, through the configuration set."
  }
}

run "only_this_pool_calls_its_triggers" {
  command = plan

  variables {
    triggers = { post_confirmation = "arn:aws:lambda:ca-central-1:000000000000:function:cloudsail-test-user-create" }
  }

  assert {
    condition     = aws_cognito_user_pool.main.lambda_config[0].post_confirmation == var.triggers.post_confirmation
    error_message = "The function is called when a user is confirmed."
  }

  assert {
    condition = { for moment, permission in aws_lambda_permission.trigger : moment => [permission.principal, permission.function_name, permission.source_arn] } == {
      post_confirmation = ["cognito-idp.amazonaws.com", var.triggers.post_confirmation, "arn:aws:cognito-idp:ca-central-1:000000000000:userpool/ca-central-1_pool"]
    }
    error_message = "By this pool, and by no other."
  }
}
