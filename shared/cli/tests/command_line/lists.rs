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
fn accounts_and_deployments_stand_in_columns() {
    let accounts = [
        json!({"id": "acct_1", "name": "Main", "account_id": "111111111111", "region": "ca-central-1", "status": "verified", "reason": null,
               "created_at": "2026-11-21T05:59:41.5Z", "strays": {"count": 0}}),
        json!({"id": "acct_22", "name": null, "account_id": "222222222222", "region": "eu-west-1", "status": "failed",
               "reason": "the role is not there", "created_at": "2026-11-21T06:00:00Z"}),
    ];
    let deployments =
        [json!({"id": "dep_1", "status": "issue", "plan_id": "plan_1", "reason": "no capacity", "created_at": "2026-11-21T06:00:00Z"})];
    let server =
        Server::start(
            move |request| if request.path.starts_with("/v1/account?") { page(request, &accounts) } else { page(request, &deployments) },
        );
    let home = Home::signed_in(&server);
    let expected = "\
ACCOUNT  STATUS    AWS ACCOUNT   REGION        STRAYS  CREATED               NAME  REASON
acct_1   verified  111111111111  ca-central-1  0       2026-11-21 05:59:41Z  Main  -
acct_22  failed    222222222222  eu-west-1     -       2026-11-21 06:00:00Z  -     the role is not there
";
    assert_eq!(home.run(&["account", "list"]).good(), expected);
    let expected = "\
DEPLOYMENT  STATUS  PLAN    CREATED               REASON
dep_1       issue   plan_1  2026-11-21 06:00:00Z  no capacity
";
    assert_eq!(home.run(&["deployment", "list"]).good(), expected);
    assert_eq!(home.run(&["deployment", "ls", "--output", "table"]).good(), expected);
    let answer: Value = serde_json::from_str(&home.run(&["deployment", "list", "-o", "json"]).good()).unwrap();
    assert_eq!(answer["items"][0]["reason"], "no capacity");
}

#[test]
fn the_audit_log_stands_in_columns_and_is_narrowed_to_a_subject() {
    let line = |action: &str, subject: &str, address: Option<&str>| json!({"at": "2026-11-21T06:00:00.5Z", "action": action, "subject": subject, "request_id": "JKJaX=", "address": address});
    let lines = [line("plan-deploy", "dep_1", Some("203.0.113.7")), line("plan-create", "plan_1", None)];
    let server = Server::start(move |request| {
        let query = request.path.strip_prefix("/v1/audit?").unwrap();
        let wanted = query.split('&').find_map(|pair| pair.strip_prefix("subject="));
        let found: Vec<_> = lines.iter().filter(|line| wanted.is_none_or(|wanted| line["subject"] == wanted)).cloned().collect();
        page(request, &found)
    });
    let home = Home::signed_in(&server);
    let expected = "\
AT                    ACTION       SUBJECT  ADDRESS      REQUEST
2026-11-21 06:00:00Z  plan-deploy  dep_1    203.0.113.7  JKJaX=
2026-11-21 06:00:00Z  plan-create  plan_1   -            JKJaX=
";
    assert_eq!(home.run(&["audit"]).good(), expected);
    let answer: Value = serde_json::from_str(&home.run(&["audit", "--subject", "dep_1", "--json"]).good()).unwrap();
    assert_eq!((answer["items"].as_array().unwrap().len(), &answer["items"][0]["action"]), (1, &json!("plan-deploy")));
    assert!(home.run(&["audit", "--subject", "dep_2"]).good().starts_with("Nothing is noted"));
    assert_eq!(home.run(&["audit", "--subject", "dep_1&limit=1"]).code, 2, "an id is no query");
}

#[test]
fn a_reader_that_has_read_enough_is_no_failure() {
    let server = plans(3000);
    let home = Home::signed_in(&server);
    let script = "set -o pipefail; \"$0\" plan list | head -1";
    let seen = seen(&mut home.dressed(Command::new("bash"), &["-c", script, env!("CARGO_BIN_EXE_cloudsail")]));
    assert_eq!((seen.code, seen.err.as_str()), (0, ""));
    assert!(seen.out.starts_with("PLAN"));

    for arguments in [&["plan", "list"][..], &["--json", "plan", "list"], &["man"], &["completions", "bash"], &["--help"]] {
        let mut child = home.command(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let mut err = String::new();
        child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
        assert_eq!((child.wait().unwrap().code(), err.as_str()), (Some(0), ""), "{arguments:?}");
    }
}
