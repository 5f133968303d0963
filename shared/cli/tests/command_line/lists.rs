use crate::home::{Home, seen};
use crate::server::{Request, Server, ok};
use serde_json::{Value, json};
use std::io::Read;
use std::process::{Command, Stdio};

/// A page of a list, as the service cuts it: the cursor is opaque and may hold what a query can't.
fn page(request: &Request, items: &[Value]) -> crate::server::Reply {
    let query = request.path.split_once('?').map_or("", |(_, query)| query);
    let of = |key: &str| query.split('&').find_map(|pair| pair.strip_prefix(&format!("{key}=")));
    let limit: usize = of("limit").map_or(20, |limit| limit.parse().unwrap());
    assert!(limit <= 100, "the service takes no larger page");
    let start: usize = of("cursor").map_or(0, |cursor| cursor.strip_prefix("at%2B").unwrap().parse().unwrap());
    let end = items.len().min(start + limit);
    let next = (end - start == limit).then(|| format!("at+{end}"));
    ok(json!({"items": items[start..end], "next_cursor": next}))
}

fn plans(count: usize) -> Server {
    let plan = |n: usize| json!({"id": format!("plan_{n}"), "status": "running", "deployment_id": null, "name": format!("shop {n}")});
    let items: Vec<_> = (0..count).map(plan).collect();
    Server::start(move |request| page(request, &items))
}

#[test]
fn a_list_shows_all_pages() {
    for count in [0, 1, 100, 230] {
        let server = plans(count);
        let home = Home::signed_in(&server);
        let items: Value = serde_json::from_str(&home.run(&["--json", "plan", "list"]).good()).unwrap();
        let ids: Vec<_> = items["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect();
        assert_eq!(ids, (0..count).map(|n| format!("plan_{n}")).collect::<Vec<_>>());
        let table = home.run(&["plan", "list"]).good();
        assert_eq!(table.lines().count(), count + 1, "a head, or a line that says what to do");
    }
}

#[test]
fn a_reader_that_has_read_enough_is_no_failure() {
    let server = plans(3000);
    let home = Home::signed_in(&server);
    let script = "set -o pipefail; \"$0\" plan list | head -1";
    let seen = seen(&mut home.dressed(Command::new("bash"), &["-c", script, env!("CARGO_BIN_EXE_cloudsail")]));
    assert_eq!((seen.code, seen.err.as_str()), (0, ""));
    assert!(seen.out.starts_with("PLAN"));

    for arguments in [&["plan", "list"][..], &["--json", "plan", "list"], &["--help"]] {
        let mut child = home.command(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let mut err = String::new();
        child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
        assert_eq!((child.wait().unwrap().code(), err.as_str()), (Some(0), ""), "{arguments:?}");
    }
}
