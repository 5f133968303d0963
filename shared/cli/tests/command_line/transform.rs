use crate::home::{Home, Seen};
use serde_json::{Value, json};
use std::fs::File;
use std::path::PathBuf;

/// Runs the command without an API, with the plan in a file.
struct Person {
    home: Home,
    plan: PathBuf,
}

impl Person {
    fn with(plan: &Value) -> Self {
        let home = Home::at("");
        let file = home.folder.join("plan.json");
        std::fs::write(&file, plan.to_string()).unwrap();
        Self { home, plan: file }
    }

    fn transform(&self, more: &[&str]) -> Seen {
        self.home.run(&[&["transform", "--to", "aws", self.plan.to_str().unwrap()], more].concat())
    }
}

fn full() -> Value {
    json!({"schema":"cs-json/1","name":"shop","cloud":{"region":"ca-central-1"},"components":[{"kind":"postgres",
        "hardware":{"cpu":2,"memory_gib":8,"disk":{"size_gib":100}},"db":{"version":"17","name":"shop","max_connections":200},
        "backup":"needed","network":{"allow":["203.0.113.0/24"]}}]})
}

fn short() -> Value {
    json!({"os":"linux","hardware":{"instance_type":"t3.medium","storage":"ssd"},"db":{"flavor":"pg","version":"15","backup":"needed"}})
}

#[test]
fn a_plan_becomes_the_same_bytes_from_a_file_and_from_standard_input() {
    for (plan, region) in [(full(), None), (short(), Some("ca-central-1"))] {
        let person = Person::with(&plan);
        let more = region.map_or(Vec::new(), |region| vec!["--region", region]);
        let first = person.transform(&more).good();
        assert_eq!(person.transform(&more).good(), first);
        let mut piped = person.home.command(&[&["transform", "--to", "aws", "-"], more.as_slice()].concat());
        assert_eq!(crate::home::seen(piped.stdin(File::open(&person.plan).unwrap())).good(), first);
        assert!(first.ends_with("}\n") && !first.ends_with("\n\n"));
        let document: Value = serde_json::from_str(&first).unwrap();
        assert_eq!((&document["schema"], &document["region"]), (&json!("aws-json/1"), &json!("ca-central-1")));
        assert_eq!(document["resources"].as_array().unwrap().len(), 7);
    }
}

#[test]
fn the_region_that_is_said_stands_for_the_plans() {
    let seen = Person::with(&full()).transform(&["--region", "eu-central-1"]).good();
    assert_eq!(serde_json::from_str::<Value>(&seen).unwrap()["region"], "eu-central-1");
}

#[test]
fn each_wrong_field_has_a_line_that_says_what_to_do() {
    let mut wrong = full();
    wrong["components"][0]["db"]["version"] = json!("9");
    wrong["components"][0]["network"]["allow"] = json!(["everybody"]);
    let cases = [
        (short(), vec![], vec!["  /cloud/region: is needed", "--region REGION"]),
        (full(), vec!["--region", "canada"], vec!["  /cloud/region: `canada` is not a region name of AWS, such as ca-central-1"]),
        (wrong, vec![], vec!["\n  /components/0/db/version: ", "\n  /components/0/network/allow/0: "]),
        (json!([]), vec![], vec!["a plan in cs-json/1"]),
        (json!({"schema": "cs-json/1", "cloud": 1, "components": []}), vec![], vec!["  /cloud: "]),
    ];
    for (plan, more, words) in cases {
        let seen = Person::with(&plan).transform(&more);
        assert_eq!((seen.code, seen.out.as_str()), (2, ""), "{}", seen.err);
        for word in words {
            assert!(seen.err.contains(word), "`{word}` is not in: {}", seen.err);
        }
    }
    let nowhere = Home::at("").run(&["transform", "--to", "aws", "/nowhere/plan.json"]);
    assert!(nowhere.code == 2 && nowhere.err.contains("/nowhere/plan.json"), "{}", nowhere.err);
}

#[test]
fn what_a_cloud_cannot_do_is_shown_where_a_short_plan_says_it() {
    let part = |name: &str, value: Value| {
        let mut plan = short();
        plan[name] = value;
        plan
    };
    let cases = [
        (part("hardware", json!({"instance_type": "c5a.large"})), "  /hardware/instance_type: "),
        (part("hardware", json!({"disk": {"size_gib": 10, "iops": 16_000}, "cpu": 2})), "  /hardware/disk/iops: "),
        (part("db", json!({"version": "15", "settings": {"max_connections": "0"}})), "  /db/settings/max_connections: "),
    ];
    for (plan, line) in cases {
        let seen = Person::with(&plan).transform(&["--region", "ca-west-1"]);
        assert!(seen.code == 2 && seen.err.contains(line) && !seen.err.contains("/components"), "`{line}` is not in: {}", seen.err);
    }
}

#[test]
fn the_schema_of_plans_needs_no_plan() {
    let schema: Value = serde_json::from_str(&Home::at("").run(&["export", "--to", "json-schema"]).good()).unwrap();
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
}
