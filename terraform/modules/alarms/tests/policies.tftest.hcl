# The provider's own policy documents are read here, so nothing of it is mocked. No call is made.

provider "aws" {
  region                      = "ca-central-1"
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_region_validation      = true
  skip_requesting_account_id  = true
}

override_data {
  target = data.aws_caller_identity.current
  values = { account_id = "000000000000" }
}

override_resource {
  target          = aws_kms_key.main
  override_during = plan
  values          = { arn = "arn:aws:kms:ca-central-1:000000000000:key/1" }
}

variables {
  name = "cloudsail-test"
}

run "alarms_and_budgets_tell_it_and_nobody_else" {
  command = plan

  assert {
    condition = jsondecode(data.aws_iam_policy_document.publish.json).Statement == [{
      Sid       = "AlarmsAndBudgetsOfThisAccount"
      Effect    = "Allow"
      Action    = "sns:Publish"
      Resource  = "arn:aws:sns:ca-central-1:000000000000:cloudsail-test-alarms"
      Principal = { Service = ["cloudwatch.amazonaws.com", "budgets.amazonaws.com"] }
      Condition = { StringEquals = { "aws:SourceAccount" = "000000000000" } }
    }]
    error_message = "CloudWatch and Budgets publish, for this account alone."
  }

  assert {
    condition     = aws_sns_topic.main.kms_master_key_id == "arn:aws:kms:ca-central-1:000000000000:key/1"
    error_message = "Messages are encrypted with the topic's own key."
  }

  assert {
    condition = [for statement in jsondecode(data.aws_iam_policy_document.key.json).Statement : statement if statement.Sid == "WhoTellsTheTopic"] == [{
      Sid       = "WhoTellsTheTopic"
      Effect    = "Allow"
      Action    = ["kms:GenerateDataKey*", "kms:Decrypt"]
      Resource  = "*"
      Principal = { Service = ["cloudwatch.amazonaws.com", "budgets.amazonaws.com"] }
      Condition = { StringEquals = { "aws:SourceAccount" = "000000000000" } }
    }]
    error_message = "Who publishes may use the key; else the topic stays silent."
  }
}
