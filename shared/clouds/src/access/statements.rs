use super::policy::{ACCOUNT, PARTITION, Statement};
use super::{MONITOR_ROLE_NAME, PATH, ROLE_NAME, SSM_CORE_POLICY_ARN};

/// Ids of deployments begin so; a resource counts as Cloudsail's by this tag.
const DEPLOYMENT: &str = "dep_*";
const REQUEST_TAG: &str = "aws:RequestTag/cloudsail:deployment";
const RESOURCE_TAG: &str = "aws:ResourceTag/cloudsail:deployment";
/// For calls that AWS lets nobody limit to a resource.
const ALL: &str = "*";

fn ec2(resource: &str) -> String {
    format!("arn:{PARTITION}:ec2:*:{ACCOUNT}:{resource}")
}

fn iam(resource: &str) -> String {
    format!("arn:{PARTITION}:iam::{ACCOUNT}:{resource}")
}

fn secrets() -> String {
    format!("arn:{PARTITION}:secretsmanager:*:{ACCOUNT}:secret:cloudsail/*")
}

/// Made by this call with our tag.
fn makes(sid: &'static str, why: &'static str, actions: &[&'static str], resources: &[String]) -> Statement {
    Statement::allow(sid, why, actions, resources).when("StringLike", REQUEST_TAG, &[DEPLOYMENT])
}

/// Made earlier with our tag.
fn changes(sid: &'static str, why: &'static str, actions: &[&'static str], resources: &[String]) -> Statement {
    Statement::allow(sid, why, actions, resources).when("StringLike", RESOURCE_TAG, &[DEPLOYMENT])
}

/// What the monitoring role may do: read lists, and ask what both roles may do. `link` ends both roles' names.
pub(super) fn monitor(link: &str) -> Vec<Statement> {
    let look = [
        "ec2:DescribeImages",
        "ec2:DescribeInstances",
        "ec2:DescribeSecurityGroups",
        "ec2:DescribeSubnets",
        "ec2:DescribeVolumes",
        "iam:ListInstanceProfiles",
        "iam:ListRoles",
        "secretsmanager:ListSecrets",
        "servicequotas:GetServiceQuota",
    ];
    let roles = [ROLE_NAME, MONITOR_ROLE_NAME].map(|name| iam(&format!("role{PATH}{name}-{link}")));
    vec![
        Statement::allow(
            "Look",
            "A preview looks for the image, the subnet and the quota, and a count of what is there looks at every kind of thing that is made. These calls only read, and AWS lets none of them be limited to a resource.",
            &look,
            &[ALL.to_owned()],
        ),
        Statement::allow(
            "LookAtItsRoles",
            "Before a deploy it asks IAM whether the two roles may still do what they need; of other roles it can't ask.",
            &["iam:SimulatePrincipalPolicy"],
            &roles,
        ),
    ]
}

/// What the provisioning role may do: the changing calls of this crate, and the looks that a step takes before it changes
/// anything. `boundary` is the name of the policy that bounds every role it makes.
pub(super) fn access(boundary: &str) -> Vec<Statement> {
    let mut all = vec![look()];
    all.extend(make());
    all.extend(change());
    all.extend(run_commands());
    all.extend(keep_secrets());
    all.extend(give_roles(boundary));
    all
}

fn look() -> Statement {
    let actions = [
        "ec2:DescribeImages",
        "ec2:DescribeInstances",
        "ec2:DescribeSecurityGroups",
        "ec2:DescribeSubnets",
        "ec2:DescribeVolumes",
        "ec2:DescribeVolumesModifications",
        "iam:ListInstanceProfiles",
        "iam:ListRoles",
        "secretsmanager:ListSecrets",
        "ssm:DescribeInstanceInformation",
        "ssm:GetCommandInvocation",
    ];
    Statement::allow(
        "Look",
        "Each step looks for what an earlier try made before it makes or removes anything, and reads what a command answered. These calls only read, and AWS lets none of them be limited to a resource.",
        &actions,
        &[ALL.to_owned()],
    )
}

/// Everything that is made carries the deployment's tag from its first moment.
fn make() -> Vec<Statement> {
    let image = format!("arn:{PARTITION}:ec2:*::image/*");
    vec![
        makes("MakeVolume", "The database's files are on a volume of their own.", &["ec2:CreateVolume"], &[ec2("volume/*")]),
        makes(
            "RunMachine",
            "The machine that PostgreSQL runs on; only with our tag and with IMDSv2, so that nothing on it gives its keys away.",
            &["ec2:RunInstances"],
            &[ec2("instance/*")],
        )
        .when("StringEquals", "ec2:MetadataHttpTokens", &["required"]),
        makes(
            "RunMachineWithVolume",
            "The machine's root volume, which is made by the same call.",
            &["ec2:RunInstances"],
            &[ec2("volume/*")],
        ),
        changes(
            "RunMachineInGroup",
            "The machine stands in the deployment's own security group, in none of yours.",
            &["ec2:RunInstances"],
            &[ec2("security-group/*")],
        ),
        Statement::allow(
            "RunMachineOn",
            "A plan may name any subnet of the account and any image, whose ARN has no account; the interface has no tags when it is made.",
            &["ec2:RunInstances"],
            &[image, ec2("network-interface/*"), ec2("subnet/*")],
        ),
        makes(
            "MakeGroup",
            "The security group that lets in the plan's addresses on 5432 and nobody else.",
            &["ec2:CreateSecurityGroup"],
            &[ec2("security-group/*")],
        ),
        Statement::allow(
            "MakeGroupIn",
            "A security group belongs to a network, which is yours and not tagged.",
            &["ec2:CreateSecurityGroup"],
            &[ec2("vpc/*")],
        ),
        Statement::allow(
            "TagAtCreation",
            "AWS asks for this right too where a call makes something with tags; it gives no way to tag what is there already.",
            &["ec2:CreateTags"],
            &[ec2("instance/*"), ec2("security-group/*"), ec2("volume/*")],
        )
        .when("StringEquals", "ec2:CreateAction", &["CreateVolume", "RunInstances", "CreateSecurityGroup"]),
    ]
}

fn change() -> Vec<Statement> {
    let group = ["ec2:AuthorizeSecurityGroupIngress", "ec2:RevokeSecurityGroupIngress", "ec2:DeleteSecurityGroup"];
    vec![
        changes(
            "KeepVolume",
            "A destroy keeps a protected deployment's volume and marks it with the date until which; no other tag can be changed.",
            &["ec2:CreateTags"],
            &[ec2("volume/*")],
        )
        .when("ForAllValues:StringEquals", "aws:TagKeys", &["cloudsail:retained", "cloudsail:retained-until"]),
        changes(
            "AttachVolume",
            "The data volume is attached to the deployment's machine.",
            &["ec2:AttachVolume"],
            &[ec2("instance/*"), ec2("volume/*")],
        ),
        changes(
            "DetachVolume",
            "A machine that is replaced gives the data volume up before it ends, so that nothing can take the volume with it.",
            &["ec2:DetachVolume"],
            &[ec2("instance/*"), ec2("volume/*")],
        ),
        changes("DeleteVolume", "A destroy removes the data volume.", &["ec2:DeleteVolume"], &[ec2("volume/*")]),
        changes(
            "GrowVolume",
            "A larger disk in the plan makes the volume larger, while the database runs.",
            &["ec2:ModifyVolume"],
            &[ec2("volume/*")],
        ),
        changes(
            "StopAndStart",
            "A machine changes its type while it is stopped, and is started again.",
            &["ec2:StartInstances", "ec2:StopInstances"],
            &[ec2("instance/*")],
        ),
        changes(
            "ChangeMachineType",
            "Another machine size in the plan; no other attribute of the machine can be changed.",
            &["ec2:ModifyInstanceAttribute"],
            &[ec2("instance/*")],
        )
        .when("StringEquals", "ec2:Attribute", &["InstanceType"]),
        changes(
            "EndMachine",
            "A destroy, a deploy that is taken back, and a machine that takes another's place end the machine.",
            &["ec2:TerminateInstances"],
            &[ec2("instance/*")],
        ),
        changes(
            "ChangeGroup",
            "The security group follows the plan's allow list, and goes with the deployment.",
            &group,
            &[ec2("security-group/*")],
        ),
    ]
}

fn run_commands() -> Vec<Statement> {
    vec![
        Statement::allow(
            "RunShellScript",
            "Commands go through Systems Manager, with AWS's own document for a shell script, so that no port is open for us.",
            &["ssm:SendCommand"],
            &[format!("arn:{PARTITION}:ssm:*::document/AWS-RunShellScript")],
        ),
        // Systems Manager has its own name for the tags of the machine that a command goes to.
        Statement::allow("RunOnOurMachines", "Commands run on machines with our tag alone.", &["ssm:SendCommand"], &[ec2("instance/*")])
            .when("StringLike", "ssm:resourceTag/cloudsail:deployment", &[DEPLOYMENT]),
    ]
}

fn keep_secrets() -> Vec<Statement> {
    let own =
        ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue", "secretsmanager:RestoreSecret", "secretsmanager:DeleteSecret"];
    vec![
        makes(
            "MakeSecret",
            "The database's password is made here and stays in your account.",
            &["secretsmanager:CreateSecret", "secretsmanager:TagResource"],
            &[secrets()],
        ),
        Statement::allow(
            "KeepSecrets",
            "Secrets named cloudsail/… alone: read when you ask for the password, deleted with the deployment.",
            &own,
            &[secrets()],
        ),
    ]
}

/// Only names that begin with `cloudsail-`: the two roles, their boundary and the customer's own roles are out of reach.
fn give_roles(boundary: &str) -> Vec<Statement> {
    const BOUNDARY: &str = "iam:PermissionsBoundary";
    let role = || [iam(&format!("role{PATH}cloudsail-*"))];
    let boundary = iam(&format!("policy{PATH}{boundary}"));
    let own = ["iam:DeleteRole", "iam:DeleteRolePolicy", "iam:DetachRolePolicy", "iam:GetRole", "iam:TagRole"];
    let profile = [
        "iam:AddRoleToInstanceProfile",
        "iam:CreateInstanceProfile",
        "iam:DeleteInstanceProfile",
        "iam:GetInstanceProfile",
        "iam:RemoveRoleFromInstanceProfile",
        "iam:TagInstanceProfile",
    ];
    vec![
        Statement::allow(
            "MakeBoundedRoles",
            "A machine has a role of its own, to read its own secret; only inside the permissions boundary.",
            &["iam:CreateRole", "iam:PutRolePolicy"],
            &role(),
        )
        .when("StringEquals", BOUNDARY, &[&boundary]),
        Statement::allow(
            "AttachAgentPolicy",
            "Systems Manager's agent on the machine needs AWS's policy for it; no other policy can be attached.",
            &["iam:AttachRolePolicy"],
            &role(),
        )
        .when("ArnEquals", "iam:PolicyARN", &[SSM_CORE_POLICY_ARN])
        .when("StringEquals", BOUNDARY, &[&boundary]),
        Statement::allow("KeepRoles", "A machine's role is looked at, and removed with it; only roles named cloudsail-….", &own, &role()),
        Statement::allow(
            "KeepProfiles",
            "A role is given to a machine by an instance profile; only profiles named cloudsail-….",
            &profile,
            &[iam(&format!("instance-profile{PATH}cloudsail-*"))],
        ),
        Statement::allow("GiveRolesToMachines", "Those roles are given to machines and to nothing else.", &["iam:PassRole"], &role()).when(
            "StringEquals",
            "iam:PassedToService",
            &["ec2.amazonaws.com"],
        ),
    ]
}

/// The most that a machine can ever do: what the SSM agent calls, and reading Cloudsail's secrets.
pub(super) fn boundary() -> Vec<Statement> {
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
    vec![
        Statement::allow(
            "Agent",
            "What Systems Manager's agent calls. Most of it knows no resource, and AWS's own policy says the same; that one also lets the agent read every parameter of the account, which is left out here.",
            &agent,
            &[ALL.to_owned()],
        ),
        Statement::allow(
            "Secrets",
            "A machine reads its password; its role's own policy names the one secret.",
            &["secretsmanager:GetSecretValue"],
            &[secrets()],
        ),
    ]
}

/// Who may take a role on. It names the account, and by condition its functions' roles: a role that is made anew there has a
/// new identity, so naming it as the principal would break the trust with each new installation.
pub(super) fn trust(control_account_id: &str, external_id: &str) -> Vec<Statement> {
    let root = format!("arn:aws:iam::{control_account_id}:root");
    let functions = format!("arn:aws:iam::{control_account_id}:role/cloudsail-*");
    let from = |statement: Statement| statement.when("ArnLike", "aws:PrincipalArn", &[&functions]);
    vec![
        from(Statement::trust(
            "CloudsailWithTheExternalId",
            "Only Cloudsail's functions take the role on, and only with the external id that was made for this account: without it another customer could name this role as theirs.",
            "sts:AssumeRole",
            root.clone(),
        ))
        .when("StringEquals", "sts:ExternalId", &[external_id]),
        from(Statement::trust(
            "TagSessions",
            "Sessions carry the deployment and its owner, which your audit log then shows; no other tag can be set.",
            "sts:TagSession",
            root,
        ))
        .when("ForAllValues:StringEquals", "aws:TagKeys", &[super::SESSION_TAG_DEPLOYMENT, super::SESSION_TAG_OWNER]),
    ]
}
