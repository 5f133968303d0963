use serde_json::{Value, json};

use super::SSM_CORE_POLICY_ARN;

/// Ids of deployments begin so; a resource counts as Cloudsail's by this tag.
const DEPLOYMENT: &str = "dep_*";

fn ec2(resource: &str) -> Value {
    json!({ "Fn::Sub": format!("arn:${{AWS::Partition}}:ec2:*:${{AWS::AccountId}}:{resource}") })
}

fn iam(resource: &str) -> Value {
    json!({ "Fn::Sub": format!("arn:${{AWS::Partition}}:iam::${{AWS::AccountId}}:{resource}") })
}

fn secrets() -> Value {
    json!({ "Fn::Sub": "arn:${AWS::Partition}:secretsmanager:*:${AWS::AccountId}:secret:cloudsail/*" })
}

/// Made by this call with our tag.
fn with_our_tag() -> Value {
    json!({ "StringLike": { "aws:RequestTag/cloudsail:deployment": DEPLOYMENT } })
}

/// Made earlier with our tag.
fn has_our_tag() -> Value {
    json!({ "StringLike": { "aws:ResourceTag/cloudsail:deployment": DEPLOYMENT } })
}

fn allow(id: &str, actions: &[&str], resources: Vec<Value>, condition: Option<Value>) -> Value {
    let mut statement = json!({ "Sid": id, "Effect": "Allow", "Action": actions, "Resource": resources });
    if let Some(condition) = condition {
        statement["Condition"] = condition;
    }
    statement
}

/// What the customer's role may do: the calls of this crate and no other. `boundary` is the name of the policy that bounds
/// every role it makes, `link` ends the role's own name.
pub(super) fn access(boundary: &str, link: &str) -> Value {
    let mut all = vec![look(), look_at_itself(link)];
    all.extend(make());
    all.extend(change());
    all.extend(run_commands());
    all.extend(keep_secrets());
    all.extend(give_roles(boundary));
    Value::Array(all)
}

fn look() -> Value {
    let actions = [
        "ec2:DescribeImages",
        "ec2:DescribeInstances",
        "ec2:DescribeSecurityGroups",
        "ec2:DescribeSubnets",
        "ec2:DescribeVolumes",
        "iam:ListInstanceProfiles",
        "iam:ListRoles",
        "secretsmanager:ListSecrets",
        "servicequotas:GetServiceQuota",
        "ssm:DescribeInstanceInformation",
        "ssm:GetCommandInvocation",
    ];
    // `*`: these calls only read, and AWS lets none of them be limited to a resource.
    allow("Look", &actions, vec![json!("*")], None)
}

/// Before a deploy it asks whether the permissions it needs are still there.
fn look_at_itself(link: &str) -> Value {
    allow("LookAtItself", &["iam:SimulatePrincipalPolicy"], vec![iam(&format!("role/cloudsail/{}-{link}", super::ROLE_NAME))], None)
}

/// Everything that is made carries the deployment's tag from its first moment.
fn make() -> Vec<Value> {
    let run = json!({
        "StringLike": { "aws:RequestTag/cloudsail:deployment": DEPLOYMENT },
        "StringEquals": { "ec2:MetadataHttpTokens": "required" },
    });
    let at_creation = json!({ "StringEquals": { "ec2:CreateAction": ["CreateVolume", "RunInstances", "CreateSecurityGroup"] } });
    vec![
        allow("MakeVolume", &["ec2:CreateVolume"], vec![ec2("volume/*")], Some(with_our_tag())),
        allow("RunMachine", &["ec2:RunInstances"], vec![ec2("instance/*")], Some(run)),
        allow("RunMachineWithVolume", &["ec2:RunInstances"], vec![ec2("volume/*")], Some(with_our_tag())),
        allow("RunMachineInGroup", &["ec2:RunInstances"], vec![ec2("security-group/*")], Some(has_our_tag())),
        // The plan may name any subnet of the account and any image, whose ARN has no account; the interface has no tags when it is made.
        allow(
            "RunMachineOn",
            &["ec2:RunInstances"],
            vec![json!({ "Fn::Sub": "arn:${AWS::Partition}:ec2:*::image/*" }), ec2("network-interface/*"), ec2("subnet/*")],
            None,
        ),
        allow("MakeGroup", &["ec2:CreateSecurityGroup"], vec![ec2("security-group/*")], Some(with_our_tag())),
        allow("MakeGroupIn", &["ec2:CreateSecurityGroup"], vec![ec2("vpc/*")], None),
        allow("TagAtCreation", &["ec2:CreateTags"], vec![ec2("instance/*"), ec2("security-group/*"), ec2("volume/*")], Some(at_creation)),
    ]
}

