mock_provider "aws" {}

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
