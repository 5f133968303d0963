//! Requests made from the document, for every route that takes anything, with one thing wrong each: the answer is 4xx and points at
//! that thing.
#![expect(clippy::unwrap_used, reason = "a test that can't go on should stop where it stands")]

use cloudsail_tests::routes::{call, event_with, told};
use http_api::Gate;
use serde_json::{Map, Value, json};
use testkit::{Database, account_and_plan, deed, user};

/// What no parameter of the document may be: it is no number, and holds what no pattern takes.
const NONSENSE: &str = "not one \u{e9}";

/// What a route is sent.
#[derive(Clone, Default)]
struct Sent {
    path: Map<String, Value>,
    query: Map<String, Value>,
    headers: Map<String, Value>,
    body: Option<Value>,
}

/// A request with one thing wrong, where that thing is, and what was done to it. What is wrong in the path points nowhere: it is
/// nobody's.
struct Wrong {
    sent: Sent,
    pointer: Option<String>,
    what: String,
}

fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// The schema itself, where it stands elsewhere.
fn follow<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    schema["$ref"].as_str().map_or(schema, |reference| document.pointer(reference.trim_start_matches('#')).unwrap())
}

/// A right body: the schema's own example, or one of its fields' examples.
fn example(schema: &Value) -> Value {
    if let Some(whole) = schema["examples"].get(0) {
        return whole.clone();
    }
    let fields = schema["properties"].as_object().unwrap().iter();
    fields.map(|(name, field)| (name.clone(), field.get("example").unwrap_or_else(|| panic!("{name} has no example")).clone())).collect()
}

/// Bodies with one thing wrong.
struct Bodies<'a> {
    document: &'a Value,
    right: Value,
    wrong: Vec<(Value, String, String)>,
}

impl Bodies<'_> {
    fn of(document: &Value, schema: &Value) -> Vec<(Value, String, String)> {
        let mut bodies = Bodies { document, right: example(schema), wrong: Vec::new() };
        bodies.add("", "of another kind", |body| *body = json!([true]));
        bodies.below(schema, "");
        bodies.wrong
    }

    fn add(&mut self, pointer: &str, what: &str, change: impl FnOnce(&mut Value)) {
        let mut body = self.right.clone();
        change(&mut body);
        self.wrong.push((body, pointer.to_owned(), what.to_owned()));
    }

    fn set(&mut self, pointer: &str, what: &str, value: Value) {
        self.add(pointer, what, |body| {
            let (parent, key) = pointer.rsplit_once('/').unwrap();
            match body.pointer_mut(parent).unwrap() {
                Value::Array(items) => items[key.parse::<usize>().unwrap()] = value,
                parent => parent[key] = value,
            }
        });
    }

    /// Makes wrong, one at a time, what stands at the place, or may stand there, and all that is in it.
    fn below(&mut self, schema: &Value, at: &str) {
        let document = self.document;
        let schema = follow(document, schema);
        if !at.is_empty() {
            self.place(schema, at);
        }
        match self.right.pointer(at).cloned() {
            Some(Value::Object(fields)) => {
                self.set(&format!("{at}/surprise"), "unknown", json!(1));
                let none = Map::new();
                let known = schema["properties"].as_object().unwrap_or(&none);
                for key in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
                    self.add(&format!("{at}/{key}"), "missing", |body| {
                        body.pointer_mut(at).unwrap().as_object_mut().unwrap().remove(key);
                    });
                }
                let unsaid = fields.keys().filter(|key| !known.contains_key(*key));
                for key in known.keys().chain(unsaid) {
                    self.below(&schema["properties"][key], &format!("{at}/{}", escaped(key)));
                }
            }
            Some(Value::Array(items)) => {
                for index in 0..items.len() {
                    self.below(&schema["items"], &format!("{at}/{index}"));
                }
            }
            _ => {}
        }
    }

    fn place(&mut self, schema: &Value, at: &str) {
        let now = self.right.pointer(at).cloned();
        let boolean = schema["type"] == "boolean" || schema["type"][0] == "boolean" || now.as_ref().is_some_and(Value::is_boolean);
        self.set(at, "of another kind", if boolean { json!("another kind") } else { json!(true) });
        if let Some(maximum) = schema["maximum"].as_i64() {
            self.set(at, "too large", json!(maximum + 1));
        }
        if let Some(minimum) = schema["minimum"].as_i64() {
            self.set(at, "too small", json!(minimum - 1));
        }
        if ["pattern", "enum", "const"].iter().any(|rule| schema.get(rule).is_some()) {
            self.set(at, "against its pattern", json!("\u{7}?"));
        }
        if let Some(Value::Array(items)) = &now {
            let item = items.first().unwrap_or(&Value::Null);
            if let Some(most) = schema["maxItems"].as_u64() {
                self.set(at, "too many", vec![item.clone(); usize::try_from(most).unwrap() + 1].into());
            }
            if schema["minItems"].as_u64().is_some_and(|least| least > 0) {
                self.set(at, "too few", json!([]));
            }
        }
        let Some(Value::String(text)) = now else { return };
        self.set(at, "with a NUL", json!("a\u{0}b"));
        if let Some(length) = schema["maxLength"].as_u64() {
            let more = text.chars().next_back().unwrap_or('x').to_string().repeat(usize::try_from(length).unwrap());
            self.set(at, "too long", json!(format!("{text}{more}")));
        }
        if let Some(length) = schema["minLength"].as_u64().filter(|length| *length > 0) {
            let less: String = text.chars().take(usize::try_from(length).unwrap() - 1).collect();
            self.set(at, "too short", json!(less));
        }
    }
}

