//! A policy's JSON as an `aws_iam_policy_document`.

use super::hcl::{self, Body};
use super::{Error, Export};
use crate::aws::shapes::Later;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Policy {
    version: String,
    statement: Vec<Statement>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Statement {
    sid: Option<String>,
    effect: String,
    #[serde(default)]
    principal: BTreeMap<String, Many>,
    action: Many,
    resource: Option<Many>,
    #[serde(default)]
    condition: BTreeMap<String, BTreeMap<String, Many>>,
}

/// IAM takes one where it takes a list.
#[derive(Deserialize)]
#[serde(untagged)]
enum Many {
    One(Part),
    Several(Vec<Part>),
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Part {
    Text(String),
    Later(Later),
}

/// The body of the data source that gives the policy.
pub(super) fn body(export: &Export<'_>, policy: &Value) -> Result<Body, Error> {
    let wrong = |error: String| Error::Document(format!("its policy: {error}"));
    let policy = Policy::deserialize(policy).map_err(|error| wrong(error.to_string()))?;
    if policy.version != "2012-10-17" {
        return Err(wrong(format!("version {} is not known", policy.version)));
    }
    let list = |many: &Many| {
        let parts = match many {
            Many::One(part) => std::slice::from_ref(part),
            Many::Several(parts) => parts,
        };
        let expression = |part: &Part| match part {
            // IAM's own variables stand as `${…}` in JSON and as `&{…}` in the data source, which puts the `$` back.
            Part::Text(text) => Ok(hcl::text(&text.replace("${", "&{"))),
            Part::Later(later) => export.later(later),
        };
        Ok::<_, Error>(hcl::list(&parts.iter().map(expression).collect::<Result<Vec<_>, _>>()?))
    };
    let mut body = Body::default();
    for statement in &policy.statement {
        let mut block = Body::default();
        if let Some(sid) = &statement.sid {
            block = block.set("sid", hcl::text(sid));
        }
        block = block.set("effect", hcl::text(&statement.effect)).set("actions", list(&statement.action)?);
        if let Some(resource) = &statement.resource {
            block = block.set("resources", list(resource)?);
        }
        for (kind, names) in &statement.principal {
            block = block.block("principals", Body::default().set("type", hcl::text(kind)).set("identifiers", list(names)?));
        }
        for (test, variables) in &statement.condition {
            for (variable, values) in variables {
                let condition =
                    Body::default().set("test", hcl::text(test)).set("variable", hcl::text(variable)).set("values", list(values)?);
                block = block.block("condition", condition);
            }
        }
        body = body.block("statement", block);
    }
    Ok(body)
}
