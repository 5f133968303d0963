//! What a person may send as a plan, and what they are told when it can't be.

use domain::PlanId;
use domain::plan::{Architecture, Offer, OfferedMachine, OfferedOs, Plan, SCHEMA, accept};
use serde_json::{Value, json};

fn offer() -> Offer {
    let os =
        |version: &str, postgres: &str| OfferedOs { family: "debian".into(), version: version.into(), postgres: vec![postgres.into()] };
    let machine = |name: &str, cpu, memory_gib| OfferedMachine { name: name.into(), cpu, memory_gib, architecture: Architecture::X86_64 };
    Offer {
        systems: vec![os("13", "17"), os("12", "15")],
        machines: vec![machine("t3.medium", 2, 4), machine("m7i.large", 2, 8)],
        disk_min_gib: 10,
        disk_max_gib: 16384,
    }
}

fn try_accept(body: &Value) -> Result<Plan, Vec<(String, String)>> {
    accept(&PlanId::generate(), body, &offer()).map_err(|errors| errors.into_iter().map(|e| (e.pointer, e.message)).collect())
}

fn full() -> Value {
    json!({"schema":"cs-json/1","name":"shop","cloud":{"provider":"aws","region":"ca-central-1"},
      "components":[{"id":"db","kind":"postgres","os":{"family":"debian","version":"13"},
        "hardware":{"cpu":2,"memory_gib":8,"disk":{"kind":"ssd","size_gib":100}},
        "db":{"flavor":"pg","version":"17","name":"shop","workload":"web","max_connections":200,"topology":{"kind":"single"}},
        "backup":{"schedule":"0 3 * * *","retention_days":14,"restore_test":"weekly"},
        "network":{"allow":["203.0.113.0/24"],"endpoint":"private","public":false},"protect":true}],"links":[]})
}

fn with(pointer: &str, value: Value) -> Value {
    let mut body = full();
    *body.pointer_mut(pointer).expect("the example has it") = value;
    body
}

fn add(pointer: &str, key: &str, value: Value) -> Value {
    let mut body = full();
    body.pointer_mut(pointer).expect("the example has it")[key] = value;
    body
}

#[test]
fn the_short_body_becomes_a_complete_plan() {
    let body = json!({"os":"linux","hardware":{"instance_type":"t3.medium","storage":"ssd","ami":"myami"},"db":{"flavor":"pg","version":"15","backup":"needed"}});
    let plan = try_accept(&body).unwrap();
    let postgres = plan.postgres().unwrap();
    assert_eq!((postgres.os.family.as_str(), postgres.os.version.as_str()), ("debian", "12"));
    assert_eq!((postgres.hardware.cpu, postgres.hardware.memory_gib), (2, 4));
    assert_eq!(postgres.backup.as_ref().unwrap().schedule, "0 3 * * *");
    assert_eq!(postgres.aws.as_ref().unwrap().ami.as_deref(), Some("myami"));
    assert!(postgres.network.allow.is_empty());
}

#[test]
fn the_full_body_stays_as_it_was_sent() {
    let plan = try_accept(&full()).unwrap();
    let mut expected = full();
    expected["cloud"]["account"] = Value::Null;
    assert_eq!(serde_json::to_value(plan).unwrap(), expected);
}

#[test]
fn an_accepted_plan_is_accepted_again_unchanged() {
    let once = try_accept(&json!({"os":"linux","hardware":{},"db":{}})).unwrap();
    assert_eq!(try_accept(&serde_json::to_value(&once).unwrap()).unwrap(), once);
}

fn arm() -> Value {
    let mut body = add("/components/0", "aws", json!({"instance_type":"m7i.large"}));
    body["components"][0]["hardware"]["architecture"] = json!("arm64");
    body
}

