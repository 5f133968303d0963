# What the provider makes of the module's statements, beside the policies of the CloudFormation template (expected.json).

provider "aws" {
  region                      = "ca-central-1"
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
}

override_data {
  target = data.aws_caller_identity.current
  values = { account_id = "222222222222" }
}

run "every_policy_is_that_of_the_stack" {
  command = plan

  assert {
    condition = alltrue([for name, document in {
      boundary      = data.aws_iam_policy_document.boundary.json
      access        = data.aws_iam_policy_document.access.json
      access_trust  = data.aws_iam_policy_document.access_trust.json
      monitor       = data.aws_iam_policy_document.monitor.json
      monitor_trust = data.aws_iam_policy_document.monitor_trust.json
      } : jsonencode([for statement in jsondecode(document).Statement : {
        sid        = statement.Sid
        actions    = sort(flatten([statement.Action]))
        resources  = sort(flatten([try(statement.Resource, [])]))
        principal  = try(statement.Principal.AWS, "")
        conditions = { for test, keys in try(statement.Condition, {}) : test => { for key, value in keys : key => sort(flatten([value])) } }
        }]) == jsonencode([for statement in jsondecode(file("expected.json"))[name].Statement : {
        sid        = statement.Sid
        actions    = sort(flatten([statement.Action]))
        resources  = sort(flatten([try(statement.Resource, [])]))
        principal  = try(statement.Principal.AWS, "")
        conditions = { for test, keys in try(statement.Condition, {}) : test => { for key, value in keys : key => sort(flatten([value])) } }
    }])])
    error_message = "A policy of the module says something else than the stack's."
  }
}
