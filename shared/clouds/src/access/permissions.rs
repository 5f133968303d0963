//! What the template allows, as questions that IAM's policy simulator can answer.

use super::policy::{ACCOUNT, PARTITION, Statement};
use super::{Kind, boundary_name, link_of, statements};
use crate::MissingPermission;

/// The one key that has many values in one request.
const TAG_KEYS: &str = "aws:TagKeys";

/// One statement of the template, with one example for each of its patterns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permission {
    /// The statement's name in the template.
    pub statement: &'static str,
    /// Why it is there.
    pub why: &'static str,
    /// For example `ec2:CreateVolume`.
    pub actions: Vec<&'static str>,
    /// ARNs, or `*`.
    pub resources: Vec<String>,
    /// Condition keys and the values that the statement asks for.
    pub context: Vec<(&'static str, Vec<String>)>,
}

impl Permission {
    /// Those of its actions that were refused, if any.
    #[must_use]
    pub fn missing(&self, role_arn: &str, refused: impl Fn(&str) -> bool) -> Option<MissingPermission> {
        let actions: Vec<_> = self.actions.iter().filter(|&&action| refused(action)).map(|&action| action.to_owned()).collect();
        (!actions.is_empty()).then(|| MissingPermission {
            role_arn: role_arn.to_owned(),
            statement: self.statement.to_owned(),
            why: self.why.to_owned(),
            actions,
        })
    }
}

/// Everything that the template lets the role do, in its account and a region. Its name says which of the two roles it is.
#[must_use]
pub fn permissions(role_arn: &str, region: &str) -> Vec<Permission> {
    let account = role_arn.split(':').nth(4).unwrap_or_default();
    let link = link_of(role_arn);
    let statements = match Kind::of(role_arn) {
        Kind::Monitoring => statements::monitor(link),
        Kind::Provisioning => statements::access(&boundary_name(link)),
    };
    statements.into_iter().map(|statement| question(statement, account, region)).collect()
}

fn question(statement: Statement, account: &str, region: &str) -> Permission {
    let example = |pattern: &String| example(pattern, account, region);
    Permission {
        statement: statement.sid,
        why: statement.why,
        actions: statement.actions,
        resources: statement.resources.iter().map(example).collect(),
        context: statement
            .conditions
            .into_iter()
            .map(|condition| {
                // Of the other keys a request has one value, and any of the list will do.
                let count = if condition.key == TAG_KEYS { condition.values.len() } else { 1 };
                (condition.key, condition.values.iter().take(count).map(example).collect())
            })
            .collect(),
    }
}

/// A text that the pattern matches.
fn example(pattern: &str, account: &str, region: &str) -> String {
    if pattern == "*" {
        return pattern.to_owned();
    }
    let text = pattern.replace(PARTITION, "aws").replace(ACCOUNT, account);
    let parts: Vec<_> = text.splitn(6, ':').enumerate().map(|(at, part)| if at == 3 && part == "*" { region } else { part }).collect();
    parts.join(":").replace('*', "example")
}