fn change() -> Vec<Value> {
    let keep = json!({
        "StringLike": { "aws:ResourceTag/cloudsail:deployment": DEPLOYMENT },
        "ForAllValues:StringEquals": { "aws:TagKeys": ["cloudsail:retained", "cloudsail:retained-until"] },
    });
    let group = ["ec2:AuthorizeSecurityGroupIngress", "ec2:RevokeSecurityGroupIngress", "ec2:DeleteSecurityGroup"];
    vec![
        allow("KeepVolume", &["ec2:CreateTags"], vec![ec2("volume/*")], Some(keep)),
        allow("AttachVolume", &["ec2:AttachVolume"], vec![ec2("instance/*"), ec2("volume/*")], Some(has_our_tag())),
        allow("DeleteVolume", &["ec2:DeleteVolume"], vec![ec2("volume/*")], Some(has_our_tag())),
        allow("EndMachine", &["ec2:TerminateInstances"], vec![ec2("instance/*")], Some(has_our_tag())),
        allow("ChangeGroup", &group, vec![ec2("security-group/*")], Some(has_our_tag())),
    ]
}

fn run_commands() -> Vec<Value> {
    let document = json!({ "Fn::Sub": "arn:${AWS::Partition}:ssm:*::document/AWS-RunShellScript" });
    // Systems Manager has its own name for the tags of the machine that a command goes to.
    let ours = json!({ "StringLike": { "ssm:resourceTag/cloudsail:deployment": DEPLOYMENT } });
    vec![
        allow("RunShellScript", &["ssm:SendCommand"], vec![document], None),
        allow("RunOnOurMachines", &["ssm:SendCommand"], vec![ec2("instance/*")], Some(ours)),
    ]
}

fn keep_secrets() -> Vec<Value> {
    let own =
        ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue", "secretsmanager:RestoreSecret", "secretsmanager:DeleteSecret"];
    vec![
        allow("MakeSecret", &["secretsmanager:CreateSecret", "secretsmanager:TagResource"], vec![secrets()], Some(with_our_tag())),
        allow("KeepSecrets", &own, vec![secrets()], None),
    ]
}

/// Only names that begin with `cloudsail-`: this role, its boundary and the customer's own roles are out of reach.
fn give_roles(boundary: &str) -> Vec<Value> {
    let role = || vec![iam("role/cloudsail/cloudsail-*")];
    let boundary = || json!({ "iam:PermissionsBoundary": iam(&format!("policy/cloudsail/{boundary}")) });
    let attach = json!({ "ArnEquals": { "iam:PolicyARN": SSM_CORE_POLICY_ARN }, "StringEquals": boundary() });
    let own = ["iam:DeleteRole", "iam:DeleteRolePolicy", "iam:DetachRolePolicy", "iam:GetRole", "iam:TagRole"];
    let profile = [
        "iam:AddRoleToInstanceProfile",
        "iam:CreateInstanceProfile",
        "iam:DeleteInstanceProfile",
        "iam:GetInstanceProfile",
        "iam:RemoveRoleFromInstanceProfile",
        "iam:TagInstanceProfile",
    ];
    let to_machines = json!({ "StringEquals": { "iam:PassedToService": "ec2.amazonaws.com" } });
    vec![
        allow("MakeBoundedRoles", &["iam:CreateRole", "iam:PutRolePolicy"], role(), Some(json!({ "StringEquals": boundary() }))),
        allow("AttachAgentPolicy", &["iam:AttachRolePolicy"], role(), Some(attach)),
        allow("KeepRoles", &own, role(), None),
        allow("KeepProfiles", &profile, vec![iam("instance-profile/cloudsail/cloudsail-*")], None),
        allow("GiveRolesToMachines", &["iam:PassRole"], role(), Some(to_machines)),
    ]
}

/// The most that a machine can ever do: what the SSM agent calls, and reading Cloudsail's secrets.
pub(super) fn boundary() -> Value {
    // AWS's own policy for the agent also lets it read every parameter of the account; that part is left out here.
    let agent = [
        "ec2messages:AcknowledgeMessage",
        "ec2messages:DeleteMessage",
        "ec2messages:FailMessage",
        "ec2messages:GetEndpoint",
        "ec2messages:GetMessages",
        "ec2messages:SendReply",
        "ssm:DescribeAssociation",
        "ssm:DescribeDocument",
        "ssm:GetDocument",
        "ssm:GetManifest",
        "ssm:ListAssociations",
        "ssm:ListInstanceAssociations",
        "ssm:PutComplianceItems",
        "ssm:PutInventory",
        "ssm:UpdateAssociationStatus",
        "ssm:UpdateInstanceAssociationStatus",
        "ssm:UpdateInstanceInformation",
        "ssmmessages:CreateControlChannel",
        "ssmmessages:CreateDataChannel",
        "ssmmessages:OpenControlChannel",
        "ssmmessages:OpenDataChannel",
    ];
    json!([
        // `*`: most of the agent's calls know no resource; AWS's own policy for it says the same.
        allow("Agent", &agent, vec![json!("*")], None),
        allow("Secrets", &["secretsmanager:GetSecretValue"], vec![secrets()], None),
    ])
}
