use crate::home::Home;
use crate::server::{Server, ok};
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
