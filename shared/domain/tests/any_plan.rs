//! Any plan that can be said: the schema knows what is accepted, and what is accepted is accepted again unchanged.
#![expect(clippy::unwrap_used, reason = "a test that can't go on should stop where it stands")]

use domain::PlanId;
use domain::plan::{Architecture, Offer, OfferedMachine, OfferedOs, SCHEMA, accept};
use jsonschema::Validator;
use proptest::collection::{btree_map, vec};
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Map, Value, json};
use std::sync::LazyLock;

static VALIDATOR: LazyLock<Validator> = LazyLock::new(|| jsonschema::draft202012::new(&serde_json::from_str(SCHEMA).unwrap()).unwrap());

fn offer() -> Offer {
    let os =
        |version: &str, postgres: &str| OfferedOs { family: "debian".into(), version: version.into(), postgres: vec![postgres.into()] };
    let machine = |name: &str, cpu, memory_gib, architecture| OfferedMachine { name: name.into(), cpu, memory_gib, architecture };
    Offer {
        systems: vec![os("13", "17"), os("12", "15")],
        machines: vec![
            machine("t3.medium", 2, 4, Architecture::X86_64),
            machine("m7i.48xlarge", 192, 768, Architecture::X86_64),
            machine("r8g.48xlarge", 192, 1536, Architecture::Arm64),
        ],
        disk_min_gib: 10,
        disk_max_gib: 16_384,
    }
}

/// An object without the fields that are left out.
fn object<const N: usize>(fields: [(&str, Option<Value>); N]) -> Value {
    Value::Object(fields.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?))).collect::<Map<_, _>>())
}

/// Left out, null, or one of the values.
fn maybe<T: Into<Value> + Clone + std::fmt::Debug + 'static>(values: impl Strategy<Value = T> + 'static) -> BoxedStrategy<Option<Value>> {
    prop_oneof![1 => Just(None), 1 => Just(Some(Value::Null)), 4 => values.prop_map(|value| Some(value.into()))].boxed()
}

fn words(values: &'static [&'static str]) -> BoxedStrategy<Option<Value>> {
    maybe(select(values))
}

prop_compose! {
    fn cloud()(
        (provider, region) in select(vec![
            (None, None), (None, Some(json!("ca-central-1"))), (Some(Value::Null), Some(json!("us-gov-west-1"))),
            (Some(json!("aws")), Some(Value::Null)), (Some(json!("azure")), Some(json!("canadacentral"))),
            (Some(json!("gcp")), Some(json!("northamerica-northeast1"))),
        ]),
        account in maybe("acct_[0-9a-f]{32}"),
    ) -> Value {
        object([("provider", provider), ("account", account), ("region", region)])
    }
}

prop_compose! {
    fn hardware()(
        cpu in maybe(1u32..=192), memory in maybe(1u32..=768), architecture in words(&["x86_64"]),
        kind in words(&["ssd"]), size in maybe(10u32..=16_383), iops in maybe(1u32..=16_000), throughput in maybe(1u32..=1000),
        ceiling in maybe(16_384u32..=16_384),
        storage in words(&["ssd"]), ami in words(&["ami-1", "debian-13"]),
    ) -> Value {
        let disk = object([("kind", kind), ("size_gib", size), ("iops", iops), ("throughput_mib_s", throughput), ("grow_to_gib", ceiling)]);
        object([("cpu", cpu), ("memory_gib", memory), ("architecture", architecture), ("disk", Some(disk)), ("storage", storage), ("ami", ami)])
    }
}

prop_compose! {
    fn db()(
        flavor in words(&["pg"]), name in maybe("[a-z][a-z0-9_]{0,31}".prop_filter("kept", |name| !["postgres", "template0", "template1"].contains(&name.as_str()))),
        workload in words(&["web", "oltp", "dw", "mixed", "desktop"]), max_connections in maybe(10u32..=5000),
        topology in prop_oneof![Just(None), Just(Some(Value::Null)), Just(Some(json!({"kind": "single"})))],
        settings in of(btree_map("[a-z0-9_.]{1,63}", "[^\\pC]{0,125}", 0..5)),
    ) -> Value {
        object([
            ("flavor", flavor), ("name", name), ("workload", workload), ("max_connections", max_connections), ("topology", topology),
            ("settings", settings.map(|settings| json!(settings))),
        ])
    }
}

prop_compose! {
    fn backup()(
        word in of(select(vec![json!("needed"), json!("none"), Value::Null])),
        schedule in words(&["0 3 * * *", "*/5 * * * 1"]), retention in maybe(1u32..=365),
        restore_test in words(&["never", "daily", "weekly", "monthly"]),
    ) -> Value {
        word.unwrap_or_else(|| object([("schedule", schedule), ("retention_days", retention), ("restore_test", restore_test)]))
    }
}

