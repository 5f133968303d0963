use serde_json::{Map, Value, json};

/// Stands in resources and conditions for the partition of the customer's account.
pub(super) const PARTITION: &str = "${partition}";
/// Stands in resources and conditions for the number of the customer's account.
pub(super) const ACCOUNT: &str = "${account}";

/// What is allowed, in no tool's format. Every form of the template is written from these.
#[derive(Debug, Clone)]
pub(super) struct Statement {
    pub sid: &'static str,
    /// For the person who is asked to allow it.
    pub why: &'static str,
    pub actions: Vec<&'static str>,
    /// Empty in a role's trust, which stands on the role itself.
    pub resources: Vec<String>,
    pub conditions: Vec<Condition>,
    /// Whom a role's trust names.
    pub principal: Option<String>,
}

/// One test of a request; all of a statement's must hold, each with any of its values.
#[derive(Debug, Clone)]
pub(super) struct Condition {
    pub test: &'static str,
    pub key: &'static str,
    pub values: Vec<String>,
}

impl Statement {
    pub(super) fn allow(sid: &'static str, why: &'static str, actions: &[&'static str], resources: &[String]) -> Self {
        Self { sid, why, actions: actions.to_vec(), resources: resources.to_vec(), conditions: Vec::new(), principal: None }
    }

    pub(super) fn trust(sid: &'static str, why: &'static str, action: &'static str, principal: String) -> Self {
        Self { principal: Some(principal), ..Self::allow(sid, why, &[action], &[]) }
    }

    pub(super) fn when(mut self, test: &'static str, key: &'static str, values: &[&str]) -> Self {
        self.conditions.push(Condition { test, key, values: values.iter().map(|&value| value.to_owned()).collect() });
        self
    }
}

/// The statements as IAM reads them. `text` writes a resource or a value of a condition, with the places for account and
/// partition in the words of the tool that fills them.
pub(super) fn document(statements: &[Statement], text: impl Fn(&str) -> Value) -> Value {
    let texts = |values: &[String]| values.iter().map(|value| text(value)).collect::<Vec<_>>();
    let all = statements.iter().map(|statement| {
        let mut written = json!({ "Sid": statement.sid, "Effect": "Allow", "Action": statement.actions });
        match &statement.principal {
            Some(principal) => written["Principal"] = json!({ "AWS": principal }),
            None => written["Resource"] = json!(texts(&statement.resources)),
        }
        let mut tests = Map::new();
        for condition in &statement.conditions {
            let value = match condition.values.as_slice() {
                [one] => text(one),
                many => json!(texts(many)),
            };
            let keys = tests.entry(condition.test).or_insert_with(|| json!({}));
            keys[condition.key] = value;
        }
        if !tests.is_empty() {
            written["Condition"] = Value::Object(tests);
        }
        written
    });
    json!({ "Version": "2012-10-17", "Statement": all.collect::<Vec<_>>() })
}
