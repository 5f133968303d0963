mock_provider "aws" {
  override_during = plan

  mock_data "aws_region" {
    defaults = { name = "ca-central-1" }
  }
  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }
  mock_resource "aws_sesv2_email_identity" {
    defaults = {
      dkim_signing_attributes = { tokens = ["one", "two", "three"] }
    }
  }
}

variables {
  name               = "cloudsail-test"
  account_id         = "000000000000"
  identity           = "example.com"
  zone               = { id = "Z0EXAMPLE" }
  feedback_queue_arn = "arn:aws:sqs:ca-central-1:000000000000:cloudsail-test-feedback"
  alarm_topics       = ["arn:aws:sns:ca-central-1:000000000000:cloudsail-test-alarms"]
}

run "over_tls_or_not_at_all" {
  command = plan

  assert {
    condition = [
      aws_sesv2_configuration_set.main.delivery_options[0].tls_policy,
      aws_sesv2_configuration_set.main.reputation_options[0].reputation_metrics_enabled,
      length(aws_sesv2_configuration_set.main.tracking_options),
    ] == ["REQUIRE", true, 0]
    error_message = "Mail goes over TLS, its reputation is measured, its readers are not tracked."
  }

  assert {
    condition     = toset(aws_sesv2_configuration_set.main.suppression_options[0].suppressed_reasons) == toset(["BOUNCE", "COMPLAINT"])
    error_message = "Who could not be reached, or called it spam, is not written to again."
  }
}

run "what_functions_are_granted_on" {
  command = plan

  assert {
    condition = [output.identity_arn, output.configuration_set] == [
      "arn:aws:ses:ca-central-1:000000000000:identity/example.com",
      { name = "cloudsail-test", arn = "arn:aws:ses:ca-central-1:000000000000:configuration-set/cloudsail-test" },
    ]
    error_message = "The identity and the configuration set are named in full before anything is made."
  }
}

run "records_of_the_domain" {
  command = plan

  variables {
    spf_includes = ["amazonses.com", "_spf.google.com"]
    root_texts   = ["google-site-verification=abc"]
    dmarc        = { policy = "reject", reports_to = "dmarc@example.com" }
  }

  assert {
    condition = { for key, record in aws_route53_record.main : "${record.type} ${record.name}" => sort(record.records) } == {
      "MX bounce.example.com"  = tolist(["10 feedback-smtp.ca-central-1.amazonses.com"])
      "TXT bounce.example.com" = tolist(["v=spf1 include:amazonses.com -all"])
      "TXT example.com"        = tolist(["google-site-verification=abc", "v=spf1 include:amazonses.com include:_spf.google.com -all"])
      "TXT _dmarc.example.com" = tolist(["v=DMARC1; p=reject; adkim=s; aspf=r; rua=mailto:dmarc@example.com"])
    }
    error_message = "The domain says who sends under it, and what becomes of mail that only claims so."
  }

  assert {
    condition     = aws_sesv2_email_identity_mail_from_attributes.main[0].mail_from_domain == "bounce.example.com"
    error_message = "Mail comes from a name of ours."
  }

  assert {
    condition     = toset([for record in output.records : record.type if endswith(record.name, "._domainkey.example.com")]) == toset(["CNAME"]) && length(output.records) == 7
    error_message = "All seven records are said."
  }
}

run "no_zone_no_records" {
  command = plan

  variables {
    zone = null
  }

  assert {
    condition     = length(aws_route53_record.main) == 0 && length(output.records) == 7
    error_message = "Without a zone the records are said, and made by hand."
  }
}

run "one_address_without_a_domain" {
  command = plan

  variables {
    identity = "noreply@example.com"
    zone     = null
  }

  assert {
    condition     = length(output.records) == 0 && length(aws_sesv2_email_identity_mail_from_attributes.main) == 0
    error_message = "An address has no records, and no name of its own that mail comes from."
  }
}

run "what_became_of_it" {
  command = plan

  assert {
    condition     = toset(aws_sesv2_configuration_set_event_destination.main.event_destination[0].matching_event_types) == toset(["BOUNCE", "COMPLAINT", "DELIVERY_DELAY", "REJECT", "RENDERING_FAILURE"])
    error_message = "What somebody should know is told; each delivery is not."
  }

  assert {
    condition     = aws_sesv2_configuration_set_event_destination.main.event_destination[0].event_bridge_destination[0].event_bus_arn == "arn:aws:events:ca-central-1:000000000000:event-bus/default"
    error_message = "It goes to the account's default bus."
  }

  assert {
    condition     = jsondecode(aws_cloudwatch_event_rule.main.event_pattern) == { source = ["aws.ses"], detail = { mail = { tags = { "ses:configuration-set" = ["cloudsail-test"] } } } }
    error_message = "Of this environment's mail alone."
  }

  assert {
    condition     = aws_cloudwatch_event_target.main.arn == var.feedback_queue_arn && output.feedback_rule_arn == "arn:aws:events:ca-central-1:000000000000:rule/cloudsail-test-mail-feedback"
    error_message = "And into the queue, by one rule."
  }
}

run "alarms_before_aws_stops_us" {
  command = plan

  assert {
    condition = { for alarm in values(aws_cloudwatch_metric_alarm.main) : alarm.alarm_name => [alarm.metric_name, alarm.threshold] } == {
      cloudsail-test-mail-bounce-rate    = ["Reputation.BounceRate", 0.05]
      cloudsail-test-mail-complaint-rate = ["Reputation.ComplaintRate", 0.001]
    }
    error_message = "There is an alarm for the share of bounces and of complaints."
  }

  assert {
    condition     = alltrue([for alarm in values(aws_cloudwatch_metric_alarm.main) : alarm.alarm_actions == toset(var.alarm_topics) && alarm.dimensions == tomap({ "ses:configuration-set" = "cloudsail-test" }) && strcontains(alarm.alarm_description, "First ")])
    error_message = "Each looks at this environment's mail, tells the topic, and says what to do first."
  }
}

run "reject_policy_of_another_name" {
  command = plan

  variables {
    dmarc = { policy = "strict" }
  }

  expect_failures = [var.dmarc]
}

run "reject_reports_to_a_url" {
  command = plan

  variables {
    dmarc = { policy = "none", reports_to = "mailto:dmarc@example.com; p=none" }
  }

  expect_failures = [var.dmarc]
}

run "reject_second_spf" {
  command = plan

  variables {
    root_texts = ["v=spf1 +all"]
  }

  expect_failures = [var.root_texts]
}

run "reject_spf_of_everyone" {
  command = plan

  variables {
    spf_includes = ["amazonses.com +all"]
  }

  expect_failures = [var.spf_includes]
}

run "reject_mail_from_another_domain" {
  command = plan

  variables {
    mail_from_label = "bounce.example.org"
  }

  expect_failures = [var.mail_from_label]
}

run "reject_queue_by_name" {
  command = plan

  variables {
    feedback_queue_arn = "feedback"
  }

  expect_failures = [var.feedback_queue_arn]
}
