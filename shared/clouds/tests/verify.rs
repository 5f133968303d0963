//! What a person is told of roles that are not as the template makes them, with an AWS that answers as told.

#![expect(clippy::unwrap_used, reason = "a test that can't go on fails at that line")]

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use clouds::access;
use clouds::aws::{Access, Connector, Verdict, verify};
use domain::{DeploymentId, Errand, Link, UserId};

const ACCOUNT: &str = "222222222222";
const REGION: &str = "ca-central-1";

type Form = BTreeMap<String, String>;

/// What a request was signed with stands beside its fields.
const SIGNATURE: &str = "authorization";

/// How the account's roles are made.
#[derive(Clone, Copy)]
struct Roles {
    /// Whether this request may take its role on.
    trust: fn(&Form) -> bool,
    /// Whether IAM's simulator and EC2 let the action through.
    allows: fn(&str) -> bool,
}

impl Default for Roles {
    fn default() -> Self {
        Self { trust: |form| form.get("ExternalId").is_some_and(|id| id == "ext-1"), allows: |_| true }
    }
}

/// Answers until the test ends; what was asked is sent along.
fn aws(roles: Roles) -> (Connector, std::sync::mpsc::Receiver<Form>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let (asked, all) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let asked = asked.clone();
            std::thread::spawn(move || answer(stream, roles, &asked));
        }
    });
    let keys = Credentials::new("AKIA", "secret", None, None, "test");
    let config = SdkConfig::builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .region(Region::new(REGION))
        .endpoint_url(endpoint)
        .credentials_provider(SharedCredentialsProvider::new(keys))
        .build();
    (Connector::new(config), all)
}

fn answer(mut stream: TcpStream, roles: Roles, asked: &std::sync::mpsc::Sender<Form>) {
    let (mut bytes, mut chunk) = (Vec::new(), [0; 4096]);
    let form = loop {
        let count = stream.read(&mut chunk).unwrap_or(0);
        bytes.extend_from_slice(&chunk[..count]);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length = head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok()).unwrap_or(0);
        if body.len() >= length || count == 0 {
            let signature = head.lines().find_map(|line| line.split_once("authorization: ")).map_or("", |(_, signature)| signature);
            break form_urlencoded::parse(body.as_bytes())
                .into_owned()
                .chain([(SIGNATURE.to_owned(), signature.to_owned())])
                .collect::<Form>();
        }
    };
    let (status, body) = said(&form, roles);
    let _ = asked.send(form);
    let head = format!("HTTP/1.1 {status} x\r\ncontent-type: text/xml\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len());
    let _ = stream.write_all(format!("{head}{body}").as_bytes());
}

fn said(form: &Form, roles: Roles) -> (u16, String) {
    let refused =
        |code: &str| format!("<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>no</Message></Error></ErrorResponse>");
    let of_ec2 = |code: &str| format!("<Response><Errors><Error><Code>{code}</Code><Message>no</Message></Error></Errors></Response>");
    let name = form["Action"].as_str();
    match name {
        "AssumeRole" if (roles.trust)(form) => (200, SESSION.to_owned()),
        "AssumeRole" => (403, refused("AccessDenied")),
        "GetCallerIdentity" => (200, IDENTITY.to_owned()),
        "SimulatePrincipalPolicy" if !(roles.allows)("iam:SimulatePrincipalPolicy") => (403, refused("AccessDenied")),
        "SimulatePrincipalPolicy" => {
            let actions = form.iter().filter(|(key, _)| key.starts_with("ActionNames.member."));
            let result = |action: &String| {
                let decision = if (roles.allows)(action) { "allowed" } else { "implicitDeny" };
                format!("<member><EvalActionName>{action}</EvalActionName><EvalDecision>{decision}</EvalDecision></member>")
            };
            let all: String = actions.map(|(_, action)| result(action)).collect();
            (
                200,
                format!(
                    "<SimulatePrincipalPolicyResponse><SimulatePrincipalPolicyResult><EvaluationResults>{all}</EvaluationResults></SimulatePrincipalPolicyResult></SimulatePrincipalPolicyResponse>"
                ),
            )
        }
        _ if !(roles.allows)(&format!("ec2:{name}")) => (403, of_ec2("UnauthorizedOperation")),
        _ if form.get("DryRun").is_some_and(|dry| dry == "true") => (412, of_ec2("DryRunOperation")),
        "DescribeSubnets" => (200, SUBNETS.to_owned()),
        _ => (400, of_ec2("InvalidAction")),
    }
}

