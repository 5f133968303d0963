# Who may do what in the account: people by a role each takes on with a second factor, and the repository's own workflows by a
# token of GitHub's. None of them has a key that lasts.
locals {
  partition    = data.aws_partition.current.partition
  prefix       = "arn:${local.partition}:iam::${var.account_id}"
  path         = "/cloudsail-access/" # apart from what the platform makes, so that no deploy can change it, nor the boundary of its roles
  boundary_arn = "${local.prefix}:policy${local.path}${var.name}-boundary"

  aws = "arn:${local.partition}:iam::aws:policy"

  # A role that nobody may take on is not made.
  people = { for name, role in {
    read-only   = { hours = 8, who = var.readers, policy = "${local.aws}/ReadOnlyAccess", says = "Looks at everything, and at no secret" }
    deploy      = { hours = 1, who = var.deployers, policy = aws_iam_policy.deploy.arn, says = "Plans and applies an environment" }
    break-glass = { hours = 1, who = var.breakers, policy = "${local.aws}/AdministratorAccess", says = "Everything, where all else has failed" }
  } : name => role if length(role.who) > 0 }
}

data "aws_partition" "current" {}

# People of this account, each named, and each with a second factor that is less than an hour old.
data "aws_iam_policy_document" "people_trust" {
  for_each = local.people

  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "AWS"
      identifiers = each.value.who
    }

    condition {
      test     = "Bool"
      variable = "aws:MultiFactorAuthPresent"
      values   = ["true"]
    }

    condition {
      test     = "NumericLessThan"
      variable = "aws:MultiFactorAuthAge"
      values   = ["3600"]
    }
  }
}

# Workflows of this one repository, in this one GitHub environment, which asks a person before it runs: not any branch's, and not
# a fork's.
data "aws_iam_policy_document" "workflow_trust" {
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]

    principals {
      type        = "Federated"
      identifiers = [var.github.provider_arn]
    }

    condition {
      test     = "StringEquals"
      variable = "token.actions.githubusercontent.com:aud"
      values   = ["sts.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "token.actions.githubusercontent.com:sub"
      values   = [for environment in var.github.environments : "repo:${var.github.repository}:environment:${environment}"]
    }
  }
}

resource "aws_iam_role" "people" {
  for_each = local.people

  name                 = "${var.name}-${each.key}"
  path                 = local.path
  description          = each.value.says
  assume_role_policy   = data.aws_iam_policy_document.people_trust[each.key].json
  max_session_duration = each.value.hours * 3600
  permissions_boundary = each.key == "break-glass" ? null : aws_iam_policy.boundary.arn # which mends what the boundary broke, too
}

resource "aws_iam_role" "workflow" {
  name                 = "${var.name}-workflow"
  path                 = local.path
  description          = "Plans and applies an environment, from the repository's workflows"
  assume_role_policy   = data.aws_iam_policy_document.workflow_trust.json
  max_session_duration = 3600
  permissions_boundary = aws_iam_policy.boundary.arn
}

resource "aws_iam_policy" "deploy" {
  name        = "${var.name}-deploy"
  path        = local.path
  description = "What Terraform calls for an environment"
  policy      = data.aws_iam_policy_document.deploy.json
}

resource "aws_iam_role_policy_attachment" "people" {
  for_each = local.people

  role       = aws_iam_role.people[each.key].name
  policy_arn = each.value.policy
}

resource "aws_iam_role_policy_attachment" "workflow" {
  role       = aws_iam_role.workflow.name
  policy_arn = aws_iam_policy.deploy.arn
}

resource "aws_iam_role_policy" "read_only" {
  for_each = { for name, role in aws_iam_role.people : name => role.id if name == "read-only" }

  name   = "no-secrets"
  role   = each.value
  policy = data.aws_iam_policy_document.no_secrets.json
}
