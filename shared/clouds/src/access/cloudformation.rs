use serde_json::{Map, Value, json};

use super::policy::{ACCOUNT, PARTITION, Statement, document};
use super::{LONGEST_SESSION, PATH, POLICY_NAME, Template, TemplateRole};

impl Template<'_> {
    /// As a CloudFormation template; its stack needs `CAPABILITY_NAMED_IAM`. JSON has no comments: each resource's metadata says
    /// why its statements are there.
    #[must_use]
    pub fn cloudformation(&self) -> Value {
        let boundary = self.boundary();
        let mut resources = Map::new();
        resources.insert(
            "Boundary".to_owned(),
            json!({
                "Type": "AWS::IAM::ManagedPolicy",
                "Metadata": reasons(&[&boundary.policy]),
                "Properties": {
                    "ManagedPolicyName": boundary.name,
                    "Path": PATH,
                    "Description": boundary.description,
                    "PolicyDocument": document(&boundary.policy, text),
                },
            }),
        );
        let mut outputs = Map::new();
        for role in self.roles() {
            outputs.insert(format!("{}RoleArn", role.key), json!({ "Value": { "Fn::GetAtt": [role.key, "Arn"] } }));
            resources.insert(role.key.to_owned(), resource(&role));
        }
        json!({
            "AWSTemplateFormatVersion": "2010-09-09",
            "Description": "Lets Cloudsail run PostgreSQL in this account. Delete the stack to end the access.",
            "Resources": resources,
            "Outputs": outputs,
        })
    }
}

fn resource(role: &TemplateRole) -> Value {
    json!({
        "Type": "AWS::IAM::Role",
        "Metadata": reasons(&[&role.trust, &role.policy]),
        "Properties": {
            "RoleName": role.name,
            "Path": PATH,
            "Description": role.description,
            "MaxSessionDuration": LONGEST_SESSION,
            "AssumeRolePolicyDocument": document(&role.trust, text),
            "Policies": [{ "PolicyName": POLICY_NAME, "PolicyDocument": document(&role.policy, text) }],
        },
    })
}

fn reasons(documents: &[&[Statement]]) -> Value {
    let all = documents.iter().flat_map(|statements| statements.iter());
    json!({ "Why": all.map(|statement| (statement.sid.to_owned(), json!(statement.why))).collect::<Map<_, _>>() })
}

fn text(value: &str) -> Value {
    let filled = value.replace(PARTITION, "${AWS::Partition}").replace(ACCOUNT, "${AWS::AccountId}");
    if filled == value { json!(value) } else { json!({ "Fn::Sub": filled }) }
}
