use crate::home::Home;
use crate::server::{Server, ok, problem};
use serde_json::{Value, json};

fn server() -> Server {
    Server::start(|request| match request.path.as_str() {
        "/v1/account/acct_1" => ok(json!({"id": "acct_1", "template": {"Resources": {"Monitor": {}}},
            "template_terraform": "resource \"aws_iam_role\" \"monitor\" {\n}\n", "template_cli": "#!/usr/bin/env bash\n"})),
        "/v1/account/acct_old" => ok(json!({"id": "acct_old", "template": {}})),
        _ => ok(json!({"id": "acct_1", "status": "failed", "reason": "the roles may not do all that they are for",
            "missing": [{"role_arn": "arn:aws:iam::222222222222:role/cloudsail/CloudsailAccess-1", "statement": "AttachVolume",
                "why": "The data volume is attached.", "actions": ["ec2:AttachVolume"]}]})),
    })
}

#[test]
fn the_template_is_printed_in_the_form_that_was_asked_for() {
    let server = server();
    let home = Home::signed_in(&server);
    let stack: Value = serde_json::from_str(&home.run(&["account", "template", "acct_1"]).good()).unwrap();
    assert!(stack["Resources"]["Monitor"].is_object(), "CloudFormation, if nothing else is said");
    assert_eq!(home.run(&["account", "template", "acct_1", "--as", "cli"]).good(), "#!/usr/bin/env bash\n");
    let file = home.folder.join("main.tf");
    home.run(&["account", "template", "acct_1", "--as", "terraform", "--out", file.to_str().unwrap()]).good();
    assert_eq!(std::fs::read_to_string(file).unwrap(), "resource \"aws_iam_role\" \"monitor\" {\n}\n");
    let old = home.run(&["account", "template", "acct_old", "--as", "cli"]);
    assert!(old.code == 1 && old.err.contains("template_cli"), "{}", old.err);
}

#[test]
fn verify_names_what_is_missing_with_its_reason() {
    let server = server();
    let said = Home::signed_in(&server).run(&["account", "verify", "acct_1"]);
    assert_eq!(said.code, 2);
    assert!(said.out.contains("CloudsailAccess-1 may not ec2:AttachVolume (AttachVolume): The data volume is attached."), "{}", said.out);
    assert!(said.err.contains("the roles may not do all"), "{}", said.err);
}

fn strays() -> Value {
    json!({"count": 1, "monthly_cost": "1.76", "currency": "USD", "checked_at": "2026-11-21T06:00:00.5Z", "problem": null,
        "items": [{"kind": "volume", "id": "vol-1", "region": "ca-central-1", "age_s": 7300, "monthly_cost": "1.76", "why": "left behind"}],
        "ghosts": [{"kind": "role", "id": "r", "region": null, "age_s": null, "monthly_cost": "0.00", "why": "not there"}],
        "removed": []})
}

const TABLE: &str = "\
1 stray, 1.76 USD a month (2026-11-21 06:00:00Z)
FOUND  KIND    ID     REGION        AGE  A MONTH  WHY
stray  volume  vol-1  ca-central-1  2 h  1.76     left behind
ghost  role    r      -             -    0.00     not there
";

#[test]
fn strays_are_shown_with_age_and_cost_by_show_and_by_reconcile() {
    let server = Server::start(|request| match (request.method.as_str(), request.path.split('?').next().unwrap()) {
        ("GET", "/v1/account/acct_1") => ok(
            json!({"id": "acct_1", "status": "verified", "name": "Main", "account_id": "222222222222", "region": "ca-central-1", "strays": strays()}),
        ),
        ("GET", "/v1/account/acct_2") => ok(json!({"id": "acct_2", "status": "pending", "strays": {"count": null}})),
        ("GET", "/v1/account") => {
            ok(json!({"items": [{"id": "acct_1", "status": "verified"}, {"id": "acct_2", "status": "pending"}], "next_cursor": null}))
        }
        ("POST", "/v1/account/acct_1/reconcile") => ok(strays()),
        other => panic!("{other:?}"),
    });
    let home = Home::signed_in(&server);
    let shown = home.run(&["account", "show", "acct_1"]).good();
    assert_eq!(shown, format!("acct_1 verified (Main, AWS 222222222222, ca-central-1)\n{TABLE}"));
    assert!(home.run(&["account", "show", "acct_2"]).good().contains("Not looked through"));
    assert_eq!(home.run(&["reconcile", "acct_1"]).good(), TABLE);
    assert_eq!(home.run(&["reconcile"]).good(), format!("acct_1\n{TABLE}"), "of the accounts that are verified");
    let answer: Value = serde_json::from_str(&home.run(&["--json", "reconcile"]).good()).unwrap();
    assert_eq!(answer["items"][0]["strays"]["count"], 1);
}

#[test]
fn an_account_that_can_not_be_looked_through_stops_no_other() {
    let server = Server::start(|request| match request.path.split('?').next().unwrap() {
        "/v1/account" => {
            ok(json!({"items": [{"id": "acct_2", "status": "verified"}, {"id": "acct_1", "status": "verified"}], "next_cursor": null}))
        }
        "/v1/account/acct_1/reconcile" => ok(strays()),
        _ => problem(409, "account_unusable", "the account can't be looked through"),
    });
    let home = Home::signed_in(&server);
    let said = home.run(&["reconcile"]);
    assert_eq!(said.code, 2);
    assert!(
        said.out.contains("acct_2\nNot looked through\nThe last look: the account can't be looked through") && said.out.ends_with(TABLE),
        "{}",
        said.out
    );
    let one = home.run(&["reconcile", "acct_2"]);
    assert!(one.err.contains("cloudsail account verify acct_2"), "{}", one.err);
}
