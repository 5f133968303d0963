# The newest Amazon Linux 2023, which holds the SSM agent.
data "aws_ssm_parameter" "image" {
  name = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64"
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["ec2.amazonaws.com"]
    }
  }
}

# What the agent of Session Manager needs, and no more: AWS's own policy for it also reads every parameter of the account.
data "aws_iam_policy_document" "session" {
  statement {
    sid = "HoldSessions"
    actions = [
      "ssm:UpdateInstanceInformation",
      "ssmmessages:CreateControlChannel",
      "ssmmessages:CreateDataChannel",
      "ssmmessages:OpenControlChannel",
      "ssmmessages:OpenDataChannel",
    ]
    resources = ["*"] # these calls know no resource
  }
}

resource "aws_iam_role" "main" {
  name                 = "${var.name}-bastion"
  description          = "What the bastion may do: hold sessions"
  assume_role_policy   = data.aws_iam_policy_document.trust.json
  permissions_boundary = var.permissions_boundary_arn
}

resource "aws_iam_role_policy" "session" {
  name   = "session"
  role   = aws_iam_role.main.id
  policy = data.aws_iam_policy_document.session.json
}

resource "aws_iam_instance_profile" "main" {
  name = aws_iam_role.main.name
  role = aws_iam_role.main.name
}

# People come through Session Manager: there is no key, no port that listens, and no address that the world could reach. It stands
# in a private subnet, in a group that nothing may reach.
resource "aws_instance" "main" {
  ami                         = data.aws_ssm_parameter.image.insecure_value # public, and no secret
  instance_type               = "t4g.nano"                                  # the smallest there is: it passes bytes on
  subnet_id                   = var.subnet_id
  vpc_security_group_ids      = [var.security_group_id]
  associate_public_ip_address = false
  iam_instance_profile        = aws_iam_instance_profile.main.name
  ebs_optimized               = true

  metadata_options {
    http_endpoint               = "enabled"
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
  }

  root_block_device {
    volume_type = "gp3"
    encrypted   = true
  }

  tags = { Name = "${var.name}-bastion" }

  # A new image comes out each week, and takes the place of the machine only when it is asked for: terraform apply -replace.
  lifecycle {
    ignore_changes = [ami]
  }

  depends_on = [aws_iam_role_policy.session]
}
