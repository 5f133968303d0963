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
  target = data.aws_ssm_parameter.image
  values = { insecure_value = "ami-1" }
}

variables {
  permissions_boundary_arn = "arn:aws:iam::000000000000:policy/cloudsail-access/environment-roles"

  name              = "cloudsail-test"
  subnet_id         = "subnet-1"
  security_group_id = "sg-bastion"
}

run "no_key_and_no_address" {
  command = plan

  assert {
    condition     = !aws_instance.main.associate_public_ip_address && aws_instance.main.vpc_security_group_ids == toset(["sg-bastion"])
    error_message = "It has no public address, and stands in the bastion's group alone."
  }

  assert {
    condition     = one(aws_instance.main.metadata_options).http_tokens == "required" && one(aws_instance.main.metadata_options).http_put_response_hop_limit == 1
    error_message = "Its metadata asks for a token, and answers nobody behind it."
  }

  assert {
    condition     = one(aws_instance.main.root_block_device).encrypted && aws_instance.main.instance_type == "t4g.nano" && aws_instance.main.ami == "ami-1"
    error_message = "The smallest ARM machine, its disk encrypted, from the image that AWS names."
  }
}

run "it_holds_sessions_and_nothing_else" {
  command = plan

  assert {
    condition     = aws_iam_role.main.permissions_boundary == var.permissions_boundary_arn
    error_message = "Its role may do no more than the environment's boundary says."
  }

  assert {
    condition = jsondecode(data.aws_iam_policy_document.session.json).Statement == [{
      Sid    = "HoldSessions"
      Effect = "Allow"
      Action = [
        "ssmmessages:OpenDataChannel",
        "ssmmessages:OpenControlChannel",
        "ssmmessages:CreateDataChannel",
        "ssmmessages:CreateControlChannel",
        "ssm:UpdateInstanceInformation",
      ]
      Resource = "*"
    }]
    error_message = "The agent's own calls are all that it may do."
  }

  assert {
    condition     = jsondecode(data.aws_iam_policy_document.trust.json).Statement == [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }]
    error_message = "Only EC2 takes the role on."
  }
}

run "reject_subnet_by_name" {
  command = plan

  variables {
    subnet_id = "private"
  }

  expect_failures = [var.subnet_id]
}

run "reject_group_by_name" {
  command = plan

  variables {
    security_group_id = "bastion"
  }

  expect_failures = [var.security_group_id]
}

run "reject_upper_case" {
  command = plan

  variables {
    name = "Cloudsail"
  }

  expect_failures = [var.name]
}

run "reject_role_without_boundary" {
  command = plan

  variables {
    permissions_boundary_arn = null
  }

  expect_failures = [var.permissions_boundary_arn]
}
