//! The role that a customer makes for Cloudsail, as a CloudFormation template, and nothing that the calls don't need.

mod permissions;
mod statements;

pub use permissions::{Permission, permissions};

use serde_json::{Value, json};

/// The path of everything Cloudsail makes in IAM.
pub const PATH: &str = "/cloudsail/";
/// Begins the name of a customer's role. Each link has a role of its own, so that two people may link one AWS account.
const ROLE_NAME: &str = "CloudsailAccess";
/// Begins the name of the permissions boundary.
const BOUNDARY_NAME: &str = "CloudsailBoundary";
/// AWS's own policy for what the SSM agent needs; the boundary cuts it down.
pub const SSM_CORE_POLICY_ARN: &str = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore";

/// The ARN of the role in the customer's account. `link` is the short id of the account's link.
#[must_use]
pub fn role_arn(account_id: &str, link: &str) -> String {
    format!("arn:aws:iam::{account_id}:role{PATH}{ROLE_NAME}-{link}")
}

/// The ARN of the permissions boundary that belongs to the role.
#[must_use]
pub fn boundary_arn(role_arn: &str) -> String {
    role_arn.replace(":role/", ":policy/").replace(ROLE_NAME, BOUNDARY_NAME)
}

/// The CloudFormation template for the customer's account; its stack needs `CAPABILITY_NAMED_IAM`.
///
/// `control_account_id` is the account that the control plane runs in, `external_id` the one that belongs to this customer's
/// account alone: without it a second customer could name the first one's role (the confused deputy problem). `link` is the one
/// of [`role_arn`].
#[must_use]
pub fn role_template(control_account_id: &str, external_id: &str, link: &str) -> Value {
    let (role, boundary) = (format!("{ROLE_NAME}-{link}"), format!("{BOUNDARY_NAME}-{link}"));
    json!({
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": "Lets Cloudsail run PostgreSQL in this account. Delete the stack to end the access.",
        "Resources": {
            "Boundary": {
                "Type": "AWS::IAM::ManagedPolicy",
                "Properties": {
                    "ManagedPolicyName": &boundary,
                    "Path": PATH,
                    "Description": "The most that a machine made by Cloudsail can ever do",
                    "PolicyDocument": { "Version": "2012-10-17", "Statement": statements::boundary() },
                },
            },
            "Access": {
                "Type": "AWS::IAM::Role",
                "Properties": {
                    "RoleName": role,
                    "Path": PATH,
                    "Description": "Assumed by Cloudsail with this account's external id",
                    "MaxSessionDuration": 3600,
                    "AssumeRolePolicyDocument": trust(control_account_id, external_id),
                    "Policies": [{
                        "PolicyName": "cloudsail",
                        "PolicyDocument": { "Version": "2012-10-17", "Statement": statements::access(&boundary, link) },
                    }],
                },
            },
        },
        "Outputs": { "RoleArn": { "Value": { "Fn::GetAtt": ["Access", "Arn"] } } },
    })
}