const SESSION: &str = "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIA</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2030-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>";
const IDENTITY: &str = "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:sts::222222222222:assumed-role/x/verify</Arn><UserId>u</UserId><Account>222222222222</Account></GetCallerIdentityResult></GetCallerIdentityResponse>";
const SUBNETS: &str = "<DescribeSubnetsResponse><subnetSet><item><subnetId>subnet-1</subnetId><vpcId>vpc-1</vpcId><availabilityZone>ca-central-1a</availabilityZone></item></subnetSet></DescribeSubnetsResponse>";

fn link() -> Link {
    let role_arn = access::role_arn(ACCOUNT, "abcd1234");
    Link { role_arn, monitor_role_arn: None, external_id: "ext-1".into(), verified_at: None }
}

async fn verdict(roles: Roles) -> (Verdict, Vec<Form>) {
    let (connector, asked) = aws(roles);
    let errand = Errand::named("verify", &UserId("user-1".into()));
    let verdict = verify(&connector, &link(), ACCOUNT, REGION, &errand).await.unwrap();
    (verdict, asked.try_iter().collect())
}

fn refused(verdict: Verdict) -> String {
    match verdict {
        Verdict::Refused(reason) => reason,
        Verdict::Usable { .. } => panic!("the roles were taken"),
    }
}

#[tokio::test]
async fn roles_as_the_template_makes_them_are_usable_and_nothing_is_made() {
    let (verdict, asked) = verdict(Roles::default()).await;
    assert_eq!(verdict, Verdict::Usable { missing: Vec::new() });
    let changing: Vec<_> = asked.iter().filter(|form| form["Action"].starts_with("Create")).collect();
    assert_eq!(changing.len(), 2, "EC2 is asked for a volume and a group");
    for form in changing {
        assert_eq!((form["DryRun"].as_str(), form["TagSpecification.1.Tag.1.Key"].as_str()), ("true", "cloudsail:deployment"));
    }
    let entered: Vec<_> = asked.iter().filter(|form| form["Action"] == "AssumeRole").collect();
    assert_eq!(entered.len(), 6, "each of the two roles: with the id, without it, with another one");
    for form in entered {
        assert_eq!((form["RoleSessionName"].as_str(), form["DurationSeconds"].as_str()), ("verify", "900"));
        assert_eq!((form["Tags.member.1.Key"].as_str(), form["Tags.member.1.Value"].as_str()), ("cloudsail:owner", "user-1"));
    }
}

#[tokio::test]
async fn each_call_in_the_account_is_counted_by_its_errand() {
    let (connector, asked) = aws(Roles::default());
    let errand = connector.counting();
    verify(&errand, &link(), ACCOUNT, REGION, &Errand::named("verify", &UserId("user-1".into()))).await.unwrap();
    let in_the_account = asked.try_iter().filter(|form| form["Action"] != "AssumeRole").count();
    assert_eq!((usize::try_from(errand.calls()).unwrap(), connector.calls()), (in_the_account, 0));
}

#[tokio::test]
async fn a_role_is_taken_on_at_home_and_used_in_the_plans_region() {
    let (connector, asked) = aws(Roles::default());
    // Off in the account, it has no STS of its own that could open a session.
    let access = Access::provisioning(&link(), "me-south-1", &Errand::named("preview", &UserId("user-1".into())));
    connector.connect(&access).await.unwrap().refused_looks().await.unwrap();
    let asked: Vec<_> = asked.try_iter().collect();
    let signed = |name: &str| asked.iter().find(|form| form["Action"] == name).unwrap()[SIGNATURE].clone();
    assert!(signed("AssumeRole").contains("/ca-central-1/sts/aws4_request"), "{}", signed("AssumeRole"));
    assert!(signed("DescribeVolumes").contains("/me-south-1/ec2/aws4_request"), "{asked:?}");
}

#[tokio::test]
async fn a_role_that_is_not_there_is_named() {
    let monitor_is_missing = |form: &Form| (Roles::default().trust)(form) && !form["RoleArn"].contains("CloudsailMonitor");
    let (verdict, _) = verdict(Roles { trust: monitor_is_missing, ..Roles::default() }).await;
    let reason = refused(verdict);
    assert!(reason.contains("CloudsailMonitor-abcd1234 can't be assumed") && reason.contains("update it from the template"), "{reason}");
}

#[tokio::test]
async fn a_role_that_others_could_take_on_is_refused() {
    let no_condition = |_: &Form| true;
    let reason = refused(verdict(Roles { trust: no_condition, ..Roles::default() }).await.0);
    assert!(reason.contains("can be assumed without the external id") && reason.contains("StringEquals sts:ExternalId"), "{reason}");
    let any_id = |form: &Form| form.contains_key("ExternalId");
    let reason = refused(verdict(Roles { trust: any_id, ..Roles::default() }).await.0);
    assert!(reason.contains("with another account's external id"), "{reason}");
}

