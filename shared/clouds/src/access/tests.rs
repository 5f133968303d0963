use std::collections::BTreeSet;

use super::policy::Statement;
use super::{Template, permissions, statements};

/// The calls as the code names them: every one passes its name to `failure`.
const SOURCES: [&str; 9] = [
    include_str!("../aws/commands.rs"),
    include_str!("../aws/dry_run.rs"),
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
const TEMPLATE: Template<'_> =
    Template { control_account_id: "000000000000", account_id: "222222222222", external_id: "ext-1", link: "abcd1234" };

fn access() -> Vec<Statement> {
    statements::access("CloudsailBoundary-abcd1234")
}

fn monitor() -> Vec<Statement> {
    statements::monitor("abcd1234")
}

fn made_calls() -> BTreeSet<&'static str> {
    let services = ["ec2:", "iam:", "secretsmanager:", "servicequotas:", "ssm:"];
    let quoted = SOURCES.iter().flat_map(|source| source.split('"').skip(1).step_by(2));
    quoted.filter(|text| services.iter().any(|service| text.starts_with(service))).collect()
}

fn granted(statements: &[Statement]) -> BTreeSet<&'static str> {
    statements.iter().flat_map(|statement| statement.actions.iter().copied()).collect()
}

fn reads(action: &str) -> bool {
    let verb = action.split(':').nth(1).unwrap_or_default();
    ["Describe", "List", "Get", "Simulate"].iter().any(|read| verb.starts_with(read))
}

#[test]
fn what_is_granted_is_what_is_called() {
    let mut needed = made_calls();
    assert!(needed.len() > 20, "the sources name their calls: {needed:?}");
    needed.extend(IMPLIED);
    assert_eq!(granted(&access()).union(&granted(&monitor())).copied().collect::<BTreeSet<_>>(), needed);
}

#[test]
fn the_monitoring_role_only_reads() {
    let changing: Vec<_> = granted(&monitor()).into_iter().filter(|action| !reads(action)).collect();
    assert_eq!(changing, Vec::<&str>::new());
    assert!(!granted(&monitor()).contains("secretsmanager:GetSecretValue") && !granted(&monitor()).contains("ssm:GetCommandInvocation"));
}

#[test]
fn no_action_has_a_wildcard_and_every_statement_says_why() {
    for statement in [access(), monitor(), statements::boundary(), statements::trust("000000000000", "ext-1")].concat() {
        assert!(statement.actions.iter().all(|action| !action.contains('*')), "{statement:?}");
        assert!(statement.why.len() > 20 && statement.why.ends_with('.'), "{statement:?}");
    }
}

#[test]
fn what_changes_something_is_tied_to_our_tag_or_to_our_names() {
    // What these call into is the customer's own and carries no tag: the network, the subnet, the image; AWS's own document.
    let untied = ["RunMachineOn", "MakeGroupIn", "RunShellScript"];
    for statement in access().iter().filter(|statement| statement.actions.iter().any(|action| !reads(action))) {
        let tagged = statement.conditions.iter().any(|one| one.key.contains("Tag/cloudsail:deployment") || one.key == "ec2:CreateAction");
        let named = statement.resources.iter().all(|resource| resource.contains("/cloudsail-*") || resource.contains("secret:cloudsail/"));
        assert!(tagged || named || untied.contains(&statement.sid), "{statement:?}");
    }
}

#[test]
fn the_policies_fit_their_limits() {
    // 10 240 characters for a role's inline policies, 6 144 for a managed one, 2 048 for a trust by default; IAM does not count
    // white space. A stack's template may have 51 200 bytes where it is sent along.
    let template = TEMPLATE.cloudformation();
    let length = |path: &str| template.pointer(path).unwrap_or_else(|| panic!("{path}")).to_string().len();
    for role in ["Access", "Monitor"] {
        assert!(length(&format!("/Resources/{role}/Properties/Policies/0/PolicyDocument")) < 10_000, "{role}");
        assert!(length(&format!("/Resources/{role}/Properties/AssumeRolePolicyDocument")) < 2_000, "{role}");
    }
    assert!(length("/Resources/Boundary/Properties/PolicyDocument") < 6_000);
    assert!(serde_json::to_string_pretty(&template).unwrap().len() < 51_200);
}

#[test]
fn the_roles_can_not_change_themselves() {
    for statement in access() {
        for resource in statement.resources.iter().filter(|resource| resource.contains(":role/")) {
            assert!(resource.ends_with(":role/cloudsail/cloudsail-*"), "{statement:?}");
        }
    }
}

