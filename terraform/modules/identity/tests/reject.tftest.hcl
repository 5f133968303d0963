# What sign-in may not be told.

mock_provider "aws" {}

variables {
  name = "cloudsail-test"
}

run "reject_second_factor_by_sms" {
  command = plan

  variables {
    mfa = "SMS"
  }

  expect_failures = [var.mfa]
}

run "reject_short_password" {
  command = plan

  variables {
    password_policy = { minimum_length = 8 }
  }

  expect_failures = [var.password_policy]
}

run "reject_protection_of_another_name" {
  command = plan

  variables {
    threat_protection = "ON"
  }

  expect_failures = [var.threat_protection]
}

run "reject_page_without_a_way_back" {
  command = plan

  variables {
    page = { domain = "cloudsail-test", callback_urls = [] }
  }

  expect_failures = [var.page]
}

run "reject_way_back_in_the_clear" {
  command = plan

  variables {
    page = { domain = "cloudsail-test", callback_urls = ["http://cloudsail.example.com/"] }
  }

  expect_failures = [var.page]
}

run "reject_way_back_to_anywhere" {
  command = plan

  variables {
    page = { domain = "cloudsail-test", callback_urls = ["https://*.example.com/"] }
  }

  expect_failures = [var.page]
}

run "reject_own_name_without_certificate" {
  command = plan

  variables {
    page = { domain = "sign-in.example.com", callback_urls = ["https://cloudsail.example.com/"] }
  }

  expect_failures = [var.page]
}

run "reject_google_secret_in_clear" {
  command = plan

  variables {
    page   = { domain = "cloudsail-test", callback_urls = ["https://cloudsail.example.com/"] }
    google = { client_id = "1-a.apps.googleusercontent.com", secret_arn = "GOCSPX-secret" }
  }

  expect_failures = [var.google]
}

run "reject_google_without_a_page" {
  command = plan

  variables {
    google = { client_id = "1-a.apps.googleusercontent.com", secret_arn = "arn:aws:secretsmanager:ca-central-1:000000000000:secret:google" }
  }

  expect_failures = [var.google]
}

run "reject_trigger_at_no_moment" {
  command = plan

  variables {
    triggers = { post_delete = "arn:aws:lambda:ca-central-1:000000000000:function:cloudsail-test-user-delete" }
  }

  expect_failures = [var.triggers]
}

run "reject_trigger_by_name" {
  command = plan

  variables {
    triggers = { post_confirmation = "user-create" }
  }

  expect_failures = [var.triggers]
}

run "reject_sender_without_address" {
  command = plan

  variables {
    email = { from = "Cloudsail", identity_arn = "arn:aws:ses:ca-central-1:000000000000:identity/example.com", configuration_set = "cloudsail-test" }
  }

  expect_failures = [var.email]
}
