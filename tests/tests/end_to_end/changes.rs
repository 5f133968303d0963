//! A database that runs, and whose plan is changed: the same machine, volume and rows, more of everything.

use crate::eventually;
use crate::world::World;
use serde_json::{Value, json};
use std::time::Instant;

pub fn sql(world: &World, id: &str, text: &str) -> String {
    let output = world.cli(&["connect", id, "--psql", "--", "-XAtc", text]);
    assert!(output.status.success(), "{text}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

/// Changes one value of the plan, and presses Deploy.
fn deploy_with(world: &World, plan: &str, pointer: &str, value: Value) {
    edit(world, plan, pointer, value);
    world.json(&["deploy", plan]);
}

/// Changes one value of the plan, and looks at what a deploy would do.
fn preview_with(world: &World, plan: &str, pointer: &str, value: Value) -> Value {
    edit(world, plan, pointer, value);
    world.json(&["preview", plan])
}

fn edit(world: &World, plan: &str, pointer: &str, value: Value) {
    let mut document = world.json(&["plan", "show", plan])["plan"].clone();
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    document.pointer_mut(&format!("/components/0{parent}")).unwrap()[name] = value;
    let file = format!("{}/changed.json", world.home);
    std::fs::write(&file, document.to_string()).unwrap();
    world.json(&["plan", "edit", plan, "--file", &file]);
}

fn started(world: &World, id: &str) -> String {
    sql(world, id, "SELECT pg_postmaster_start_time()")
}

/// The machine's id, in the customer's own list.
pub fn machine(world: &World, id: &str) -> String {
    let (_, held) = world.customer(&["holds", id]);
    held.split_whitespace().find(|word| word.starts_with("i-")).unwrap().to_owned()
}

/// The size of the file system that PostgreSQL's data is on, as the machine sees it.
fn disk_gib(world: &World, machine: &str) -> u64 {
    let (_, size) = world.customer(&["on", machine, "df --output=size -BG /var/lib/postgresql | tail -n 1"]);
    size.trim().trim_end_matches('G').parse().unwrap()
}

/// More than four fifths of the disk are taken, and the plan lets it grow.
fn fills_up(world: &World, plan: &str, id: &str, machine: &str) {
    deploy_with(world, plan, "/hardware/disk/grow_to_gib", json!(100));
    world.wait_for(id, "running");
    let since = started(world, id);
    world.customer(&["on", machine, "fallocate -l 21G /var/lib/postgresql/filler"]);
    let begun = Instant::now();
    eventually("a larger disk", || (disk_gib(world, machine) == 35).then_some(()));
    println!("a disk that was 84 % full had grown {:.1} s later", begun.elapsed().as_secs_f64());
    world.customer(&["on", machine, "rm /var/lib/postgresql/filler"]);
    world.wait_for(id, "running");
    assert_eq!((sql(world, id, "TABLE visit"), started(world, id)), ("me".to_owned(), since), "nobody was cut off");
    assert_eq!(world.json(&["preview", plan])["kind"], "none", "the plan says what the disk began with");
}

/// Debian's image of before, as the local cloud lists it.
const EARLIER_IMAGE: &str = "ami-0d13000000000000";
/// The image of a Debian that has another PostgreSQL.
const OTHER_SYSTEM: &str = "ami-0d12000000000001";

fn machines(world: &World, id: &str) -> usize {
    let (_, held) = world.customer(&["holds", id]);
    held.lines().filter(|line| line.contains(" i-") && line.trim_start().starts_with("instance ")).count()
}

/// Another image is another machine, with the same volume, rows, password and address; one that can't take over makes room for one
/// like the old.
fn replaced(world: &World, plan: &str, id: &str) {
    let (host, before) = (world.json(&["connect", id])["host"].clone(), machine(world, id));
    let preview = preview_with(world, plan, "/aws", json!({"ami": EARLIER_IMAGE}));
    assert_eq!((&preview["effect"], &preview["problems"]), (&json!("replace"), &json!([])), "{preview}");
    let warnings = preview["warnings"].as_array().unwrap();
    assert!(
        warnings.iter().any(|one| one["code"] == "replaced" && one["message"].as_str().unwrap().contains("takes over the data volume"))
    );
    world.json(&["deploy", plan]);
    let (now, took) = world.wait_for(id, "running");
    println!("a machine was replaced by one of another image in {:.1} s", took.as_secs_f64());
    let replacement = machine(world, id);
    assert_ne!(replacement, before, "{now:#}");
    assert_eq!((sql(world, id, "TABLE visit"), &world.json(&["connect", id])["host"]), ("me".to_owned(), &host));
    assert_eq!((sql(world, id, "SHOW max_connections"), machines(world, id)), ("120".to_owned(), 1));
    assert_eq!(world.json(&["preview", plan])["kind"], "none");

    // Debian 12 has no PostgreSQL 17: the machine comes up, and can't take over.
    deploy_with(world, plan, "/aws", json!({"ami": OTHER_SYSTEM}));
    let (back, took) = world.wait_for(id, "running");
    println!("an image without the PostgreSQL that is needed was left again after {:.1} s", took.as_secs_f64());
    assert_ne!(machine(world, id), replacement);
    assert_eq!((&back["plan_version"], machines(world, id)), (&now["plan_version"], 1));
    assert_eq!((sql(world, id, "TABLE visit"), &world.json(&["connect", id])["host"]), ("me".to_owned(), &host));
    edit(world, plan, "/aws", json!({"ami": EARLIER_IMAGE}));
}

/// A table `visit` with one row is there.
pub fn all(world: &World, plan: &str, id: &str) {
    let (host, at_first) = (world.json(&["connect", id])["host"].clone(), machine(world, id));

    let running_since = started(world, id);
    assert_eq!(disk_gib(world, &at_first), 20);
    deploy_with(world, plan, "/hardware/disk/size_gib", json!(25));
    world.wait_for(id, "running");
    assert_eq!((disk_gib(world, &at_first), started(world, id)), (25, running_since.clone()), "a disk grows while it is in use");
    // A faster disk, which has other settings too.
    deploy_with(world, plan, "/hardware/disk/throughput_mib_s", json!(150));
    world.wait_for(id, "running");
    fills_up(world, plan, id, &at_first);

    let running_since = started(world, id);
    deploy_with(world, plan, "/db/settings", json!({"work_mem": "5MB"}));
    world.wait_for(id, "running");
    assert_eq!(sql(world, id, "SHOW work_mem"), "5MB");
    assert_eq!(started(world, id), running_since, "a setting that is read again cuts nobody off");

    deploy_with(world, plan, "/db/max_connections", json!(120));
    world.wait_for(id, "running");
    assert_eq!(sql(world, id, "SHOW max_connections"), "120");
    assert_ne!(started(world, id), running_since, "it was restarted");

    let small = sql(world, id, "SHOW shared_buffers");
    deploy_with(world, plan, "/hardware/memory_gib", json!(8));
    let (_, took) = world.wait_for(id, "running");
    println!("a machine was exchanged for a larger type in {:.1} s", took.as_secs_f64());
    assert_ne!(sql(world, id, "SHOW shared_buffers"), small);
    assert_eq!(machine(world, id), at_first, "it is the same machine");
    assert_eq!(world.json(&["connect", id])["host"], host, "at the same address");
    assert_eq!(sql(world, id, "TABLE visit"), "me");

    let version = world.json(&["status", id])["plan_version"].clone();
    deploy_with(world, plan, "/hardware/memory_gib", json!(4));
    eventually("the machine to be stopped", || {
        let now = world.json(&["status", id]);
        let steps = now["steps"].as_array().unwrap();
        steps.iter().any(|step| step["name"] == "resize").then_some(())
    });
    world.json(&["cancel", id]);
    let (back, took) = world.wait_for(id, "running");
    println!("back to what ran {:.1} s after a cancel", took.as_secs_f64());
    assert_eq!(back["plan_version"], version);
    assert_ne!(sql(world, id, "SHOW shared_buffers"), small);
    assert_eq!(sql(world, id, "TABLE visit"), "me");
    assert_eq!(machines(world, id), 1);
    replaced(world, plan, id);
}