#[test]
fn roles_and_boundary_of_one_link_belong_together_in_every_form() {
    let role = super::role_arn("222222222222", "abcd1234");
    assert_eq!(role, "arn:aws:iam::222222222222:role/cloudsail/CloudsailAccess-abcd1234");
    assert_eq!(super::monitor_role_arn(&role), "arn:aws:iam::222222222222:role/cloudsail/CloudsailMonitor-abcd1234");
    assert_eq!(super::boundary_arn(&role), "arn:aws:iam::222222222222:policy/cloudsail/CloudsailBoundary-abcd1234");
    for (form, text) in forms() {
        for name in ["CloudsailAccess-abcd1234", "CloudsailMonitor-abcd1234", "policy/cloudsail/CloudsailBoundary-abcd1234", "ext-1"] {
            assert!(text.contains(name), "{form}: {name}");
        }
    }
}

fn forms() -> [(&'static str, String); 3] {
    [("cloudformation", TEMPLATE.cloudformation().to_string()), ("terraform", TEMPLATE.terraform()), ("cli", TEMPLATE.cli())]
}

#[test]
fn every_form_has_every_statement_with_its_reason() {
    for statement in [access(), monitor(), statements::boundary(), statements::trust("000000000000", "ext-1")].concat() {
        for (form, text) in forms() {
            for part in statement.actions.iter().copied().chain([statement.sid, statement.why]) {
                assert!(text.contains(part), "{form}: {part}");
            }
        }
    }
}

#[test]
fn the_script_s_policies_are_those_of_the_stack() {
    // A person may read one form and use another.
    let script = TEMPLATE.cli().replace("${partition}", "aws").replace("${account}", "222222222222");
    let documents: Vec<serde_json::Value> =
        script.split("<<POLICY\n").skip(1).map(|rest| serde_json::from_str(rest.split("\nPOLICY\n").next().unwrap()).unwrap()).collect();
    let stack =
        TEMPLATE.cloudformation()["Resources"].to_string().replace("${AWS::Partition}", "aws").replace("${AWS::AccountId}", "222222222222");
    let stack: serde_json::Value = serde_json::from_str(&stack).unwrap();
    let role =
        |name: &str| [&stack[name]["Properties"]["AssumeRolePolicyDocument"], &stack[name]["Properties"]["Policies"][0]["PolicyDocument"]];
    let expected = [vec![&stack["Boundary"]["Properties"]["PolicyDocument"]], role("Access").to_vec(), role("Monitor").to_vec()].concat();
    assert_eq!(documents, expected.into_iter().map(plain).collect::<Vec<_>>());
}

/// Without `Fn::Sub`, whose text is filled already.
fn plain(value: &serde_json::Value) -> serde_json::Value {
    use serde_json::Value;
    match value {
        Value::Object(map) => match map.get("Fn::Sub") {
            Some(text) => text.clone(),
            None => Value::Object(map.iter().map(|(key, value)| (key.clone(), plain(value))).collect()),
        },
        Value::Array(all) => Value::Array(all.iter().map(plain).collect()),
        other => other.clone(),
    }
}

#[test]
fn the_trust_names_account_external_id_and_roles() {
    let template = TEMPLATE.cloudformation();
    for role in ["Access", "Monitor"] {
        let statements = &template["Resources"][role]["Properties"]["AssumeRolePolicyDocument"]["Statement"];
        let (assume, tag) = (&statements[0], &statements[1]);
        assert_eq!(assume["Principal"]["AWS"], "arn:aws:iam::000000000000:root");
        assert_eq!(assume["Action"][0], "sts:AssumeRole");
        assert_eq!(assume["Condition"]["StringEquals"]["sts:ExternalId"], "ext-1");
        assert_eq!(tag["Action"][0], "sts:TagSession");
        for statement in [assume, tag] {
            assert_eq!(statement["Condition"]["ArnLike"]["aws:PrincipalArn"], "arn:aws:iam::000000000000:role/cloudsail-*");
        }
    }
}

#[test]
fn each_role_is_asked_for_its_own_statements() {
    let role = super::role_arn("222222222222", "abcd1234");
    let names = |role: &str| permissions(role, "ca-central-1").into_iter().map(|one| one.statement).collect::<Vec<_>>();
    assert_eq!(names(&super::monitor_role_arn(&role)), ["Look", "LookAtItsRoles"]);
    assert!(names(&role).contains(&"AttachVolume"));
    let all = permissions(&role, "ca-central-1");
    let attach = all.iter().find(|one| one.statement == "AttachVolume").unwrap();
    assert_eq!(attach.resources[0], "arn:aws:ec2:ca-central-1:222222222222:instance/example");
    assert_eq!(attach.context, [("aws:ResourceTag/cloudsail:deployment", vec!["dep_example".to_owned()])]);
    let missing = attach.missing(&role, |action| action == "ec2:AttachVolume").unwrap();
    assert_eq!((missing.statement.as_str(), missing.actions), ("AttachVolume", vec!["ec2:AttachVolume".to_owned()]));
    assert_eq!(attach.missing(&role, |_| false), None);
}
