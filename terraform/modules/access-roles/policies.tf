locals {
  # Services that an environment is made of. All of each: Terraform reads, tags, changes and deletes what it makes, and names of
  # most of it are known to AWS alone.
  services = [
    "acm", "apigateway", "budgets", "cloudfront", "cloudwatch", "cognito-idp", "ec2", "elasticache", "kms", "lambda", "logs",
    "rds", "route53", "s3", "scheduler", "secretsmanager", "ses", "sns", "sqs", "wafv2", "xray",
  ]

  # Roles that environments make, by the prefix of their names.
  our_roles = "${local.prefix}:role/cloudsail-*"
}

data "aws_iam_policy_document" "deploy" {
  statement {
    sid       = "WhatAnEnvironmentIsMadeOf"
    actions   = concat([for service in local.services : "${service}:*"], ["ssm:GetParameter"])
    resources = ["*"] # see above; the boundary below holds what is not an environment's
  }

  statement {
    sid       = "SeeRoles"
    actions   = ["iam:Get*", "iam:List*"]
    resources = ["*"] # lists know no resource
  }

  # Whoever deploys writes what a role may do, and so could write more than is theirs. Roles are made within their boundary, and only
  # the policies of those that have it are written.
  statement {
    sid       = "RolesWithinTheirBoundary"
    actions   = ["iam:CreateRole", "iam:DeleteRolePolicy", "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy"]
    resources = [local.our_roles]

    condition {
      test     = "StringEquals"
      variable = "iam:PermissionsBoundary"
      values   = [var.role_boundary_arn]
    }
  }

  # AWS knows no boundary in these calls. They leave a role what it may do.
  statement {
    sid       = "RolesOfEnvironments"
    actions   = ["iam:DeleteRole", "iam:TagRole", "iam:UntagRole", "iam:UpdateAssumeRolePolicy", "iam:UpdateRole", "iam:UpdateRoleDescription"]
    resources = [local.our_roles]
  }

  statement {
    sid = "ProfilesOfEnvironments"
    actions = [
      "iam:AddRoleToInstanceProfile",
      "iam:CreateInstanceProfile",
      "iam:DeleteInstanceProfile",
      "iam:RemoveRoleFromInstanceProfile",
      "iam:TagInstanceProfile",
    ]
    resources = ["${local.prefix}:instance-profile/cloudsail-*"]
  }

  statement {
    sid       = "HandRolesToServicesThatRunThem"
    actions   = ["iam:PassRole"]
    resources = [local.our_roles]

    condition {
      test     = "StringEquals"
      variable = "iam:PassedToService"
      values   = ["lambda.amazonaws.com", "scheduler.amazonaws.com", "rds.amazonaws.com", "vpc-flow-logs.amazonaws.com", "ec2.amazonaws.com"]
    }
  }

  # AWS makes these the first time a service is used in an account.
  statement {
    sid       = "RolesOfServices"
    actions   = ["iam:CreateServiceLinkedRole"]
    resources = ["${local.prefix}:role/aws-service-role/*"]

    condition {
      test     = "StringEquals"
      variable = "iam:AWSServiceName"
      values   = ["rds.amazonaws.com", "elasticache.amazonaws.com", "ops.apigateway.amazonaws.com", "replicator.lambda.amazonaws.com", "wafv2.amazonaws.com"]
    }
  }
}

# The most that a role of people or of the workflow may do, whatever its policies come to say.
data "aws_iam_policy_document" "boundary" {
  statement {
    sid       = "WhatPoliciesSay"
    actions   = ["*"] # a boundary grants nothing: it bounds, and the refusals below are what it is for
    resources = ["*"]
  }

  statement {
    sid    = "NoWayUp"
    effect = "Deny"
    actions = [
      "account:*",
      "iam:*AccessKey*",
      "iam:*UserPermissionsBoundary",
      "iam:*LoginProfile",
      "iam:*MFADevice",
      "iam:*OpenIDConnectProvider*",
      "iam:*SAMLProvider*",
      "iam:AttachGroupPolicy",
      "iam:AttachRolePolicy", # environments write their roles' policies out
      "iam:AttachUserPolicy",
      "iam:CreateGroup",
      "iam:CreatePolicyVersion",
      "iam:CreateUser",
      "iam:DeleteRolePermissionsBoundary",
      "iam:PutGroupPolicy",
      "iam:PutUserPolicy",
      "iam:SetDefaultPolicyVersion",
      "organizations:*",
    ]
    resources = ["*"]
  }

  # Where a role has no boundary, or another, this holds too: a condition that says "not equal" is met by what is not there.
  statement {
    sid       = "NoRoleWithoutItsBoundary"
    effect    = "Deny"
    actions   = ["iam:CreateRole", "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy"]
    resources = ["*"] # a refusal, so that all is the narrow choice

    condition {
      test     = "StringNotEquals"
      variable = "iam:PermissionsBoundary"
      values   = [var.role_boundary_arn]
    }
  }

  statement {
    sid         = "NotTheseRolesThemselves"
    effect      = "Deny"
    not_actions = ["iam:Get*", "iam:List*", "sts:*"]
    resources   = ["${local.prefix}:role${local.path}*", "${local.prefix}:policy${local.path}*"]
  }

  statement {
    sid       = "NotTheTrail"
    effect    = "Deny"
    actions   = ["cloudtrail:DeleteTrail", "cloudtrail:StopLogging", "cloudtrail:UpdateTrail", "cloudtrail:PutEventSelectors"]
    resources = ["*"]
  }

  statement {
    sid       = "NotTheStatesBucketItself"
    effect    = "Deny"
    actions   = ["s3:DeleteBucket*", "s3:PutBucket*", "s3:PutEncryptionConfiguration", "s3:PutLifecycleConfiguration", "s3:DeleteObjectVersion"]
    resources = [var.state_bucket_arn, "${var.state_bucket_arn}/*"]
  }
}

resource "aws_iam_policy" "boundary" {
  name        = "${var.name}-boundary"
  path        = local.path
  description = "The most that roles of people and workflows may do"
  policy      = data.aws_iam_policy_document.boundary.json
}

# AWS's policy for reading also reads what is in secrets, parameters, queues, buckets and states.
data "aws_iam_policy_document" "no_secrets" {
  statement {
    sid    = "NoSecretsAndNoContent"
    effect = "Deny"
    actions = [
      "kms:Decrypt",
      "lambda:GetFunction", # its answer has a link to the code, and the variables
      "s3:GetObject*",
      "secretsmanager:GetSecretValue",
      "sqs:ReceiveMessage",
      "ssm:GetParameter*",
    ]
    resources = ["*"] # a refusal, so that all is the narrow choice
  }
}