#[tokio::test]
async fn a_role_of_another_account_is_refused() {
    let (connector, _asked) = aws(Roles::default());
    let errand = Errand::named("verify", &UserId("user-1".into()));
    let reason = refused(verify(&connector, &link(), "333333333333", REGION, &errand).await.unwrap());
    assert!(reason.contains("leads to account 222222222222, not to 333333333333"), "{reason}");
}

#[tokio::test]
async fn what_is_missing_is_listed_by_statement_with_its_reason() {
    let (verdict, _) = verdict(Roles { allows: |action| action != "ec2:AttachVolume", ..Roles::default() }).await;
    let Verdict::Usable { missing } = verdict else { panic!("{verdict:?}") };
    assert_eq!(missing.len(), 1, "{missing:?}");
    assert_eq!(
        (missing[0].statement.as_str(), missing[0].actions.as_slice()),
        ("AttachVolume", ["ec2:AttachVolume".to_owned()].as_slice())
    );
    assert!(missing[0].why.contains("data volume") && missing[0].role_arn.ends_with("CloudsailAccess-abcd1234"));
}

#[tokio::test]
async fn a_monitoring_role_that_may_not_ask_lacks_just_that() {
    let (verdict, _) = verdict(Roles { allows: |action| action != "iam:SimulatePrincipalPolicy", ..Roles::default() }).await;
    let Verdict::Usable { missing } = verdict else { panic!("{verdict:?}") };
    let statements: Vec<_> = missing.iter().map(|one| one.statement.as_str()).collect();
    assert_eq!(statements, ["LookAtItsRoles"]);
}

#[tokio::test]
async fn ec2_is_asked_itself_by_its_dry_runs() {
    let (connector, _asked) = aws(Roles { allows: |action| action != "ec2:CreateVolume", ..Roles::default() });
    let session =
        connector.connect(&Access::provisioning(&link(), REGION, &Errand::named("verify", &UserId("user-1".into())))).await.unwrap();
    let subnet = clouds::Subnet { id: "subnet-1".into(), vpc_id: "vpc-1".into(), zone: "ca-central-1a".into(), free_addresses: 10 };
    assert_eq!(session.refused_makes(&subnet).await.unwrap(), ["ec2:CreateVolume"]);
    assert_eq!((session.refused_looks().await.unwrap(), session.refused_progress().await.unwrap()), (Vec::new(), None));
}

#[tokio::test]
async fn a_session_is_opened_once_for_one_errand_and_anew_after_verifying() {
    let (connector, asked) = aws(Roles::default());
    let (one, two) = (DeploymentId::generate(), DeploymentId::generate());
    let owner = UserId("user-1".into());
    let mut linked = link();
    for id in [&one, &one, &two] {
        connector.connect(&Access::provisioning(&linked, REGION, &Errand::deployment(id, &owner))).await.unwrap();
    }
    let untagged: Vec<_> = asked.try_iter().collect();
    assert_eq!(untagged.iter().map(|form| form["RoleSessionName"].clone()).collect::<Vec<_>>(), [one.to_string(), two.to_string()]);
    assert!(untagged.iter().all(|form| !form.contains_key("Tags.member.1.Key")), "an older role's trust lets no session carry tags");

    assert_eq!(Access::monitoring(&linked, REGION, &Errand::deployment(&one, &owner)), None);
    linked.monitor_role_arn = Some(access::monitor_role_arn(&linked.role_arn));
    linked.verified_at = Some("2026-11-21T00:00:00Z".parse().unwrap());
    connector.connect(&Access::monitoring(&linked, REGION, &Errand::deployment(&one, &owner)).unwrap()).await.unwrap();
    linked.verified_at = Some("2026-11-22T00:00:00Z".parse().unwrap());
    connector.connect(&Access::monitoring(&linked, REGION, &Errand::deployment(&one, &owner)).unwrap()).await.unwrap();
    let tagged: Vec<_> = asked.try_iter().collect();
    assert_eq!(tagged.len(), 2, "roles may have been made anew since");
    assert!(tagged[0]["RoleArn"].contains("CloudsailMonitor"));
    let tags = ["Tags.member.1.Key", "Tags.member.1.Value", "Tags.member.2.Key", "Tags.member.2.Value"].map(|key| tagged[0][key].as_str());
    assert_eq!(tags, ["cloudsail:deployment", one.as_str(), "cloudsail:owner", "user-1"]);
}
