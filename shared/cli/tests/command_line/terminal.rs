//! What differs when a person sits at a terminal; `script` (of Debian's bsdutils) makes one.

use crate::home::{Home, Seen};
use crate::server::{Reply, Server, ok, problem};
use serde_json::json;
use std::io::Write;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};

fn at_terminal(home: &Home, arguments: &str, typed: &str, environment: &[(&str, &str)]) -> Seen {
    let line = format!("{} {arguments}", env!("CARGO_BIN_EXE_cloudsail"));
    let mut command = home.dressed(Command::new("script"), &["-qec", &line, "/dev/null"]);
    command.envs(environment.iter().copied()).env("SHELL", "/bin/sh").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut keys = child.stdin.take().unwrap();
    keys.write_all(typed.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    drop(keys);
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).replace('\r', "");
    Seen { code: output.status.code().unwrap(), out: text(&output.stdout), err: text(&output.stderr) }
}

/// One plan; whether it is still there.
fn start() -> (Server, Arc<Mutex<bool>>) {
    let there = Arc::new(Mutex::new(true));
    let shared = there.clone();
    let server = Server::start(move |request| match (request.method.as_str(), request.path.as_str()) {
        ("GET", "/v1/plan/plan_1") => ok(json!({"id": "plan_1", "name": "shop"})),
        ("DELETE", "/v1/plan/plan_1") => {
            *shared.lock().unwrap() = false;
            Reply::Json(204, serde_json::Value::Null)
        }
        ("GET", "/v1/plan?limit=100") => {
            let plan = |status: &str| json!({"id": "plan_1", "status": status, "name": "shop"});
            ok(json!({"items": [plan("stopped"), plan("deploying"), plan("running"), plan("issue")], "next_cursor": null}))
        }
        _ => problem(404, "not_found", "nothing"),
    });
    (server, there)
}

#[test]
fn a_person_is_asked_before_something_is_lost() {
    let (server, there) = start();
    let home = Home::signed_in(&server);
    for no in ["n\n", "\n", "\u{4}"] {
        let seen = at_terminal(&home, "plan delete plan_1", no, &[]);
        assert_eq!(seen.code, 6, "{}", seen.out);
        assert!(seen.out.contains("Delete plan shop (plan_1)? [y/N]") && seen.out.contains("nothing was done"), "{}", seen.out);
        assert!(*there.lock().unwrap());
    }
    let seen = at_terminal(&home, "plan delete plan_1", "y\n", &[]);
    assert_eq!(seen.code, 0, "{}", seen.out);
    assert!(!*there.lock().unwrap());
}

#[test]
fn yes_is_an_answer_given_before() {
    let (server, there) = start();
    let home = Home::signed_in(&server);
    let seen = at_terminal(&home, "plan delete plan_1 --yes", "", &[]);
    assert_eq!((seen.code, seen.out.as_str()), (0, "plan_1 is deleted\n"));
    assert!(!*there.lock().unwrap());
}

#[test]
fn colours_are_for_terminals_whose_owner_wants_them() {
    let (server, _) = start();
    let home = Home::signed_in(&server);
    let coloured = at_terminal(&home, "plan list", "", &[]).out;
    let shown = |code: &str, status: &str| coloured.contains(&format!("\u{1b}[{code}m{status}\u{1b}[0m"));
    assert!(shown("90", "stopped") && shown("38;5;208", "deploying") && shown("32", "running") && shown("31", "issue"), "{coloured:?}");

    let plain = home.run(&["plan", "list"]).good();
    assert!(!plain.contains('\u{1b}'));
    assert_eq!(at_terminal(&home, "plan list", "", &[("NO_COLOR", "1")]).out, plain);
    let mut bare = coloured;
    for code in ["90", "38;5;208", "32", "31", "0"] {
        bare = bare.replace(&format!("\u{1b}[{code}m"), "");
    }
    assert_eq!(bare, plain, "colours do not move the columns");
}
