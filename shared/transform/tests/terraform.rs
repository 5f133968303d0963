//! From a complete plan to a folder of Terraform. `tests/export/check` has Terraform itself read such folders.
#![expect(clippy::unwrap_used, reason = "a test that can't go on should stop where it stands")]

use domain::PlanId;
use domain::plan::accept;
use knowledge::Knowledge;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use transform::aws::document;
use transform::terraform::{export, name};
use transform::{Document, aws};

fn shop() -> Value {
    json!({"schema":"cs-json/1","name":"shop","cloud":{"region":"ca-central-1"},"components":[{"kind":"postgres",
        "hardware":{"cpu":2,"memory_gib":8,"disk":{"size_gib":100}},"db":{"version":"17","name":"shop","max_connections":200},
        "network":{"allow":["203.0.113.0/24","10.1.0.0/16","10.2.0.0/16"]},"aws":{"instance_type":"m7i.large"}}]})
}

fn of(body: &Value) -> Document {
    let plan = accept(&PlanId::generate(), body, &Knowledge::built_in().catalogue.offer()).unwrap();
    document(&plan, Knowledge::built_in()).unwrap()
}

/// All of the folder's Terraform, one file after the other.
fn code(files: &BTreeMap<String, String>) -> String {
    files.iter().filter(|(name, _)| name.ends_with(".tf")).map(|(name, text)| format!("--- {name}\n{text}")).collect()
}

#[test]
fn the_example_plan_becomes_this_folder() {
    let mut document = of(&shop());
    // They change as prices do; the next test looks at them.
    document.resources.iter_mut().for_each(|resource| resource.reasons.clear());
    let files = export(&document).unwrap();
    insta::assert_snapshot!("folder", code(&files));
    insta::assert_snapshot!("readme", files["README.md"]);
    let names: Vec<_> = files.keys().map(String::as_str).collect();
    let expected = "image.tf main.tf network.tf outputs.tf providers.tf role.tf secret.tf terraform.tf variables.tf";
    assert_eq!(names, [&[".gitignore", "README.md", "boot.sh"], expected.split(' ').collect::<Vec<_>>().as_slice()].concat());
}

#[test]
fn every_reason_stands_in_a_comment() {
    let document = of(&shop());
    let files = export(&document).unwrap();
    let lines: Vec<&str> = files.values().flat_map(|text| text.lines().map(str::trim)).collect();
    let comments = lines.iter().filter_map(|line| line.strip_prefix("# ")).collect::<Vec<_>>().join(" ");
    for reason in document.resources.iter().flat_map(|resource| resource.reasons.values()) {
        assert!(comments.contains(reason.as_str()), "{reason}");
    }
}

#[test]
fn the_boot_script_is_a_file_whose_places_terraform_fills_in() {
    let files = export(&of(&shop())).unwrap();
    let script = &files["boot.sh"];
    assert!(script.starts_with("#!/bin/bash\n") && script.contains("shared_buffers = 2703MB"));
    for (place, value) in [("SECRET", "aws_secretsmanager_secret.db.arn"), ("VOLUME", "aws_ebs_volume.db.id"), ("DEPLOYMENT", "var.name")] {
        assert!(script.contains(&format!("@{place}@")), "{place}");
        assert!(files["main.tf"].contains(&format!("\"@{place}@\", {value}")), "{place}");
    }
}