/// Every way to make one parameter wrong.
fn parameter(right: &Sent, parameter: &Value) -> Vec<Wrong> {
    let (name, schema) = (parameter["name"].as_str().unwrap(), &parameter["schema"]);
    let mut wrongs = Vec::new();
    let mut add = |what: &str, value: Option<String>| {
        let mut sent = right.clone();
        let (values, pointer) = match parameter["in"].as_str().unwrap() {
            "path" => (&mut sent.path, None),
            "query" => (&mut sent.query, Some(format!("?{name}"))),
            "header" => (&mut sent.headers, Some(name.to_owned())),
            other => panic!("{other} holds no parameter that this test knows"),
        };
        match value {
            Some(value) => values.insert(name.to_owned(), json!(value)),
            None => values.remove(name),
        };
        wrongs.push(Wrong { sent, pointer, what: format!("{name} {what}") });
    };
    if ["pattern", "enum", "const"].iter().any(|rule| schema.get(rule).is_some()) || schema["type"] != "string" {
        add("against its pattern", Some(NONSENSE.to_owned()));
    }
    if let Some(maximum) = schema["maximum"].as_i64() {
        add("too large", Some((maximum + 1).to_string()));
    }
    if let Some(minimum) = schema["minimum"].as_i64() {
        add("too small", Some((minimum - 1).to_string()));
    }
    if let Some(length) = schema["maxLength"].as_u64() {
        add("too long", Some("x".repeat(usize::try_from(length).unwrap() + 1)));
    }
    if schema["minLength"].as_u64().is_some_and(|length| length > 0) {
        add("empty", Some(String::new()));
    }
    if parameter["required"] == true && parameter["in"] != "path" {
        add("missing", None);
    }
    wrongs
}

/// The right requests that an operation takes, one for each form of its body, and those with one thing wrong.
fn requests(document: &Value, operation: &Value, ids: &Value) -> (Vec<Sent>, Vec<Wrong>) {
    let none = Vec::new();
    let parameters = operation["parameters"].as_array().unwrap_or(&none);
    let mut right = Sent { path: ids.as_object().unwrap().clone(), ..Sent::default() };
    if parameters.iter().any(|parameter| parameter["name"] == "If-Match") {
        right.headers.insert("If-Match".to_owned(), json!("\"1\""));
    }
    let Some(body) = operation.pointer("/requestBody/content/application~1json/schema") else {
        return (Vec::new(), parameters.iter().flat_map(|one| parameter(&right, one)).collect());
    };
    let forms = body["anyOf"].as_array().map_or_else(|| vec![body], |forms| forms.iter().collect());
    let forms: Vec<_> = forms.into_iter().map(|form| follow(document, form)).collect();
    let rights: Vec<_> = forms.iter().map(|form| Sent { body: Some(example(form)), ..right.clone() }).collect();
    let mut wrongs: Vec<_> = parameters.iter().flat_map(|one| parameter(&rights[0], one)).collect();
    for (body, pointer, what) in forms.iter().flat_map(|form| Bodies::of(document, form)) {
        wrongs.push(Wrong { what: format!("{pointer} {what}"), pointer: Some(pointer), sent: Sent { body: Some(body), ..right.clone() } });
    }
    (rights, wrongs)
}

#[tokio::test]
async fn each_thing_that_is_wrong_is_pointed_at() {
    let document: Value = serde_json::from_str(&cloudsail_tests::openapi::document().unwrap()).unwrap();
    let database = Database::fresh().await;
    let (store, me) = (database.store(), user());
    let (account, plan) = account_and_plan(&store, &me).await;
    let deployment = store.deploy(&deed(&me), &plan, &account.id, &plan.plan).await.unwrap().deployment;
    let ids = json!({"account_id": account.id, "plan_id": plan.id, "deployment_id": deployment.id});
    let gate = Gate::open().once(store.clone());
    let ask = async |route: &str, method: &str, sent: &Sent| {
        let headers: Vec<_> = sent.headers.iter().map(|(name, value)| (name.as_str(), value.as_str().unwrap())).collect();
        let body = sent.body.as_ref().map(Value::to_string);
        let request = event_with(method, Some(&me), &json!(sent.path), &json!(sent.query), body.as_deref(), &headers);
        told(gate.pass(request, |request| call(route, &store, request)).await)
    };
    let (mut tried, mut missed, mut with_body) = (0, Vec::new(), Vec::new());
    for (method, operation) in document["paths"].as_object().unwrap().values().flat_map(|path| path.as_object().unwrap()) {
        let Some(route) = operation["operationId"].as_str() else { continue };
        let (rights, wrongs) = requests(&document, operation, &ids);
        for right in &rights {
            let (status, answer) = ask(route, method, right).await;
            // 503 is the user pool, which is not there; 412 is the version that the other form of the plan has made.
            assert!(matches!(status, 200..300 | 412 | 503), "{route}: what the document says of it is refused: {answer}");
        }
        if !rights.is_empty() {
            with_body.push(route);
        }
        for Wrong { sent, pointer, what } in wrongs {
            let (status, answer) = ask(route, method, &sent).await;
            let pointers: Vec<_> = answer["errors"].as_array().into_iter().flatten().filter_map(|e| e["pointer"].as_str()).collect();
            let found = match &pointer {
                Some(pointer) => matches!(status, 400 | 428) && pointers.contains(&pointer.as_str()),
                None => status == 404,
            };
            if !found {
                missed.push(format!("{route}: {what}: {status} {pointers:?} {}", answer["detail"]));
            }
            tried += 1;
        }
    }
    assert!(tried > 400, "the document gives {tried} cases");
    assert!(with_body.len() >= 10, "the document knows bodies of {with_body:?} alone");
    assert!(missed.is_empty(), "{} of {tried}:\n{}", missed.len(), missed.join("\n"));
}
