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
  target = data.aws_availability_zones.available
  values = { names = ["ca-central-1a", "ca-central-1b", "ca-central-1d"] }
}

variables {
  permissions_boundary_arn = "arn:aws:iam::000000000000:policy/cloudsail-access/environment-roles"

  name       = "cloudsail-test"
  cidr       = "10.20.0.0/16"
  account_id = "000000000000"
}

run "flow_logs_write_to_their_group_alone" {
  command = plan

  assert {
    condition     = aws_iam_role.flows["main"].permissions_boundary == var.permissions_boundary_arn
    error_message = "Its role may do no more than the environment's boundary says."
  }

  assert {
    condition = jsondecode(data.aws_iam_policy_document.flows.json).Statement == [{
      Sid    = "WriteTheFlows"
      Effect = "Allow"
      Action = ["logs:PutLogEvents", "logs:DescribeLogStreams", "logs:CreateLogStream"]
      Resource = [
        "arn:aws:logs:ca-central-1:000000000000:log-group:/cloudsail/cloudsail-test/flows:log-stream:*",
        "arn:aws:logs:ca-central-1:000000000000:log-group:/cloudsail/cloudsail-test/flows",
      ]
    }]
    error_message = "The role writes to the one log group."
  }

  assert {
    condition = jsondecode(data.aws_iam_policy_document.flow_trust.json).Statement == [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "vpc-flow-logs.amazonaws.com" }
      Condition = {
        StringEquals = { "aws:SourceAccount" = "000000000000" }
        ArnLike      = { "aws:SourceArn" = "arn:aws:ec2:ca-central-1:000000000000:vpc-flow-log/*" }
      }
    }]
    error_message = "Only flow logs of this account take the role on."
  }
}
