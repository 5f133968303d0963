//! Folder names, `function.yaml` files and OpenAPI operations are one set of names.
#![expect(clippy::unwrap_used, reason = "a test that can't go on should stop where it stands")]

use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

#[derive(Deserialize)]
struct Function {
    route: Option<String>,
    auth: Option<String>,
    schedule: Option<String>,
    queue: Option<String>,
    websocket: Option<String>,
    authorizer: Option<String>,
    invoke: Option<bool>,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn functions() -> BTreeMap<String, Function> {
    let folders = std::fs::read_dir(root().join("functions")).expect("functions/");
    folders
        .map(|folder| {
            let path = folder.expect("a folder").path();
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            let yaml = std::fs::read_to_string(path.join("function.yaml")).unwrap_or_else(|_| panic!("{name} has no function.yaml"));
            (name.clone(), serde_norway::from_str(&yaml).unwrap_or_else(|error| panic!("{name}: {error}")))
        })
        .collect()
}

/// By operation id: method and path, and whether a bearer token is asked for.
fn operations() -> BTreeMap<String, (String, bool)> {
    let document: serde_json::Value = serde_json::from_str(&cloudsail_tests::openapi::document().unwrap()).unwrap();
    let mut operations = BTreeMap::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap().iter().filter(|(_, operation)| operation.get("operationId").is_some()) {
            let id = operation["operationId"].as_str().unwrap().to_owned();
            let route = format!("{} {path}", method.to_uppercase());
            assert!(operations.insert(id.clone(), (route, signed_in(operation))).is_none(), "{id} stands twice");
        }
    }
    operations
}

/// An operation that anybody may call says so by an empty requirement.
fn signed_in(operation: &serde_json::Value) -> bool {
    let requirements = operation["security"].as_array().expect("every operation says who may call it");
    requirements.iter().all(|requirement| requirement.get("bearer").is_some())
}

#[test]
fn every_route_is_an_operation_of_the_same_name_and_no_other() {
    let routes: BTreeMap<_, _> = functions()
        .into_iter()
        .filter_map(|(name, function)| {
            Some((name, (function.route.filter(|r| r != "$default")?, function.auth.as_deref() == Some("user"))))
        })
        .collect();
    assert_eq!(routes, operations());
}

#[test]
fn every_function_has_exactly_one_trigger_and_a_crate_of_its_name() {
    for (name, f) in functions() {
        let (queued, socket) = (f.queue.is_some(), f.websocket.is_some() || f.authorizer.is_some());
        let triggers = [f.route.is_some(), f.schedule.is_some(), queued, socket, f.invoke == Some(true)];
        assert_eq!(triggers.iter().filter(|there| **there).count(), 1, "{name}");
        assert!(f.route.is_none() || matches!(f.auth.as_deref(), Some("user" | "none")), "{name} must say who may call it");
        let manifest = std::fs::read_to_string(root().join("functions").join(&name).join("Cargo.toml")).unwrap();
        assert!(manifest.contains(&format!("name = \"{name}\"")), "{name}");
    }
}

/// Lambda's own traces have names and times. What our code would add to one, no search for secrets would see.
#[test]
fn nothing_of_ours_writes_traces() {
    let lock = std::fs::read_to_string(root().join("Cargo.lock")).unwrap();
    let crates: Vec<_> = lock.lines().filter_map(|line| line.strip_prefix("name = \"")).collect();
    let tracers: Vec<_> = crates.iter().filter(|name| name.contains("opentelemetry") || name.contains("xray")).collect();
    assert!(crates.len() > 100 && tracers.is_empty(), "{tracers:?}");
}

#[test]
fn the_committed_document_is_the_one_of_the_handlers() {
    let committed = std::fs::read_to_string(root().join("docs/openapi.json")).expect("docs/openapi.json");
    assert!(committed == cloudsail_tests::openapi::document().unwrap(), "write it anew, see tests/README.md");
}

/// By POST only because it takes long and asks the account, or since what it answers is for the asker alone: nothing is changed.
const CHANGES_NOTHING: [&str; 3] = ["plan-preview", "account-quick-create", "socket-ticket"];

#[test]
fn every_route_by_which_a_person_changes_something_is_noted_in_the_audit_log_and_no_other() {
    let changing = functions().into_iter().filter(|(name, function)| {
        let signed_in = function.auth.as_deref() == Some("user");
        let changes = function.route.as_ref().is_some_and(|route| !route.starts_with("GET ")) && !CHANGES_NOTHING.contains(&name.as_str());
        signed_in && changes
    });
    let store = std::fs::read_dir(root().join("shared/store/src")).unwrap();
    let text: String = store.map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap()).collect();
    let noted = text.split("noted(\"").skip(1).filter_map(|rest| rest.split('"').next().map(str::to_owned));
    assert_eq!(changing.map(|(name, _)| name).collect::<BTreeSet<_>>(), noted.collect());
}
