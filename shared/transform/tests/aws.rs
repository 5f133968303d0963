//! From a complete plan to what AWS is asked for.
#![expect(clippy::unwrap_used, reason = "a test that can't go on should stop where it stands")]

use domain::PlanId;
use domain::plan::{Plan, accept};
use flate2::read::GzDecoder;
use knowledge::Knowledge;
use serde_json::{Value, json};
use std::io::Read;
use std::process::Command;
use transform::Document;
use transform::aws::{BootFacts, CHECK, Design, Error, TYPES, document};

fn plan(body: &Value) -> Plan {
    accept(&PlanId::generate(), body, &Knowledge::built_in().catalogue.offer()).unwrap()
}

fn full(allow: &[String]) -> Plan {
    plan(&json!({"schema":"cs-json/1","name":"shop","cloud":{"region":"ca-central-1"},"components":[{"kind":"postgres",
        "hardware":{"cpu":2,"memory_gib":8,"disk":{"size_gib":100}},"db":{"version":"17","name":"shop","max_connections":200},
        "network":{"allow":allow},"aws":{"subnet":"subnet-1"}}]}))
}

fn of(plan: &Plan) -> Document {
    document(plan, Knowledge::built_in()).unwrap()
}

fn properties<'a>(document: &'a Document, id: &str) -> &'a Value {
    &document.resources.iter().find(|resource| resource.id == id).unwrap_or_else(|| panic!("{id}")).properties
}

fn facts() -> BootFacts {
    BootFacts {
        deployment_id: "dep_019a0000000070008000000000000000".into(),
        secret_arn:
            "arn:aws:secretsmanager:ca-central-1:222222222222:secret:cloudsail/dep_019a0000000070008000000000000000/postgres-AbCdEf".into(),
        volume_id: "vol-0123456789abcdef0".into(),
    }
}

fn unpacked(user_data: &[u8]) -> String {
    let mut text = String::new();
    GzDecoder::new(user_data).read_to_string(&mut text).unwrap();
    text
}

#[test]
fn the_example_plan_becomes_a_machine() {
    let document = of(&full(&["203.0.113.0/24".into()]));
    assert_eq!((document.schema.as_str(), document.name.as_str(), document.region.as_str()), ("aws-json/1", "shop", "ca-central-1"));
    assert_eq!(properties(&document, "db-instance")["InstanceType"], "m5a.large");
    assert_eq!(properties(&document, "db-data-volume")["Size"], 100);
    let open = json!([{"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "CidrIp": "203.0.113.0/24"}]);
    assert_eq!(properties(&document, "db-security-group")["SecurityGroupIngress"], open);
    assert_eq!(document.lookups["Subnet"]["Wished"], "subnet-1");
    assert!(document.configuration["db"].tuned.settings.iter().any(|s| s.name == "shared_buffers" && s.value == "2703MB"));
}

#[test]
fn the_short_body_keeps_its_wishes() {
    let mut plan = plan(
        &json!({"os":"linux","hardware":{"instance_type":"t3.medium","storage":"ssd","ami":"myami"},"db":{"flavor":"pg","version":"15","backup":"needed"}}),
    );
    let refused = document(&plan, Knowledge::built_in());
    assert!(matches!(refused, Err(Error::Field { pointer, .. }) if pointer == "/cloud/region"));
    plan.cloud.region = Some("ca-central-1".into());
    let document = of(&plan);
    assert_eq!(properties(&document, "db-instance")["InstanceType"], "t3.medium");
    assert_eq!(
        (&document.lookups["Image"]["Wished"], &document.lookups["Image"]["NamePattern"]),
        (&json!("myami"), &json!("debian-12-amd64-*"))
    );
}

#[test]
fn every_reason_stands_beside_the_value_it_explains_and_every_need_comes_first() {
    let document = of(&full(&["203.0.113.0/24".into()]));
    for (index, resource) in document.resources.iter().enumerate() {
        assert!(TYPES.contains(&resource.kind.as_str()), "{}", resource.kind);
        for pointer in resource.reasons.keys() {
            assert!(resource.properties.pointer(pointer).is_some(), "{} {pointer}", resource.id);
        }
        for need in &resource.needs {
            assert!(document.resources[..index].iter().any(|earlier| earlier.id == *need), "{} needs {need}", resource.id);
        }
    }
}

#[test]
fn what_was_written_down_is_what_is_carried_out() {
    let document = of(&full(&["203.0.113.0/24".into()]));
    let stored: Document = serde_json::from_str(&serde_json::to_string(&document).unwrap()).unwrap();
    assert_eq!(stored, document);
    let design = Design::read(&stored).unwrap();
    assert_eq!((design.instance_type.as_str(), design.volume.size_gib, design.subnet.as_deref()), ("m5a.large", 100, Some("subnet-1")));
    let policies = design.role.policies("arn:of:the:secret");
    assert!(policies.len() == 1 && policies[0].1.contains(r#""Resource":"arn:of:the:secret""#), "{policies:?}");
    let mut strange = document;
    strange.resources[0].kind = "AWS::S3::Bucket".into();
    assert!(Design::read(&strange).unwrap_err().to_string().contains("AWS::S3::Bucket"));
}

#[test]
fn the_user_data_is_complete_short_enough_and_valid_shell() {
    let many: Vec<String> = (0..50).map(|i| format!("203.0.{}.0/24", 100 + i)).collect();
    let packed = Design::read(&of(&full(&many))).unwrap().user_data(&facts()).unwrap();
    assert!(packed.len() <= 16 * 1024, "{}", packed.len());
    let text = unpacked(&packed);
    let left: Vec<_> =
        text.split('@').skip(1).step_by(2).filter(|w| !w.is_empty() && w.chars().all(|c| c.is_ascii_uppercase() || c == '_')).collect();
    assert!(left.is_empty(), "placeholders left: {left:?}");
    for script in [text.as_str(), CHECK] {
        let path = std::env::temp_dir().join(format!("cloudsail-user-data-{}.sh", std::process::id()));
        std::fs::write(&path, script).unwrap();
        let bash = Command::new("bash").arg("-n").arg(&path).output().unwrap();
        assert!(bash.status.success(), "{}", String::from_utf8_lossy(&bash.stderr));
        std::fs::remove_file(path).unwrap();
    }
}
