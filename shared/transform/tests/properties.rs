//! What holds for every plan that is accepted.
#![expect(clippy::unwrap_used, reason = "a test that can't go on should stop where it stands")]

use domain::PlanId;
use domain::plan::{Plan, SCHEMA, accept};
use ipnet::Ipv4Net;
use knowledge::Knowledge;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::net::Ipv4Addr;
use std::sync::LazyLock;
use transform::aws::{Design, TYPES, document};

static SCHEMA_OF_PLANS: LazyLock<jsonschema::Validator> =
    LazyLock::new(|| jsonschema::draft202012::new(&serde_json::from_str(SCHEMA).unwrap()).unwrap());

fn knowledge() -> &'static Knowledge {
    Knowledge::built_in()
}

fn range() -> impl Strategy<Value = String> {
    (any::<u32>(), 1u8..=32).prop_map(|(address, prefix)| Ipv4Net::new(Ipv4Addr::from(address), prefix).unwrap().trunc().to_string())
}

prop_compose! {
    /// What a person may send, of everything that is offered in a region that has it all.
    fn body()(
        size in (1u32..=96, 1u32..=768, 10u32..=16_384),
        architecture in prop_oneof![Just(Value::Null), Just(json!("x86_64")), Just(json!("arm64"))],
        version in prop_oneof![Just("15"), Just("17")],
        workload in prop_oneof![Just("web"), Just("oltp"), Just("dw"), Just("mixed"), Just("desktop")],
        connections in 10u32..=5000,
        allow in prop::collection::vec(range(), 0..=50),
        name in "[^\\x00-\\x1f\\x7f-\\x9f]{0,40}[a-z]",
        database in "[a-z][a-z0-9_]{0,31}",
        backup in prop_oneof![Just("needed"), Just("none")],
    ) -> Value {
        json!({"schema": "cs-json/1", "name": name, "cloud": {"region": "us-east-1"}, "components": [{"kind": "postgres",
            "hardware": {"cpu": size.0, "memory_gib": size.1, "architecture": architecture, "disk": {"size_gib": size.2}},
            "db": {"version": version, "name": format!("d{database:.31}"), "workload": workload, "max_connections": connections},
            "backup": backup, "network": {"allow": allow}}]})
    }
}

fn accepted(body: &Value) -> Plan {
    accept(&PlanId::generate(), body, &knowledge().catalogue.offer()).unwrap_or_else(|errors| panic!("{errors:?}: {body}"))
}

fn number(value: &Value) -> u32 {
    value.as_u64().and_then(|value| u32::try_from(value).ok()).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn an_accepted_plan_is_valid_by_its_schema_and_is_accepted_again_as_it_is(body in body()) {
        let plan = accepted(&body);
        let written = serde_json::to_value(&plan).unwrap();
        let errors: Vec<_> = SCHEMA_OF_PLANS.iter_errors(&written).map(|error| error.to_string()).collect();
        prop_assert!(errors.is_empty(), "{errors:?}");
        prop_assert_eq!(accepted(&written), plan);
    }

    #[test]
    fn a_plan_becomes_known_types_no_smaller_than_asked_and_no_wider_open(body in body()) {
        let plan = accepted(&body);
        let made = document(&plan, knowledge()).unwrap();
        prop_assert!(made.resources.iter().all(|resource| TYPES.contains(&resource.kind.as_str())));
        let bytes = |document: &transform::Document| serde_json::to_vec(document).unwrap();
        prop_assert_eq!(bytes(&made), bytes(&document(&plan, knowledge()).unwrap()), "the same plan, other bytes");

        let design = Design::read(&made).unwrap();
        let asked = &body["components"][0];
        let machine = knowledge().catalogue.machine(&design.instance_type).unwrap();
        prop_assert!(machine.cpu >= number(&asked["hardware"]["cpu"]) && machine.memory_gib() >= number(&asked["hardware"]["memory_gib"]));
        prop_assert!(design.volume.size_gib >= number(&asked["hardware"]["disk"]["size_gib"]) && design.volume.encrypted);
        let wanted = asked["hardware"]["architecture"].as_str().unwrap_or("x86_64");
        prop_assert_eq!(&design.image.architecture, wanted);
        let open: Vec<_> = design.ingress.iter().map(String::as_str).collect();
        let allowed: Vec<_> = asked["network"]["allow"].as_array().unwrap().iter().map(|range| range.as_str().unwrap()).collect();
        prop_assert_eq!(open, allowed, "who may connect is what the plan says, to the bit");
    }
}
