# What an account needs once, before there is an environment in it.

# Of the roles of every environment. Here rather than in each, since whoever applies an environment may not change it.
module "role_boundary" {
  source = "../modules/role-boundary"

  account_id = var.account_id
}

module "access" {
  source = "../modules/access-roles"

  account_id        = var.account_id
  role_boundary_arn = module.role_boundary.arn
  state_bucket_arn  = local.bucket_arn
  readers           = var.readers
  deployers         = var.deployers
  breakers          = var.breakers

  github = {
    provider_arn = aws_iam_openid_connect_provider.github.arn
    repository   = var.github_repository
    environments = var.github_environments
  }
}

# Whom workflows of GitHub's are vouched for by. AWS knows GitHub's certificate by itself, and asks for no thumbprint.
resource "aws_iam_openid_connect_provider" "github" {
  url            = "https://token.actions.githubusercontent.com"
  client_id_list = ["sts.amazonaws.com"]
}

data "aws_iam_policy_document" "gateway_trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["apigateway.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [var.account_id]
    }
  }
}

# WebSocket APIs write their access logs with one role of the whole account and region.
resource "aws_iam_role" "gateway" {
  name               = "api-gateway-logs" # not cloudsail-: a deploy may change roles whose names begin so
  description        = "Lets API Gateway write the access logs of WebSocket APIs"
  assume_role_policy = data.aws_iam_policy_document.gateway_trust.json
}

resource "aws_iam_role_policy_attachment" "gateway" {
  role       = aws_iam_role.gateway.name
  policy_arn = "arn:${data.aws_partition.current.partition}:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs" # API Gateway checks for this very one
}

resource "aws_api_gateway_account" "main" {
  cloudwatch_role_arn = aws_iam_role.gateway.arn

  depends_on = [aws_iam_role_policy_attachment.gateway]
}
