use crate::home::Home;
use crate::server::{Reply, Request, Server, problem};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// A service that saves a plan once for each key, and does to the nth arrival what the test says before it answers.
fn shaky(trouble: impl Fn(usize) -> Option<Reply> + Send + Sync + 'static) -> Server {
    let state = Mutex::new((0, HashMap::<String, Value>::new()));
    Server::start(move |request: &Request| {
        let (arrivals, saved) = &mut *state.lock().unwrap();
        *arrivals += 1;
        let key = request.header("idempotency-key").to_owned();
        if uuid::Uuid::parse_str(&key).is_err() {
            return problem(400, "key_missing", "a POST needs an Idempotency-Key");
        }
        let id = format!("plan_{}", saved.len() + 1);
        let plan = saved.entry(key).or_insert_with(|| json!({"id": id, "name": request.body["name"]})).clone();
        trouble(*arrivals).unwrap_or(Reply::Json(201, plan))
    })
}

fn create(home: &Home) -> crate::home::Seen {
    let file = home.folder.join("plan.json");
    std::fs::write(&file, r#"{"name": "shop"}"#).unwrap();
    home.run(&["plan", "create", "--file", file.to_str().unwrap()])
}

#[test]
fn a_plan_whose_answer_was_lost_is_saved_once() {
    let server = shaky(|arrival| match arrival {
        1 => Some(Reply::Drop),
        2 => Some(Reply::Wait(503, 0, "unavailable")),
        _ => None,
    });
    let home = Home::signed_in(&server);
    assert_eq!(create(&home).good(), "plan_1\n", "a repeat with another key would have made plan_2");
    assert_eq!(create(&home).good(), "plan_2\n", "another command is another wish");
}

#[test]
fn the_same_key_outlives_a_refreshed_token() {
    let server = shaky(|_| None);
    let home = Home::signed_in(&server);
    server.identity.lock().unwrap().end_access();
    assert_eq!(create(&home).good(), "plan_1\n");
}

#[test]
fn who_is_asked_to_wait_waits_as_long() {
    let server = shaky(|arrival| (arrival == 1).then_some(Reply::Wait(429, 2, "too_many")));
    let home = Home::signed_in(&server);
    let begun = Instant::now();
    let seen = create(&home);
    assert!(begun.elapsed() >= Duration::from_secs(2));
    assert_eq!(seen.err, "cloudsail: too many calls; trying again in 2 s\n");
    assert_eq!(seen.good(), "plan_1\n");
}

#[test]
fn after_three_repeats_it_gives_up() {
    let server = shaky(|arrival| (arrival <= 4).then_some(Reply::Wait(503, 0, "unavailable")));
    let home = Home::signed_in(&server);
    let seen = create(&home);
    assert_eq!(seen.code, 1, "{}", seen.err);
    assert!(seen.err.contains("try again"), "{}", seen.err);
    assert_eq!(create(&home).good(), "plan_2\n", "the fifth arrival is the next command's");
}

#[test]
fn a_wait_that_nobody_would_sit_through_is_told_at_once() {
    let server = shaky(|_| Some(Reply::Wait(429, 3600, "too_many")));
    let home = Home::signed_in(&server);
    let begun = Instant::now();
    assert_eq!(create(&home).code, 1);
    assert!(begun.elapsed() < Duration::from_secs(60));
}

/// A second PUT would be refused as stale, and look as if somebody else had changed the plan.
#[test]
fn an_edit_whose_answer_was_lost_is_not_repeated() {
    let version = Mutex::new(1);
    let server = Server::start(move |request| {
        let mut version = version.lock().unwrap();
        match (request.method.as_str(), request.header("if-match") == format!("\"{version}\"")) {
            ("PUT", true) => {
                *version += 1;
                Reply::Drop
            }
            ("PUT", false) => problem(412, "stale", "the plan has another version"),
            _ => Reply::Json(200, json!({"id": "plan_1", "version": *version, "plan": {"name": "shop"}})),
        }
    });
    let home = Home::signed_in(&server);
    let seen = crate::home::seen(home.command(&["plan", "edit", "plan_1"]).env("EDITOR", "sed -i s/shop/x/"));
    assert_eq!(seen.code, 1);
    assert!(seen.err.contains("can't be reached") && seen.err.contains("your text is kept in"), "{}", seen.err);
    assert!(!seen.err.contains("somebody changed"), "{}", seen.err);
}
