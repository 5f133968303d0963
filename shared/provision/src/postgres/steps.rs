//! The steps as people see them, with the time each took.

use engine::Step;
use serde_json::{Value, json};

const REPLACING: &str = "Replacing the machine";
/// A step that has not begun.
const WAITING: &str = "waiting";

/// Label, name and title; several labels may be one step to a person.
const STEPS: [(&str, &str, &str); 37] = [
    ("start", "prepare", "Looking up image and network"),
    ("afresh", "afresh", "Removing what an earlier try left"),
    ("security_group", "network", "Making the security group"),
    ("secret", "secret", "Storing the password in your account"),
    ("role", "role", "Making the machine's role"),
    ("volume", "volume", "Making the encrypted data volume"),
    ("machine", "machine", "Starting the machine"),
    ("attach", "machine", "Starting the machine"),
    ("managed", "boot", "Booting"),
    ("check", "install", "Installing and starting PostgreSQL"),
    ("checked", "install", "Installing and starting PostgreSQL"),
    ("change", "compare", "Comparing the plan with what runs"),
    ("undo", "undo", "Going back to what ran before"),
    ("change_volume", "disk", "Changing the disk"),
    ("change_grown", "disk", "Changing the disk"),
    ("change_network", "allow", "Changing who may connect"),
    ("change_machine", "resize", "Changing the machine"),
    ("change_managed", "resize", "Changing the machine"),
    ("replace", "replace", REPLACING),
    ("replace_rest", "replace", REPLACING),
    ("replace_rested", "replace", REPLACING),
    ("replace_stop", "replace", REPLACING),
    ("replace_detach", "replace", REPLACING),
    ("replace_end", "replace", REPLACING),
    ("replace_launch", "replace", REPLACING),
    ("replace_managed", "replace", REPLACING),
    ("change_settings", "settings", "Applying the settings"),
    ("change_applied", "settings", "Applying the settings"),
    ("stop", "stop", "Stopping the machine"),
    ("stop_network", "stop", "Stopping the machine"),
    ("stop_machine", "stop", "Stopping the machine"),
    ("stopped", "window", "Waiting, since it can be undone"),
    ("destroy", "terminate", "Terminating the machine"),
    ("destroy_machine", "terminate", "Terminating the machine"),
    ("destroy_volume", "keep", "Keeping the data volume"),
    ("destroy_rest", "clean", "Removing role, secret and security group"),
    ("destroy_check", "prove", "Looking for anything left behind"),
];

/// Names of steps, each list in its order: what is certain to come.
const WAYS: [&[&str]; 2] =
    [&["prepare", "network", "secret", "role", "volume", "machine", "boot", "install"], &["terminate", "keep", "clean", "prove"]];

/// The steps that come after this one; of a change nobody knows, as it depends on the difference.
fn coming(name: &str) -> impl Iterator<Item = Value> {
    let after = |way: &&'static [&'static str]| Some(&way[way.iter().position(|step| *step == name)? + 1..]);
    WAYS.iter().find_map(after).unwrap_or_default().iter().map(|name| {
        let title = STEPS.iter().find(|(_, of, _)| of == name).map_or("A step", |(_, _, title)| title);
        json!({"name": name, "title": title, "state": WAITING, "started_at": null, "ended_at": null})
    })
}

/// Every label that is a step to people.
pub fn labels() -> impl Iterator<Item = &'static str> {
    STEPS.iter().map(|(label, ..)| *label)
}

/// `ran`: what is looked at has run before, so the look ends a change.
fn find(label: &str, ran: bool) -> Option<(&'static str, &'static str)> {
    if ran && matches!(label, "check" | "checked") {
        return Some(("verify", "Asking PostgreSQL"));
    }
    STEPS.iter().find(|(of, ..)| *of == label).map(|(_, name, title)| (*name, *title))
}

/// The title of the step that the label belongs to.
pub(super) fn title(label: &str, ran: bool) -> &'static str {
    find(label, ran).map_or("A step", |(_, title)| title)
}

/// The label was left for another one.
pub(super) fn advance(step: &mut Step<'_>, from: &str, to: &str, ran: bool) {
    let (old, new) = (find(from, ran), find(to, ran));
    if old.is_none() || (old == new && has(step, old)) {
        return;
    }
    let now = json!(step.now.to_string());
    let mut steps = current(step);
    if let Some((name, title)) = old {
        let begun = json!(step.label_since.to_string());
        match steps.iter_mut().rev().find(|s| s["name"] == name && s["ended_at"].is_null()) {
            Some(entry) if old != new => (entry["state"], entry["ended_at"]) = (json!("done"), now.clone()),
            Some(_) => {}
            None => {
                let (state, ended) = if old == new { ("running", Value::Null) } else { ("done", now.clone()) };
                steps.push(json!({"name": name, "title": title, "state": state, "started_at": begun, "ended_at": ended}));
            }
        }
    }
    if let Some((name, title)) = new
        && old != new
    {
        steps.push(json!({"name": name, "title": title, "state": "running", "started_at": now, "ended_at": null}));
        step.event("step", Some(name), title);
    }
    if let Some(running) = steps.last().filter(|entry| entry["ended_at"].is_null()) {
        steps.extend(coming(running["name"].as_str().unwrap_or_default()).collect::<Vec<_>>());
    }
    step.change.steps = Some(Value::Array(steps));
}

/// What is shown from here on is another piece of work.
pub(super) fn begin_anew(step: &mut Step<'_>) {
    step.change.steps = Some(Value::Array(Vec::new()));
}

/// The running step ended well, and none follows.
pub(super) fn finish(step: &mut Step<'_>) {
    end(step, "done");
}

/// The running step ended at a person.
pub(super) fn failed(step: &mut Step<'_>) {
    end(step, "failed");
}

fn end(step: &mut Step<'_>, state: &str) {
    let now = json!(step.now.to_string());
    let mut steps = current(step);
    for entry in steps.iter_mut().filter(|entry| entry["ended_at"].is_null()) {
        (entry["state"], entry["ended_at"]) = (json!(state), now.clone());
    }
    step.change.steps = Some(Value::Array(steps));
}

fn has(step: &Step<'_>, what: Option<(&str, &str)>) -> bool {
    current(step).iter().any(|entry| what.is_some_and(|(name, _)| entry["name"] == name) && entry["ended_at"].is_null())
}

/// Those that have begun.
fn current(step: &Step<'_>) -> Vec<Value> {
    let all = step.change.steps.as_ref().unwrap_or(&step.deployment.steps).as_array();
    all.into_iter().flatten().filter(|entry| entry["state"] != WAITING).cloned().collect()
}