/// Names the account, and by condition its functions' roles: a role that is made anew there has a new identity, so naming it as
/// the principal would break the trust with each new installation.
fn trust(control_account_id: &str, external_id: &str) -> Value {
    json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow",
            "Principal": { "AWS": format!("arn:aws:iam::{control_account_id}:root") },
            "Action": "sts:AssumeRole",
            "Condition": {
                "StringEquals": { "sts:ExternalId": external_id },
                "ArnLike": { "aws:PrincipalArn": format!("arn:aws:iam::{control_account_id}:role/cloudsail-*") },
            },
        }],
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::{Value, json};

    use super::{role_template, statements};

    /// The calls as the code names them: every one passes its name to `failure`.
    const SOURCES: [&str; 8] = [
        include_str!("../aws/commands.rs"),
        include_str!("../aws/identity.rs"),
        include_str!("../aws/listing.rs"),
        include_str!("../aws/machines.rs"),
        include_str!("../aws/mod.rs"),
        include_str!("../aws/network.rs"),
        include_str!("../aws/secrets.rs"),
        include_str!("../aws/volumes.rs"),
    ];
    /// Permissions that AWS asks for beside the call itself: tags given with a create, and handing a role to a machine.
    const IMPLIED: [&str; 4] = ["iam:PassRole", "iam:TagInstanceProfile", "iam:TagRole", "secretsmanager:TagResource"];

    fn made_calls() -> BTreeSet<String> {
        let services = ["ec2:", "iam:", "secretsmanager:", "servicequotas:", "ssm:"];
        let quoted = SOURCES.iter().flat_map(|source| source.split('"').skip(1).step_by(2));
        quoted.filter(|text| services.iter().any(|service| text.starts_with(service))).map(str::to_owned).collect()
    }

    fn granted(statements: &Value) -> BTreeSet<String> {
        let actions = statements.as_array().into_iter().flatten().map(|statement| &statement["Action"]);
        actions.flat_map(|action| action.as_array().into_iter().flatten()).filter_map(Value::as_str).map(str::to_owned).collect()
    }

    #[test]
    fn what_is_granted_is_what_is_called() {
        let mut needed = made_calls();
        assert!(needed.len() > 20, "the sources name their calls: {needed:?}");
        needed.extend(IMPLIED.map(str::to_owned));
        assert_eq!(granted(&statements::access("CloudsailBoundary-1", "1")), needed);
    }

    #[test]
    fn no_action_has_a_wildcard() {
        let all = granted(&statements::access("CloudsailBoundary-1", "1")).into_iter().chain(granted(&statements::boundary()));
        assert_eq!(all.filter(|action| action.contains('*')).collect::<Vec<_>>(), Vec::<String>::new());
    }

    #[test]
    fn the_policies_fit_their_limits() {
        // 10 240 characters for a role's inline policies, 6 144 for a managed one; IAM does not count white space.
        assert!(statements::access("CloudsailBoundary-1", "1").to_string().len() < 10_000);
        assert!(statements::boundary().to_string().len() < 6_000);
    }

    #[test]
    fn the_role_can_not_change_itself() {
        for statement in statements::access("CloudsailBoundary-1", "1").as_array().into_iter().flatten() {
            let text = statement.to_string();
            // Asking what it may do changes nothing.
            let on_roles = text.contains(":role/") && statement["Action"] != json!(["iam:SimulatePrincipalPolicy"]);
            assert!(!on_roles || text.contains(":role/cloudsail/cloudsail-*"), "{text}");
        }
    }

    #[test]
    fn role_and_boundary_of_one_link_belong_together() {
        let role = super::role_arn("222222222222", "abcd1234");
        assert_eq!(role, "arn:aws:iam::222222222222:role/cloudsail/CloudsailAccess-abcd1234");
        assert_eq!(super::boundary_arn(&role), "arn:aws:iam::222222222222:policy/cloudsail/CloudsailBoundary-abcd1234");
        let template = role_template("000000000000", "ext-1", "abcd1234").to_string();
        for name in ["CloudsailAccess-abcd1234", "CloudsailBoundary-abcd1234", "policy/cloudsail/CloudsailBoundary-abcd1234"] {
            assert!(template.contains(name), "{name}");
        }
    }

    #[test]
    fn the_trust_names_account_external_id_and_roles() {
        let template = role_template("000000000000", "ext-1", "1");
        let statement = &template["Resources"]["Access"]["Properties"]["AssumeRolePolicyDocument"]["Statement"][0];
        assert_eq!(statement["Principal"]["AWS"], "arn:aws:iam::000000000000:root");
        assert_eq!(statement["Condition"]["StringEquals"]["sts:ExternalId"], "ext-1");
        assert_eq!(statement["Condition"]["ArnLike"]["aws:PrincipalArn"], "arn:aws:iam::000000000000:role/cloudsail-*");
    }
}
