use std::fmt::Write;

use serde_json::json;

use super::policy::{Statement, document};
use super::{LONGEST_SESSION, PATH, POLICY_NAME, Template};

/// Makes or updates, and takes away. `account` and `partition` are also the places in the policies' texts, which the shell fills.
const FUNCTIONS: &str = r#"
# A policy keeps five versions: those that no longer hold make room for the next.
forget_versions() {
  local version
  for version in $(aws iam list-policy-versions --policy-arn "$1" --query 'Versions[?!IsDefaultVersion].VersionId' --output text); do
    aws iam delete-policy-version --policy-arn "$1" --version-id "$version"
  done
}

boundary() { # name description document
  local arn="arn:$partition:iam::$account:policy$path$1"
  if aws iam get-policy --policy-arn "$arn" >/dev/null 2>&1; then
    forget_versions "$arn"
    aws iam create-policy-version --policy-arn "$arn" --policy-document "$3" --set-as-default >/dev/null
  else
    aws iam create-policy --policy-name "$1" --path "$path" --description "$2" --policy-document "$3" >/dev/null
  fi
  echo "$arn"
}

role() { # name description trust document
  if aws iam get-role --role-name "$1" >/dev/null 2>&1; then
    aws iam update-assume-role-policy --role-name "$1" --policy-document "$3"
    aws iam update-role --role-name "$1" --description "$2" --max-session-duration "$longest_session" >/dev/null
  else
    aws iam create-role --role-name "$1" --path "$path" --description "$2" --max-session-duration "$longest_session" \
      --assume-role-policy-document "$3" >/dev/null
  fi
  aws iam put-role-policy --role-name "$1" --policy-name "$policy_name" --policy-document "$4"
  echo "arn:$partition:iam::$account:role$path$1"
}

remove_role() { # name
  if aws iam get-role --role-name "$1" >/dev/null 2>&1; then
    aws iam delete-role-policy --role-name "$1" --policy-name "$policy_name" || true # absent where a first run stopped half-way
    aws iam delete-role --role-name "$1"
  fi
}

remove_boundary() { # name
  local arn="arn:$partition:iam::$account:policy$path$1"
  if aws iam get-policy --policy-arn "$arn" >/dev/null 2>&1; then
    forget_versions "$arn"
    aws iam delete-policy --policy-arn "$arn"
  fi
}
"#;

impl Template<'_> {
    /// As a script for the AWS command line. It may be run again: it makes what is missing and updates what is there.
    #[must_use]
    pub fn cli(&self) -> String {
        let (wanted, boundary, roles) = (self.account_id, self.boundary(), self.roles());
        let mut all = format!(
            r#"#!/usr/bin/env bash
# The roles that let Cloudsail run PostgreSQL in AWS account {wanted}:
#   bash cloudsail.sh          makes them, or updates them
#   bash cloudsail.sh remove   ends the access
set -euo pipefail

path={PATH}
policy_name={POLICY_NAME}
longest_session={LONGEST_SESSION}
account=$(aws sts get-caller-identity --query Account --output text)
partition=$(aws sts get-caller-identity --query Arn --output text | cut -d: -f2)
if [ "$account" != {wanted} ]; then
  echo "these roles belong in AWS account {wanted}, and the credentials are of $account: use that account's" >&2
  exit 2
fi
{FUNCTIONS}
case ${{1:-}} in
'') ;;
remove)
"#
        );
        for role in &roles {
            let _ = writeln!(all, "  remove_role {}", role.name);
        }
        let _ = write!(
            all,
            "  remove_boundary {}\n  echo 'the access has ended'\n  exit\n  ;;\n*)\n  echo \"usage: bash cloudsail.sh [remove]\" >&2\n  exit 2\n  ;;\nesac\n",
            boundary.name
        );
        all += &variable("boundary_policy", &boundary.policy);
        let _ = writeln!(all, "boundary {} '{}' \"$boundary_policy\"", boundary.name, boundary.description);
        for role in &roles {
            let key = role.key.to_lowercase();
            all += &variable(&format!("{key}_trust"), &role.trust);
            all += &variable(&format!("{key}_policy"), &role.policy);
            let description = role.description.replace('\'', r"'\''");
            let _ = writeln!(all, "role {} '{description}' \"${key}_trust\" \"${key}_policy\"", role.name);
        }
        all
    }
}

/// The document in a variable, below the reasons of its statements.
fn variable(name: &str, statements: &[Statement]) -> String {
    let reasons: String = statements.iter().map(|statement| format!("# {}: {}\n", statement.sid, statement.why)).collect();
    let document = serde_json::to_string_pretty(&document(statements, |text| json!(text))).unwrap_or_default();
    format!("\n{reasons}{name}=$(\n  cat <<POLICY\n{document}\nPOLICY\n)\n")
}
