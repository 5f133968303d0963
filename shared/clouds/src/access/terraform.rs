use std::fmt::Write;

use super::policy::{ACCOUNT, PARTITION, Statement};
use super::{LONGEST_SESSION, PATH, POLICY_NAME, Template};

impl Template<'_> {
    /// As the `main.tf` of a Terraform module, as `terraform fmt` writes it.
    #[must_use]
    pub fn terraform(&self) -> String {
        let (boundary, account) = (self.boundary(), self.account_id);
        let mut all = format!(
            r#"# The roles that let Cloudsail run PostgreSQL in AWS account {account}. Destroy them to end the access.

terraform {{
  required_version = ">= 1.5"

  required_providers {{
    aws = {{
      source  = "hashicorp/aws"
      version = ">= 5.0"
    }}
  }}
}}

data "aws_caller_identity" "current" {{
  lifecycle {{
    postcondition {{
      condition     = self.account_id == "{account}"
      error_message = "These roles belong in AWS account {account}: apply them with its credentials."
    }}
  }}
}}

data "aws_partition" "current" {{}}

{}
resource "aws_iam_policy" "boundary" {{
  name        = "{}"
  path        = "{PATH}"
  description = "{}"
  policy      = data.aws_iam_policy_document.boundary.json
}}
"#,
            document("boundary", &boundary.policy),
            boundary.name,
            boundary.description,
        );
        for role in self.roles() {
            let key = role.key.to_lowercase();
            let _ = write!(
                all,
                r#"
{}
{}
resource "aws_iam_role" "{key}" {{
  name                 = "{}"
  path                 = "{PATH}"
  description          = "{}"
  max_session_duration = {LONGEST_SESSION}
  assume_role_policy   = data.aws_iam_policy_document.{key}_trust.json
}}

resource "aws_iam_role_policy" "{key}" {{
  name   = "{POLICY_NAME}"
  role   = aws_iam_role.{key}.name
  policy = data.aws_iam_policy_document.{key}.json
}}

output "{key}_role_arn" {{
  description = "{}"
  value       = aws_iam_role.{key}.arn
}}
"#,
                document(&format!("{key}_trust"), &role.trust),
                document(&key, &role.policy),
                role.name,
                role.description,
                role.description,
            );
        }
        all
    }
}

fn document(name: &str, statements: &[Statement]) -> String {
    let all: Vec<_> = statements.iter().map(statement).collect();
    format!("data \"aws_iam_policy_document\" \"{name}\" {{\n{}}}\n", all.join("\n"))
}

/// Blank lines keep `terraform fmt` from aligning what stands in many lines.
fn statement(of: &Statement) -> String {
    let mut text = format!("  # {}\n  statement {{\n    sid = \"{}\"\n\n{}", of.why, of.sid, list("    ", "actions", &of.actions));
    if !of.resources.is_empty() {
        text += &format!("\n{}", list("    ", "resources", &of.resources));
    }
    if let Some(principal) = &of.principal {
        let _ = write!(text, "\n    principals {{\n      type        = \"AWS\"\n      identifiers = [\"{principal}\"]\n    }}\n");
    }
    for condition in &of.conditions {
        let values: Vec<_> = condition.values.iter().map(|value| quoted(value)).collect();
        let _ = write!(
            text,
            "\n    condition {{\n      test     = \"{}\"\n      variable = \"{}\"\n      values   = [{}]\n    }}\n",
            condition.test,
            condition.key,
            values.join(", ")
        );
    }
    text + "  }\n"
}

fn list(indent: &str, name: &str, values: &[impl AsRef<str>]) -> String {
    let lines: String = values.iter().map(|value| format!("{indent}  {},\n", quoted(value.as_ref()))).collect();
    format!("{indent}{name} = [\n{lines}{indent}]\n")
}

fn quoted(value: &str) -> String {
    let filled = value.replace(PARTITION, "${data.aws_partition.current.partition}");
    format!("\"{}\"", filled.replace(ACCOUNT, "${data.aws_caller_identity.current.account_id}"))
}
