mock_provider "aws" {
  override_during = plan

  mock_resource "aws_sesv2_email_identity" {
    defaults = {
      dkim_signing_attributes = { tokens = ["one", "two", "three"] }
    }
  }
}

variables {
  identity = "example.com"
}

run "dkim_in_the_zone" {
  command = plan

  variables {
    zone = { id = "Z0EXAMPLE" }
  }

  assert {
    condition     = aws_sesv2_email_identity.main.dkim_signing_attributes[0].next_signing_key_length == "RSA_2048_BIT"
    error_message = "SES signs with keys of 2048 bits, which it changes by itself."
  }

  assert {
    condition = [for record in aws_route53_record.dkim : [record.zone_id, record.type, record.name, one(record.records)]] == [for token in ["one", "two", "three"] :
      ["Z0EXAMPLE", "CNAME", "${token}._domainkey.example.com", "${token}.dkim.amazonses.com"]
    ]
    error_message = "Each of the three keys has its record."
  }
}

run "no_zone_no_records" {
  command = plan

  assert {
    condition     = length(aws_route53_record.dkim) == 0 && length(output.dkim_records) == 3
    error_message = "Without a zone the records are said, and made by hand."
  }
}

run "an_address_is_not_signed_for" {
  command = plan

  variables {
    identity = "noreply@example.com"
  }

  assert {
    condition     = length(output.dkim_records) == 0
    error_message = "DKIM is the domain's."
  }
}

run "reject_name_and_address" {
  command = plan

  variables {
    identity = "Cloudsail <noreply@example.com>"
  }

  expect_failures = [var.identity]
}

run "reject_zone_for_an_address" {
  command = plan

  variables {
    identity = "noreply@example.com"
    zone     = { id = "Z0EXAMPLE" }
  }

  expect_failures = [var.zone]
}