#[test]
fn every_mistake_names_its_field_and_what_is_allowed() {
    let cases = [
        (json!([]), "", "JSON object"),
        (json!({"os":"linux","hardware":{}}), "/db", "missing field"),
        (add("", "colour", json!("red")), "/colour", "unknown field"),
        (add("/components/0/hardware", "cpus", json!(2)), "/components/0/hardware/cpus", "expected one of"),
        (with("/components/0/db/version", json!("9.6")), "/components/0/db/version", "17 (debian 13)"),
        (with("/components/0/os/version", json!("11")), "/components/0/os", "debian 13"),
        (with("/components/0/hardware/disk/size_gib", json!(5)), "/components/0/hardware/disk/size_gib", "10 to 16384"),
        (
            add("/components/0/hardware", "storage", json!("hdd")),
            "/components/0/hardware/storage",
            "contradicts /hardware/disk/kind, `ssd`",
        ),
        (with("/components/0/hardware/cpu", json!("two")), "/components/0/hardware/cpu", "invalid type"),
        (with("/components/0/network/allow", json!(["203.0.113.300/24"])), "/components/0/network/allow/0", "CIDR"),
        (with("/components/0/network/allow", json!(["203.0.113.7/24"])), "/components/0/network/allow/0", "203.0.113.0/24"),
        (with("/components/0/network/allow", json!(["0.0.0.0/0"])), "/components/0/network/allow/0", "\"public\": true"),
        (add("/components/0", "aws", json!({"instance_type":"t9.nano"})), "/components/0/aws/instance_type", "m7i.large"),
        (with("/components/0/hardware/memory_gib", json!(2000)), "/components/0/hardware/memory_gib", "1 to 1536"),
        (with("/components/0/hardware/memory_gib", json!(64)), "/components/0/hardware", "the largest is m7i.large with 2 CPUs and 8 GiB"),
        (
            add("/components/0", "aws", json!({"instance_type":"t3.medium"})),
            "/components/0/hardware/memory_gib",
            "asks for 8 GiB of memory, and its machine type t3.medium has 4",
        ),
        (add("/components/0", "aws", json!({"instance_type":"t3.medium"})), "/components/0/hardware/memory_gib", "take m7i.large"),
        (arm(), "/components/0/hardware/architecture", "asks for arm64, and its machine type m7i.large is x86_64"),
        (add("/components/0/hardware/disk", "iops", json!(20_000)), "/components/0/hardware/disk/iops", "1 to 16000"),
        (add("/components/0/hardware/disk", "grow_to_gib", json!(10)), "/components/0/hardware/disk/grow_to_gib", "more than the disk's"),
        (add("/components/0/hardware/disk", "grow_to_gib", json!(99_999)), "/components/0/hardware/disk/grow_to_gib", "at most 16384"),
        (add("/components/0/db", "settings", json!({"work_mem": 64})), "/components/0/db/settings/work_mem", "expected a string"),
        (add("/components/0/db", "settings", json!({"work_mem; x": "1"})), "/components/0/db/settings/work_mem; x", "parameter"),
        (add("/components/0/db", "settings", json!({"work_mem": "1MB\nfsync = off"})), "/components/0/db/settings/work_mem", "one line"),
        (with("/cloud/provider", json!("ibm")), "/cloud/provider", "gcp"),
        (with("/cloud/provider", json!("azure")), "/cloud/region", "canadacentral"),
        (with("/components/0/backup/schedule", json!("daily")), "/components/0/backup/schedule", "cron"),
        (with("/components/0/db/name", json!("Shop; drop")), "/components/0/db/name", "small letters"),
        (with("/components/0/kind", json!("mysql")), "/components/0/kind", "postgres"),
        (with("/schema", json!("cs-json/9")), "/schema", "cs-json/1"),
        (with("/components", json!([])), "/components", "exactly one"),
    ];
    for (body, pointer, words) in cases {
        let errors = try_accept(&body).expect_err(&body.to_string());
        assert!(errors.iter().any(|(at, message)| at == pointer && message.contains(words)), "{pointer} {words}: {errors:?}");
    }
}

#[test]
fn a_mistake_is_shown_where_the_person_wrote_it() {
    let short = |hardware: Value, db: Value, os: Value| json!({"os": os, "hardware": hardware, "db": db, "network": {"allow": ["x"]}});
    let linux = || json!("linux");
    let cases = [
        (short(json!({"instance_type":"t9.nano"}), json!({}), linux()), "/hardware/instance_type"),
        (short(json!({"storage":"tape"}), json!({}), linux()), "/hardware/storage"),
        (short(json!({"disk":{"kind":"tape"}}), json!({}), linux()), "/hardware/disk/kind"),
        (short(json!({"cpu":500}), json!({}), linux()), "/hardware/cpu"),
        (short(json!({}), json!({"backup":"soon"}), linux()), "/db/backup"),
        (short(json!({}), json!({"backup":{"retention_days":0}}), linux()), "/db/backup/retention_days"),
        (short(json!({}), json!({"version":"9"}), linux()), "/db/version"),
        (short(json!({}), json!({}), json!("windows")), "/os"),
        (short(json!({}), json!({}), linux()), "/network/allow/0"),
        (add("/components/0/hardware", "instance_type", json!("t9.nano")), "/components/0/hardware/instance_type"),
        (with("/components/0/hardware", json!({"storage":"tape"})), "/components/0/hardware/storage"),
        (with("/components/0/backup", json!("soon")), "/components/0/backup"),
    ];
    for (body, pointer) in cases {
        let errors = try_accept(&body).expect_err(&body.to_string());
        assert!(errors.iter().any(|(at, _)| at == pointer), "{pointer}: {errors:?}");
    }
}

#[test]
fn the_whole_internet_is_let_in_only_when_said_so() {
    let mut body = with("/components/0/network/allow", json!(["0.0.0.0/0"]));
    body["components"][0]["network"]["public"] = json!(true);
    assert!(try_accept(&body).is_ok());
}

#[test]
fn the_schema_accepts_what_we_accept_and_refuses_what_we_refuse() {
    let schema = jsonschema::draft202012::new(&serde_json::from_str(SCHEMA).unwrap()).unwrap();
    let accepted = serde_json::to_value(try_accept(&full()).unwrap()).unwrap();
    for good in [full(), accepted] {
        assert!(schema.is_valid(&good), "{:?}", schema.iter_errors(&good).map(|e| e.to_string()).collect::<Vec<_>>());
    }
    for bad in [
        add("", "colour", json!("red")),
        with("/components/0/hardware/disk/size_gib", json!(5)),
        with("/components/0/db/version", json!("9.6")),
        with("/components/0/kind", json!("mysql")),
        with("/components", json!([])),
    ] {
        assert!(!schema.is_valid(&bad), "{bad}");
        assert!(try_accept(&bad).is_err(), "{bad}");
    }
}

proptest::proptest! {
    #[test]
    fn no_text_in_any_field_makes_it_panic(text in ".*", index in 0usize..6) {
        let pointer = ["/name", "/components/0/db/name", "/components/0/db/version", "/components/0/network/allow", "/cloud/region", "/components/0/backup/schedule"][index];
        let value = if pointer.ends_with("allow") { json!([text]) } else { json!(text) };
        let _ = try_accept(&with(pointer, value));
    }
}
