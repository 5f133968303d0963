//! Prints aws-json, azure-json and gcp-json, a document a line, for a spread of plans: what `tests/clouds/validate` reads.
#![expect(clippy::expect_used, reason = "it is a part of a test, and stops where it stands")]

use domain::PlanId;
use domain::plan::accept;
use knowledge::Knowledge;
use serde_json::json;
use std::io::Write;
use transform::{aws, azure, gcp};

fn main() {
    let knowledge = Knowledge::built_in();
    let mut out = std::io::stdout().lock();
    let ranges: Vec<_> = (0..50).map(|index| format!("198.51.{index}.0/24")).collect();
    for region in ["ca-central-1", "us-west-1", "eu-west-1"] {
        for (cpu, memory_gib, disk) in [
            (1, 1, json!({"size_gib": 10})),
            (2, 8, json!({"size_gib": 100, "iops": 5000})),
            (8, 64, json!({"size_gib": 2000, "iops": 12_000, "throughput_mib_s": 400})),
            (64, 256, json!({"size_gib": 16_384})),
        ] {
            for (architecture, allow) in [("x86_64", &ranges[..1]), ("arm64", &ranges[..]), ("x86_64", &[])] {
                // Nobody publishes what the disks of Google Cloud's ARM machines do.
                let disk = if architecture == "arm64" { json!({"size_gib": disk["size_gib"]}) } else { disk.clone() };
                let body = json!({"schema": "cs-json/1", "name": "spread", "cloud": {"region": region}, "components": [{
                    "kind": "postgres",
                    "hardware": {"cpu": cpu, "memory_gib": memory_gib, "architecture": architecture, "disk": disk},
                    "db": {"version": if cpu == 8 { "15" } else { "17" }},
                    "network": {"allow": allow}}]});
                let plan = accept(&PlanId::generate(), &body, &knowledge.catalogue.offer()).expect("a valid plan");
                for document in [aws::document(&plan, knowledge), azure::document(&plan, knowledge), gcp::document(&plan, knowledge)] {
                    let line = serde_json::to_string(&document.expect("every plan here has a machine")).expect("JSON");
                    writeln!(out, "{line}").expect("standard output is open");
                }
            }
        }
    }
}
