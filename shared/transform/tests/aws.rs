//! From a complete plan to what AWS is asked for.
#![expect(clippy::unwrap_used, reason = "a test that can't go on should stop where it stands")]

use domain::PlanId;
use domain::plan::{Plan, accept};
use knowledge::Knowledge;
use serde_json::{Value, json};
use std::process::Command;
use transform::aws::{BootFacts, CHECK, Error, design};

fn plan(body: &Value) -> Plan {
    accept(&PlanId::generate(), body, &Knowledge::built_in().catalogue.offer()).unwrap()
}

fn full(allow: &[String]) -> Plan {
    plan(&json!({"schema":"cs-json/1","cloud":{"region":"ca-central-1"},"components":[{"kind":"postgres",
        "hardware":{"cpu":2,"memory_gib":8,"disk":{"size_gib":100}},"db":{"version":"17","name":"shop","max_connections":200},
        "network":{"allow":allow},"aws":{"subnet":"subnet-1"}}]}))
}

fn facts() -> BootFacts {
    BootFacts {
        deployment_id: "dep_019a0000000070008000000000000000".into(),
        region: "ca-central-1".into(),
        secret_arn:
            "arn:aws:secretsmanager:ca-central-1:222222222222:secret:cloudsail/dep_019a0000000070008000000000000000/postgres-AbCdEf".into(),
        volume_id: "vol-0123456789abcdef0".into(),
    }
}

#[test]
fn the_example_plan_becomes_a_machine() {
    let design = design(&full(&["203.0.113.0/24".into()]), Knowledge::built_in()).unwrap();
    assert_eq!((design.instance_type.as_str(), design.image.name_pattern.as_str()), ("m5a.large", "debian-13-amd64-*"));
    assert_eq!(
        (design.data_volume_gib, design.ingress.join(","), design.subnet.as_deref()),
        (100, "203.0.113.0/24".into(), Some("subnet-1"))
    );
    assert!(design.settings.iter().any(|s| s.name == "shared_buffers" && s.value == "2048MB"));
}

#[test]
fn the_short_body_keeps_its_wishes() {
    let mut plan = plan(
        &json!({"os":"linux","hardware":{"instance_type":"t3.medium","storage":"ssd","ami":"myami"},"db":{"flavor":"pg","version":"15","backup":"needed"}}),
    );
    assert!(matches!(design(&plan, Knowledge::built_in()), Err(Error::Field { pointer: "/cloud/region", .. })));
    plan.cloud.region = Some("ca-central-1".into());
    let design = design(&plan, Knowledge::built_in()).unwrap();
    assert_eq!((design.instance_type.as_str(), design.image.wished.as_deref()), ("t3.medium", Some("myami")));
    assert_eq!(design.image.name_pattern, "debian-12-amd64-*");
}

#[test]
fn the_user_data_is_complete_short_enough_and_valid_shell() {
    let many: Vec<String> = (0..50).map(|i| format!("203.0.{}.0/24", 100 + i)).collect();
    let text = design(&full(&many), Knowledge::built_in()).unwrap().user_data(&facts()).unwrap();
    assert!(text.len() <= 16 * 1024, "{}", text.len());
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