prop_compose! {
    fn network()(
        allow in of(vec((any::<u32>(), 1u8..=32), 0..=50)), endpoint in words(&["private"]), public in maybe(any::<bool>()),
    ) -> Value {
        let range = |(address, prefix): (u32, u8)| {
            let address = std::net::Ipv4Addr::from(address & (u32::MAX << (32 - prefix)));
            format!("{address}/{prefix}")
        };
        let allow = allow.map(|ranges| ranges.into_iter().map(range).collect::<Vec<_>>());
        object([("allow", allow.map(|allow| json!(allow))), ("endpoint", endpoint), ("public", public)])
    }
}

prop_compose! {
    /// A plan in the full form with nothing wrong in it.
    fn plan()(
        name in maybe("[A-Za-z][^\\pC]{0,62}"), cloud in of(cloud()), id in maybe("[A-Za-z][A-Za-z0-9_-]{0,31}"),
        (os, version) in select(vec![
            (None, None), (Some(json!("linux")), Some(json!("15"))), (Some(Value::Null), Some(json!("17"))),
            (Some(json!({"family": "debian"})), Some(Value::Null)), (Some(json!({"family": "debian", "version": "12"})), Some(json!("15"))),
            (None, Some(json!("15"))), (Some(json!({"family": "debian", "version": null})), Some(json!("15"))),
        ]),
        hardware in of(hardware()), db in db(), backup in of(backup()), network in of(network()), protect in maybe(any::<bool>()),
        aws in prop_oneof![Just(None), Just(Some(json!({}))), Just(Some(Value::Null)), Just(Some(json!({"ami": null, "subnet": "subnet-1"})))],
        links in of(Just(json!([]))),
    ) -> Value {
        let mut db = db;
        if let Some(version) = version {
            db["version"] = version;
        }
        let component = object([
            ("id", id), ("kind", Some(json!("postgres"))), ("os", os), ("hardware", hardware), ("db", Some(db)), ("backup", backup),
            ("network", network), ("protect", protect), ("aws", aws),
        ]);
        object([
            ("schema", Some(json!("cs-json/1"))), ("name", name), ("cloud", cloud), ("components", Some(json!([component]))), ("links", links),
        ])
    }
}

fn pointers(value: &Value, at: &str, all: &mut Vec<String>) {
    all.push(at.to_owned());
    match value {
        Value::Object(fields) => fields.iter().for_each(|(key, field)| pointers(field, &format!("{at}/{key}"), all)),
        Value::Array(items) => items.iter().enumerate().for_each(|(index, item)| pointers(item, &format!("{at}/{index}"), all)),
        _ => {}
    }
}

/// Whatever stands in another place of a plan, and what should stand in none.
fn odd() -> impl Strategy<Value = Value> {
    select(vec![
        Value::Null,
        json!(true),
        json!(0),
        json!(1),
        json!(-1),
        json!(2.5),
        json!(4_294_967_296_u64),
        json!(""),
        json!(" "),
        json!("\n"),
        json!("linux"),
        json!("none"),
        json!("17"),
        json!("ssd"),
        json!("0.0.0.0/0"),
        json!("10.0.0.1/8"),
        json!("x".repeat(64)),
        json!([]),
        json!([[]]),
        json!(["192.0.2.0/24"]),
        json!({}),
        json!({"family": "debian"}),
        json!({"kind": "single"}),
        json!({"kind": "postgres"}),
    ])
}

fn holds(body: &Value) -> Result<(), TestCaseError> {
    let plan = accept(&PlanId::generate(), body, &offer()).map_err(|errors| TestCaseError::fail(format!("{errors:?}\n{body}")))?;
    let complete = serde_json::to_value(&plan).unwrap();
    for said in [body, &complete] {
        let wrong: Vec<_> = VALIDATOR.iter_errors(said).map(|error| format!("{}: {error}", error.instance_path())).collect();
        prop_assert!(wrong.is_empty(), "the schema refuses what is accepted: {wrong:?}\n{said}");
    }
    let again =
        accept(&PlanId::generate(), &complete, &offer()).map_err(|errors| TestCaseError::fail(format!("{errors:?}\n{complete}")))?;
    prop_assert_eq!(&again, &plan);
    prop_assert_eq!(serde_json::to_string(&again).unwrap(), serde_json::to_string(&plan).unwrap());
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_schema_knows_every_plan_and_it_stays_as_it_is(body in plan()) {
        holds(&body)?;
    }

    #[test]
    fn the_schema_knows_whatever_is_accepted_though_it_looks_odd(body in plan(), place in any::<Index>(), value in odd()) {
        let mut all = Vec::new();
        pointers(&body, "", &mut all);
        let mut body = body;
        *body.pointer_mut(place.get::<String>(&all)).unwrap() = value;
        // The short form, which lacks both, has no schema.
        let full = body.get("schema").is_some() || body.get("components").is_some();
        if full && accept(&PlanId::generate(), &body, &offer()).is_ok() {
            holds(&body)?;
        }
    }
}
