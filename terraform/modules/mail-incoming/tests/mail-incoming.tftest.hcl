# The provider's own policy documents are read here, so nothing of it is mocked. No call is made.

provider "aws" {
  region                      = "us-east-1"
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_region_validation      = true
  skip_requesting_account_id  = true
}

override_resource {
  target          = module.identity.aws_sesv2_email_identity.main
  override_during = plan
  values          = { dkim_signing_attributes = { tokens = ["one", "two", "three"] } }
}

variables {
  name       = "cloudsail-test"
  account_id = "000000000000"
  domain     = "mail.example.com"
  zone       = { id = "Z0EXAMPLE" }
  queue_arn  = "arn:aws:sqs:ca-central-1:000000000000:cloudsail-test-mail"
}

run "only_this_rule_writes_mail" {
  command = plan

  assert {
    condition = jsondecode(data.aws_iam_policy_document.bucket.json).Statement == [{
      Sid       = "MailOfThisRule"
      Effect    = "Allow"
      Principal = { Service = "ses.amazonaws.com" }
      Action    = "s3:PutObject"
      Resource  = "arn:aws:s3:::cloudsail-test-mail-000000000000/incoming/*"
      Condition = { StringEquals = {
        "aws:SourceAccount" = "000000000000"
        "aws:SourceArn"     = "arn:aws:ses:us-east-1:000000000000:receipt-rule-set/cloudsail-test:receipt-rule/cloudsail-test"
      } }
    }]
    error_message = "SES may write mail for the one rule of this account, and nothing else."
  }

  assert {
    condition = ([aws_ses_receipt_rule_set.main.rule_set_name, aws_ses_receipt_rule.main.rule_set_name, aws_ses_active_receipt_rule_set.main.rule_set_name, aws_ses_receipt_rule.main.name]
    == ["cloudsail-test", "cloudsail-test", "cloudsail-test", "cloudsail-test"])
    error_message = "The rule has the name that the policy speaks of, in the set that is active."
  }
}

run "scanned_and_stored" {
  command = plan

  assert {
    condition     = aws_ses_receipt_rule.main.recipients == toset(["mail.example.com"]) && aws_ses_receipt_rule.main.enabled && aws_ses_receipt_rule.main.scan_enabled && aws_ses_receipt_rule.main.tls_policy == "Require"
    error_message = "Mail to any address of the domain comes over TLS, and is scanned."
  }

  assert {
    condition     = one(aws_ses_receipt_rule.main.s3_action).object_key_prefix == "incoming/"
    error_message = "It goes where the bucket lets it, and where the topic is told of it."
  }
}

run "mail_goes_by_the_job_or_by_its_age" {
  command = plan

  variables {
    deleters = ["arn:aws:iam::000000000000:role/cloudsail-test-object-clean-up"]
  }

  assert {
    condition     = module.bucket.expire_after_days == { "incoming/" = 30, "delivered/" = 30 } && module.bucket.deleters == tolist(var.deleters)
    error_message = "Nobody but the job deletes mail, and what it leaves goes after thirty days, with what says that it was delivered."
  }
}

run "the_bucket_tells_the_queue" {
  command = plan

  assert {
    condition = jsondecode(aws_sns_topic_policy.main.policy).Statement == [{
      Sid       = "ThisBucket"
      Effect    = "Allow"
      Principal = { Service = "s3.amazonaws.com" }
      Action    = "sns:Publish"
      Resource  = "arn:aws:sns:us-east-1:000000000000:cloudsail-test-incoming-mail"
      Condition = {
        StringEquals = { "aws:SourceAccount" = "000000000000" }
        ArnEquals    = { "aws:SourceArn" = "arn:aws:s3:::cloudsail-test-mail-000000000000" }
      }
    }]
    error_message = "The topic takes from the one bucket."
  }

  assert {
    condition     = [for topic in aws_s3_bucket_notification.main.topic : [topic.filter_prefix, tolist(topic.events)]] == [["incoming/", tolist(["s3:ObjectCreated:*"])]]
    error_message = "It is told of each mail, and of nothing else."
  }

  assert {
    condition     = [aws_sns_topic_subscription.queue.protocol, aws_sns_topic_subscription.queue.endpoint, aws_sns_topic_subscription.queue.raw_message_delivery] == ["sqs", var.queue_arn, true]
    error_message = "The queue gets what S3 said."
  }
}

run "records_of_the_domain" {
  command = plan

  assert {
    condition     = [for record in aws_route53_record.mx : [record.name, record.type, one(record.records)]] == [["mail.example.com", "MX", "10 inbound-smtp.us-east-1.amazonaws.com"]]
    error_message = "The domain's mail goes to SES in the region of the rule."
  }
}

run "no_zone_no_records" {
  command = plan

  variables {
    zone = null
  }

  assert {
    condition     = length(aws_route53_record.mx) == 0 && length(output.records) == 4
    error_message = "Without a zone the records are said, and made by hand."
  }
}

run "reject_mail_gone_before_it_is_read" {
  command = plan

  variables {
    keep_days = 14
  }

  expect_failures = [var.keep_days]
}

run "reject_address_as_domain" {
  command = plan

  variables {
    domain = "someone@example.com"
  }

  expect_failures = [var.domain]
}

run "reject_queue_by_name" {
  command = plan

  variables {
    queue_arn = "mail"
  }

  expect_failures = [var.queue_arn]
}

run "reject_upper_case" {
  command = plan

  variables {
    name = "Cloudsail"
  }

  expect_failures = [var.name]
}
