//! What the template allows, as questions that IAM's policy simulator can answer.

use serde_json::Value;

use super::{boundary_arn, statements};

/// The one key that has many values in one request.
const TAG_KEYS: &str = "aws:TagKeys";

/// One statement of the template, with one example for each of its patterns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permission {
    /// For example `ec2:CreateVolume`.
    pub actions: Vec<String>,
    /// ARNs, or `*`.
    pub resources: Vec<String>,
    /// Condition keys and the values that the statement asks for.
    pub context: Vec<(String, Vec<String>)>,
}

/// Everything that the template lets the role do, in its account and a region.
#[must_use]
pub fn permissions(role_arn: &str, region: &str) -> Vec<Permission> {
    let account = role_arn.split(':').nth(4).unwrap_or_default();
    let boundary = boundary_arn(role_arn);
    let name = boundary.rsplit('/').next().unwrap_or_default();
    let link = role_arn.rsplit('-').next().unwrap_or_default();
    let example = |value: &Value| example(value, account, region);
    let statements = statements::access(name, link);
    let all = statements.as_array().map(Vec::as_slice).unwrap_or_default();
    all.iter()
        .map(|statement| {
            let list = |field: &str| statement[field].as_array().map(Vec::as_slice).unwrap_or_default();
            let conditions = statement["Condition"].as_object().into_iter().flat_map(|operators| operators.values());
            let keys = conditions.filter_map(Value::as_object).flatten();
            Permission {
                actions: list("Action").iter().filter_map(Value::as_str).map(str::to_owned).collect(),
                resources: list("Resource").iter().map(example).collect(),
                context: keys
                    .map(|(key, value)| match value.as_array().map(Vec::as_slice) {
                        // Of the other keys a request has one value, and any of the list will do.
                        Some(values) if key == TAG_KEYS => (key.clone(), values.iter().map(example).collect()),
                        Some([first, ..]) => (key.clone(), vec![example(first)]),
                        _ => (key.clone(), vec![example(value)]),
                    })
                    .collect(),
            }
        })
        .collect()
}

/// A text that the pattern matches.
fn example(value: &Value, account: &str, region: &str) -> String {
    let pattern = value["Fn::Sub"].as_str().or(value.as_str()).unwrap_or_default();
    if pattern == "*" {
        return pattern.to_owned();
    }
    let text = pattern.replace("${AWS::Partition}", "aws").replace("${AWS::AccountId}", account);
    let parts: Vec<_> = text.splitn(6, ':').enumerate().map(|(at, part)| if at == 3 && part == "*" { region } else { part }).collect();
    parts.join(":").replace('*', "example")
}
