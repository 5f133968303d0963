use crate::home::{Home, Seen};
use crate::server::{Reply, Server, ok, problem};
use serde_json::json;

fn told(seen: &Seen, code: i32, words: &[&str]) {
    assert_eq!(seen.code, code, "{}", seen.err);
    for word in words {
        assert!(seen.err.contains(word), "`{word}` is not in: {}", seen.err);
    }
    assert_eq!(seen.out, "", "what went wrong is told on standard error");
}

#[test]
fn each_failure_has_its_code_and_says_what_to_do() {
    let server = Server::start(|request| match request.path.as_str() {
        "/v1/plan/plan_used" => problem(409, "deployed", "a deployment of it lives"),
        "/v1/account/acct_used" => problem(409, "in_use", "a deployment lives in it"),
        "/v1/plan/plan_broken" => problem(500, "internal", "this is a defect of ours"),
        "/v1/plan/plan_new/deploy" => {
            let errors = json!([{"pointer": "/cloud/account", "message": "no account is linked and verified yet: POST /v1/account"}]);
            Reply::Json(400, json!({"code": "invalid", "detail": "x", "errors": errors, "request_id": "r"}))
        }
        "/v1/deployment/dep_issue" => {
            ok(json!({"id": "dep_issue", "plan_id": "plan_1", "status": "issue", "reason": "no capacity", "steps": []}))
        }
        _ => problem(404, "not_found", "there is nothing here, or it is not yours"),
    });
    let home = Home::signed_in(&server);
    told(&home.run(&["plan", "delete", "plan_used"]), 2, &["a deployment of it lives", "cloudsail destroy"]);
    told(&home.run(&["account", "remove", "acct_used"]), 2, &["a deployment lives in it", "cloudsail deployment list"]);
    told(&home.run(&["plan", "show", "plan_broken"]), 1, &["defect", "request req-1"]);
    told(&home.run(&["plan", "show", "plan_none"]), 4, &["not yours", "cloudsail plan list"]);
    told(&home.run(&["account", "verify", "acct_none"]), 4, &["cloudsail account list"]);
    told(&home.run(&["status", "dep_none"]), 4, &["cloudsail deployment list"]);
    told(&home.run(&["deploy", "plan_new"]), 2, &["/cloud/account", "cloudsail account add"]);
    told(&home.run(&["plan", "show", "../account"]), 2, &["an id is letters and digits"]);
    told(&home.run(&["plan", "create", "--file", "/nowhere"]), 2, &["/nowhere"]);
    told(&home.run(&["--api-url", "", "plan", "list"]), 2, &["API_URL"]);
    let issue = home.run(&["status", "dep_issue"]);
    assert_eq!((issue.code, issue.out.as_str()), (1, "dep_issue issue\n  no capacity\n"));
    assert!(issue.err.contains("cloudsail deploy plan_1"), "{}", issue.err);

    let wrong = crate::home::seen(home.command(&["sign-in", "--email", "a@example.com"]).env("CLOUDSAIL_PASSWORD", "wrong"));
    told(&wrong, 3, &["the address or the password is wrong"]);
    told(&Home::new(&server).run(&["plan", "list"]), 3, &["cloudsail sign-in"]);
    told(&Home::at("http://127.0.0.1:1").run(&["sign-in", "--email", "a@example.com"]), 1, &["http://127.0.0.1:1", "can't be reached"]);
}

#[test]
fn what_is_gone_is_said() {
    let server = Server::start(|request| match (request.method.as_str(), request.path.as_str()) {
        ("DELETE", "/v1/plan/plan_1" | "/v1/account/acct_1") => Reply::Json(204, serde_json::Value::Null),
        _ => problem(404, "not_found", "nothing"),
    });
    let home = Home::signed_in(&server);
    assert_eq!(home.run(&["plan", "delete", "plan_1"]).good(), "plan_1 is deleted\n");
    assert!(home.run(&["account", "rm", "acct_1", "--yes"]).good().starts_with("acct_1 is unlinked"));
}

/// The end of `--help` and the README say the same of the exit codes.
#[test]
fn the_exit_codes_are_documented_once() {
    let help = Home::new(&Server::empty()).run(&["--help"]).good();
    let listed = help.split_once("Exit codes:\n").unwrap().1;
    let readme = include_str!("../../README.md");
    let rows: Vec<_> = readme.lines().filter(|line| line.starts_with("| ") && line.as_bytes()[2].is_ascii_digit()).collect();
    let lines: Vec<_> = rows
        .iter()
        .map(|row| row.trim_matches(['|', ' ']).split_once(" | ").unwrap())
        .map(|(code, meaning)| format!("  {code}  {meaning}"))
        .collect();
    assert_eq!(lines, listed.trim_end().lines().collect::<Vec<_>>());
}

#[test]
fn completions_and_manual_need_no_service() {
    let home = Home::at("");
    for (shell, word) in [("bash", "_cloudsail"), ("zsh", "#compdef cloudsail"), ("fish", "complete -c cloudsail"), ("elvish", "cloudsail")]
    {
        assert!(home.run(&["completions", shell]).good().contains(word));
    }
    let pages = home.run(&["man"]).good();
    for page in ["cloudsail", "cloudsail-plan", "cloudsail-plan-edit", "cloudsail-account-remove", "cloudsail-events"] {
        assert!(pages.contains(&format!(".TH {page} 1")), "{page}");
    }
    assert!(!pages.contains("password-from-environment"), "what is hidden stays hidden");
}
