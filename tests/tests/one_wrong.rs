//! Requests made from the document's own examples, with one thing wrong each: the answer is 400 and points at that thing.
#![expect(clippy::unwrap_used, reason = "a test that can't go on should stop where it stands")]

use http_api::{Request, finish};
use knowledge::Knowledge;
use serde_json::{Value, json};
use testkit::{Database, user};

const EVENT: &str = include_str!("../fixtures/api-gateway-v2.json");

/// A body with one thing wrong, where that thing is, and what was done to it.
struct Wrong {
    body: Value,
    pointer: String,
    what: &'static str,
}

fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// Every value in the body, by its pointer.
fn places(value: &Value, at: &str, all: &mut Vec<String>) {
    all.push(at.to_owned());
    match value {
        Value::Object(fields) => fields.iter().for_each(|(key, field)| places(field, &format!("{at}/{}", escaped(key)), all)),
        Value::Array(items) => items.iter().enumerate().for_each(|(index, item)| places(item, &format!("{at}/{index}"), all)),
        _ => {}
    }
}

/// The schema of the place, with references followed.
fn schema_at<'a>(document: &'a Value, mut schema: &'a Value, pointer: &str) -> &'a Value {
    let follow = |schema: &'a Value| match schema["$ref"].as_str() {
        Some(reference) => document.pointer(reference.trim_start_matches('#')).unwrap(),
        None => schema,
    };
    schema = follow(schema);
    for part in pointer.split('/').skip(1) {
        let below = if schema.get("items").is_some() { &schema["items"] } else { &schema["properties"][part] };
        schema = follow(below);
    }
    schema
}

fn wrongs(document: &Value, schema: &Value, example: &Value) -> Vec<Wrong> {
    let mut all = Vec::new();
    places(example, "", &mut all);
    let mut wrongs = Vec::new();
    let mut add = |pointer: String, what, change: &dyn Fn(&mut Value)| {
        let mut body = example.clone();
        change(&mut body);
        wrongs.push(Wrong { body, pointer, what });
    };
    for place in &all {
        let value = example.pointer(place).unwrap();
        let rules = schema_at(document, schema, place);
        if !place.is_empty() {
            let other = if value.is_boolean() { json!("another kind") } else { json!(true) };
            add(place.clone(), "of another kind", &|body| *body.pointer_mut(place).unwrap() = other.clone());
        }
        if let Value::Object(fields) = value {
            add(format!("{place}/surprise"), "unknown", &|body| body.pointer_mut(place).unwrap()["surprise"] = json!(1));
            let required = rules["required"].as_array().cloned().unwrap_or_default();
            for key in fields.keys().filter(|key| required.contains(&json!(key))) {
                add(format!("{place}/{key}"), "missing", &|body| {
                    body.pointer_mut(place).unwrap().as_object_mut().unwrap().remove(key);
                });
            }
        }
        if let Some(maximum) = rules["maximum"].as_i64() {
            add(place.clone(), "too large", &|body| *body.pointer_mut(place).unwrap() = json!(maximum + 1));
        }
        if let Some(minimum) = rules["minimum"].as_i64() {
            add(place.clone(), "too small", &|body| *body.pointer_mut(place).unwrap() = json!(minimum - 1));
        }
        if value.is_string() && (rules.get("pattern").is_some() || rules.get("enum").is_some() || rules.get("const").is_some()) {
            add(place.clone(), "against its pattern", &|body| *body.pointer_mut(place).unwrap() = json!("\u{7}?"));
        }
        if value.is_string() {
            add(place.clone(), "with a NUL", &|body| *body.pointer_mut(place).unwrap() = json!("a\u{0}b"));
        }
    }
    wrongs
}

fn event(body: &Value) -> Request {
    let mut event: Value = serde_json::from_str(EVENT).unwrap();
    event["requestContext"]["authorizer"]["jwt"]["claims"]["sub"] = json!(user().as_str());
    event["body"] = json!(body.to_string());
    Request::from_event(&event.to_string()).unwrap()
}

#[tokio::test]
async fn each_thing_that_is_wrong_is_pointed_at() {
    let document: Value = serde_json::from_str(&cloudsail_tests::openapi::document().unwrap()).unwrap();
    let store = Database::fresh().await.store();
    let cache = cache::Cache::new(config::Cache::from_env().unwrap());
    let control = config::ControlPlane { account_id: "000000000000".to_owned() };
    let account = json!({"provider": "aws", "account_id": "222222222222", "region": "ca-central-1", "name": "mine"});
    let (mut tried, mut missed) = (0, Vec::new());
    for name in ["FullPlan", "ShortPlan", "LinkAccount"] {
        let schema = &document["components"]["schemas"][name];
        let example = if name == "LinkAccount" { &account } else { &schema["examples"][0] };
        for wrong in wrongs(&document, schema, example) {
            let request = event(&wrong.body);
            let answer = if name == "LinkAccount" {
                account_create::handle(&account_create::Deps { store: store.clone(), control: control.clone() }, request).await
            } else {
                plan_create::handle(
                    &plan_create::Deps { knowledge: Knowledge::built_in().clone(), store: store.clone(), cache: cache.clone() },
                    request,
                )
                .await
            };
            let response = finish(answer, "req-1".to_owned());
            let answer: Value = serde_json::from_str(&response.body.unwrap().1).unwrap();
            let pointers: Vec<_> = answer["errors"].as_array().into_iter().flatten().filter_map(|e| e["pointer"].as_str()).collect();
            if response.status != 400 || !pointers.contains(&wrong.pointer.as_str()) {
                missed.push(format!("{name}{} {}: {} {pointers:?} {}", wrong.pointer, wrong.what, response.status, answer["detail"]));
            }
            tried += 1;
        }
    }
    assert!(tried > 100, "the examples give {tried} cases");
    assert!(missed.is_empty(), "{} of {tried}:\n{}", missed.len(), missed.join("\n"));
}
