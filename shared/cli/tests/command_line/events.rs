use crate::home::Home;
use crate::server::{Reply, Server, ok, problem};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::sync::{Arc, Mutex};

#[derive(Default)]
struct Life {
    events: Vec<Value>,
    destroyed: bool,
    /// How many calls fail from now on.
    outage: u32,
}

impl Life {
    fn happens(&mut self, message: &str) {
        let n = self.events.len();
        let event =
            json!({"id": format!("evt_{n:04}"), "at": "2026-11-21T05:59:41.1Z", "kind": "step", "step": "launch", "message": message});
        self.events.push(event);
    }
}

fn answer(life: &mut Life, path: &str) -> Reply {
    if life.outage > 0 {
        life.outage -= 1;
        return problem(502, "bad_gateway", "later");
    }
    let Some(query) = path.strip_prefix("/v1/deployment/dep_1/events?limit=100") else {
        let end = life.destroyed.then_some("2026-11-21T06:10:00Z");
        return ok(json!({"id": "dep_1", "status": "running", "destroyed_at": end}));
    };
    let after = query.strip_prefix("&cursor=").unwrap_or_default();
    let items: Vec<_> = life.events.iter().filter(|event| event["id"].as_str().unwrap() > after).take(100).collect();
    let next = items.last().filter(|_| items.len() == 100).map(|item| item["id"].clone());
    ok(json!({"items": items, "next_cursor": next}))
}

fn start(count: usize) -> (Server, Arc<Mutex<Life>>) {
    let life = Arc::new(Mutex::new(Life::default()));
    (0..count).for_each(|n| life.lock().unwrap().happens(&format!("event {n}")));
    let shared = life.clone();
    (Server::start(move |request| answer(&mut shared.lock().unwrap(), &request.path)), life)
}

#[test]
fn events_are_listed_oldest_first_over_all_pages() {
    let (server, _) = start(150);
    let text = Home::signed_in(&server).run(&["events", "dep_1"]).good();
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines[0], "AT                    KIND  STEP    MESSAGE");
    assert_eq!(lines[1], "2026-11-21 05:59:41Z  step  launch  event 0");
    assert_eq!((lines.len(), *lines.last().unwrap()), (151, "2026-11-21 05:59:41Z  step  launch  event 149"));
}

#[test]
fn following_shows_each_event_once_until_the_deployment_is_gone() {
    let (server, life) = start(100);
    let home = Home::signed_in(&server);
    let mut child = home.command(&["events", "dep_1", "--follow", "--json"]).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(|line| serde_json::from_str::<Value>(&line.unwrap()).unwrap());
    for n in 0..100 {
        assert_eq!(lines.next().unwrap()["message"], format!("event {n}"));
    }
    {
        // A brief outage and a token that ends: whoever watches need not care.
        let mut life = life.lock().unwrap();
        life.outage = 1;
        life.happens("the machine answers");
        server.identity.lock().unwrap().end_access();
    }
    assert_eq!(lines.next().unwrap()["message"], "the machine answers");
    {
        let mut life = life.lock().unwrap();
        life.happens("all is gone");
        life.destroyed = true;
    }
    assert_eq!(lines.next().unwrap()["message"], "all is gone");
    assert_eq!(lines.next(), None);
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn following_ends_when_nobody_reads() {
    let (server, life) = start(1);
    let home = Home::signed_in(&server);
    let mut child = home.command(&["events", "dep_1", "--follow"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut reader = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    reader.read_line(&mut line).unwrap();
    assert!(line.ends_with("event 0\n"), "{line}");
    drop(reader);
    life.lock().unwrap().happens("nobody hears it");
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(0), ""));
}

#[test]
fn a_destroy_that_can_be_undone_is_watched_until_it_is_stopped_and_says_what_it_costs() {
    let now = Mutex::new(false);
    let server = Server::start(move |request| {
        let step = |name: &str, ended: Option<&str>| json!({"name": name, "title": name, "state": "done", "started_at": "2026-11-21T06:00:00Z", "ended_at": ended});
        let stopped = [step("stop", Some("2026-11-21T06:00:04Z")), step("window", None)];
        let mut now = now.lock().unwrap();
        *now |= request.method == "DELETE" && request.path.ends_with("now=true");
        let (status, until) = match (request.method.as_str(), *now) {
            ("GET", true) => ("not_deployed", None),
            (_, true) => ("destroying", None),
            _ => ("destroying", Some("2026-11-22T06:00:00.123Z")),
        };
        if request.method == "POST" {
            assert_eq!(request.path, "/v1/deployment/dep_1/undelete");
            return Reply::Json(202, json!({"id": "dep_1", "status": "changing", "steps": []}));
        }
        ok(json!({"id": "dep_1", "status": status, "steps": stopped, "destroy_at": until, "retained": []}))
    });
    let home = Home::signed_in(&server);
    let seen = home.run(&["destroy", "dep_1", "--watch", "--yes"]).good();
    assert!(seen.starts_with("dep_1 is stopped\n  until 2026-11-22 06:00:00Z it can be undone: cloudsail undo dep_1\n"), "{seen}");
    assert!(seen.contains("its disk goes on costing") && seen.contains("cloudsail destroy dep_1 --now"), "{seen}");
    assert_eq!(home.run(&["undo", "dep_1"]).good(), "changing\n");
    assert!(home.run(&["status", "dep_1"]).good().contains("cloudsail undo dep_1"));
    assert_eq!(home.run(&["destroy", "dep_1", "--now", "--watch", "--yes"]).good(), "dep_1 is destroyed\n");
}

#[test]
fn cancelling_is_watched_to_its_end() {
    let looks = Mutex::new(0);
    let server = Server::start(move |request| {
        let step = |ended: Option<&str>| json!({"title": "Make the machine", "state": "done", "started_at": "2026-11-21T05:59:41Z", "ended_at": ended});
        let back = json!({"title": "Remove the machine", "state": "done", "started_at": "2026-11-21T06:00:00Z", "ended_at": "2026-11-21T06:00:04.5Z"});
        let done = step(Some("2026-11-21T05:59:59Z"));
        if request.method == "POST" && request.path == "/v1/deployment/dep_1/cancel" {
            return Reply::Json(202, json!({"id": "dep_1", "status": "cancelling", "steps": [done, step(None)]}));
        }
        let mut looks = looks.lock().unwrap();
        *looks += 1;
        let (status, steps) = if *looks < 2 { ("cancelling", json!([done])) } else { ("not_deployed", json!([done, back])) };
        ok(json!({"id": "dep_1", "status": status, "steps": steps}))
    });
    let home = Home::signed_in(&server);
    assert_eq!(home.run(&["cancel", "dep_1"]).good(), "cancelling\n");
    let seen = home.run(&["cancel", "dep_1", "--watch"]);
    assert!(seen.err.contains("Remove the machine") && seen.err.contains("4.5 s"), "{}", seen.err);
    assert!(!seen.err.contains("Make the machine"), "it ended before: {}", seen.err);
    assert_eq!(seen.good(), "dep_1 is not_deployed\n");
}