#[test]
fn wishes_are_defaults_that_can_be_overruled() {
    let mut plan = shop();
    plan["components"][0]["aws"] = json!({"instance_type":"m7i.large","subnet":"subnet-0a\"${x}","ami":"ami-1%{if}"});
    let variables = &export(&of(&plan)).unwrap()["variables.tf"];
    assert!(
        variables.contains(r#"default     = "subnet-0a\"$${x}""#) && variables.contains(r#"default     = "ami-1%%{if}""#),
        "{variables}"
    );
}

#[test]
fn nobody_is_let_in_if_the_plan_names_nobody() {
    let mut plan = shop();
    plan["components"][0]["network"]["allow"] = json!([]);
    let files = export(&of(&plan)).unwrap();
    let rule = files["network.tf"].lines().find(|line| line.contains("ingress")).unwrap();
    assert!(rule.starts_with("  ingress ") && rule.ends_with("= []"), "{rule}");
}

#[test]
fn what_terraform_would_not_get_is_refused() {
    let strange = |change: fn(&mut Document)| {
        let mut document = of(&shop());
        change(&mut document);
        match export(&document) {
            Err(aws::Error::Document(message)) => message,
            other => panic!("{other:?}"),
        }
    };
    let instance = |document: &mut Document| document.resources.iter().position(|r| r.kind == aws::INSTANCE).unwrap();
    assert_eq!(instance(&mut of(&shop())), 5);
    assert!(strange(|document| document.schema = "gcp-json/1".into()).contains("gcp-json/1"));
    assert!(strange(|document| document.resources[0].kind = "AWS::S3::Bucket".into()).contains("AWS::S3::Bucket"));
    assert!(strange(|document| document.resources[5].properties["KeyName"] = json!("k")).contains("KeyName"));
    assert!(strange(|document| document.resources[5].properties["SubnetId"] = json!({"Ref": "elsewhere"})).contains("elsewhere"));
    let statement = |document: &mut Document| {
        document.resources[2].properties["Policies"][0]["PolicyDocument"]["Statement"][0]["NotAction"] = json!("s3:*");
    };
    assert!(strange(statement).contains("db-role"));
}

#[test]
fn any_name_becomes_one_that_aws_and_folders_take() {
    let mut document = of(&shop());
    for (from, to) in [
        ("Web Shop 2", "web-shop-2"),
        ("../../etc/passwd", "etc-passwd"),
        ("42", "postgres"),
        ("ö日本🐘", "postgres"),
        ("a--b$(x)`y`-", "a-b-x-y"),
        ("an-extremely-long-name-x-that-goes-on", "an-extremely-long-name-x"),
    ] {
        document.name = from.into();
        assert_eq!(name(&document), to);
        assert!(export(&document).unwrap()["variables.tf"].contains(&format!("default     = \"{to}\"\n")));
    }
}

/// The values that `value` holds, as Terraform writes them; what is known only later, and the script, are looked at elsewhere.
fn leaves(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) if fields.keys().any(|key| key == "Ref" || key.starts_with("Fn::")) => {}
        Value::Object(fields) => {
            for (key, value) in fields {
                match key.as_str() {
                    // Both sources that give policies give this version; the template becomes an object.
                    "Version" => assert_eq!(value, "2012-10-17"),
                    "SecretStringTemplate" => leaves(&serde_json::from_str(value.as_str().unwrap()).unwrap(), found),
                    "GenerateStringKey" => found.push(format!("{} = ephemeral", value.as_str().unwrap())),
                    _ => leaves(value, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| leaves(item, found)),
        Value::String(text) => found.push(format!("\"{text}\"")),
        other => found.push(format!("= {other}\n")),
    }
}

fn plans() -> impl Strategy<Value = Value> {
    let hardware = (1..=16u32, 1..=64u32, 20..=2000u32, prop::option::of(3000..=4000u32), prop_oneof!["x86_64", "arm64"]);
    let database = (prop_oneof!["15", "17"], prop_oneof!["web", "oltp", "dw", "mixed", "desktop"], 10..=1000u32);
    let ranges = prop::collection::vec((any::<[u8; 4]>(), 1..=32u8), 0..20);
    let texts = ("[^\\p{C}]{1,60}[a-z!]", "[a-zA-Z][a-zA-Z0-9_-]{0,20}", prop::option::of("[ -~]{1,30}"));
    (hardware, database, ranges, texts).prop_map(
        |((cpu, memory, disk, iops, architecture), (version, workload, connections), ranges, (name, id, subnet))| {
            let ranges: Vec<_> = ranges
                .iter()
                .map(|(address, length)| {
                    let first = Ipv4Addr::from(u32::from_be_bytes(*address) >> (32 - length) << (32 - length));
                    format!("{first}/{length}")
                })
                .collect();
            let mut component = json!({"id": id, "kind": "postgres",
                "hardware": {"cpu": cpu, "memory_gib": memory, "architecture": architecture, "disk": {"size_gib": disk}},
                "db": {"version": version, "workload": workload, "max_connections": connections},
                "network": {"allow": ranges, "public": true}});
            if let Some(iops) = iops {
                component["hardware"]["disk"]["iops"] = json!(iops);
            }
            if let Some(subnet) = subnet {
                component["aws"] = json!({"subnet": subnet});
            }
            json!({"schema":"cs-json/1","name":name,"cloud":{"region":"eu-west-3"},"components":[component]})
        },
    )
}

proptest! {
    #[test]
    fn any_plan_that_has_a_document_has_a_folder_with_all_of_it(body in plans()) {
        let knowledge = Knowledge::built_in();
        let plan = accept(&PlanId::generate(), &body, &knowledge.catalogue.offer());
        let Ok(document) = plan.map(|plan| document(&plan, knowledge)).unwrap_or_else(|errors| panic!("{errors:?}")) else {
            return Err(TestCaseError::reject("no machine does all of that"));
        };
        let files = export(&document).unwrap();
        prop_assert_eq!(&export(&document).unwrap(), &files);
        let code = code(&files);
        let mut found = Vec::new();
        for resource in &document.resources {
            leaves(&resource.properties, &mut found);
        }
        for leaf in found {
            prop_assert!(code.contains(&leaf), "{} is missing:\n{}", leaf, code);
        }
        let script = document.resources.iter().find_map(|r| r.properties.pointer("/UserData/Fn::Base64/Cloudsail::Script/0"));
        prop_assert_eq!(script.unwrap().as_str().unwrap(), files["boot.sh"].as_str());
    }
}
