//! What a complete plan must satisfy. Every problem is reported, not only the first.

use super::accept::{Offer, systems};
use super::{Backup, Component, Db, Endpoint, FieldError, Plan};

/// `at` is the pointer of the component in what was sent; the short form keeps `backup` under `db`.
pub(super) fn plan(plan: &Plan, offer: &Offer, at: &str, short: bool, errors: &mut Vec<FieldError>) {
    if plan.name.trim().is_empty() || plan.name.chars().count() > 63 || plan.name.chars().any(char::is_control) {
        errors.push(FieldError::new("/name", "must be 1 to 63 characters, none of them a control character"));
    }
    if plan.cloud.provider != "aws" {
        errors.push(FieldError::new("/cloud/provider", format!("`{}` is not offered; allowed: \"aws\"", plan.cloud.provider)));
    }
    if let Some(region) = &plan.cloud.region
        && !is_region(region)
    {
        errors.push(FieldError::new("/cloud/region", format!("`{region}` is not an AWS region name, such as ca-central-1")));
    }
    for component in &plan.components {
        check_component(component, offer, at, short, errors);
    }
}

/// Whether the text has the shape of an AWS region name.
#[must_use]
pub fn is_region(text: &str) -> bool {
    let parts: Vec<_> = text.split('-').collect();
    let letters = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase());
    match parts.as_slice() {
        [first, middle @ .., last] => {
            letters(first)
                && first.len() == 2
                && !middle.is_empty()
                && middle.iter().all(letters)
                && matches!(last.as_bytes(), [b'0'..=b'9'])
        }
        _ => false,
    }
}

fn check_component(component: &Component, offer: &Offer, at: &str, short: bool, errors: &mut Vec<FieldError>) {
    let mut wrong = |field: &str, message: String| errors.push(FieldError::new(format!("{at}{field}"), message));
    if component.kind != "postgres" {
        wrong("/kind", format!("`{}` is not a known kind; allowed: \"postgres\"", component.kind));
    }
    if !is_name(&component.id) {
        wrong("/id", "must be 1 to 32 characters: a letter, then letters, digits, `-` or `_`".to_owned());
    }
    let system = offer.systems.iter().find(|o| o.family == component.os.family && o.version == component.os.version);
    match system {
        None => wrong("/os", format!("`{} {}` is not offered; allowed: {}", component.os.family, component.os.version, systems(offer))),
        Some(system) if !system.postgres.contains(&component.db.version) => wrong(
            "/db/version",
            format!(
                "{} {} does not offer PostgreSQL {}; allowed: {}",
                system.family,
                system.version,
                component.db.version,
                offer.versions()
            ),
        ),
        Some(_) => {}
    }
    let hardware = &component.hardware;
    if !(1..=192).contains(&hardware.cpu) {
        wrong("/hardware/cpu", "must be 1 to 192".to_owned());
    }
    if !(1..=1536).contains(&hardware.memory_gib) {
        wrong("/hardware/memory_gib", "must be 1 to 1536".to_owned());
    }
    if hardware.disk.kind != "ssd" {
        let field = if short { "/hardware/storage" } else { "/hardware/disk/kind" };
        wrong(field, format!("`{}` is not offered; allowed: \"ssd\"", hardware.disk.kind));
    }
    if !(offer.disk_min_gib..=offer.disk_max_gib).contains(&hardware.disk.size_gib) {
        wrong("/hardware/disk/size_gib", format!("must be {} to {} GiB", offer.disk_min_gib, offer.disk_max_gib));
    }
    let wished = component.aws.as_ref().and_then(|aws| aws.instance_type.as_deref());
    match wished {
        Some(name) if !offer.machines.iter().any(|machine| machine.name == name) => {
            let field = if short { "/hardware/instance_type" } else { "/aws/instance_type" };
            let all: Vec<_> = offer.machines.iter().map(|machine| machine.name.as_str()).collect();
            wrong(field, format!("`{name}` is not in the catalogue; allowed: {}", all.join(", ")));
        }
        Some(_) => {}
        None if !offer.machines.iter().any(|m| m.cpu >= hardware.cpu && m.memory_gib >= hardware.memory_gib) => {
            wrong(
                "/hardware",
                format!("no machine type has {} CPUs and {} GiB of memory; ask for less", hardware.cpu, hardware.memory_gib),
            );
        }
        None => {}
    }
    check_db(&component.db, &mut wrong);
    if let Some(backup) = &component.backup {
        check_backup(backup, if short { "/db/backup" } else { "/backup" }, &mut wrong);
    }
    for (index, range) in component.network.allow.iter().enumerate() {
        if range.prefix_len() == 0 && !component.network.public {
            wrong(
                &format!("/network/allow/{index}"),
                "0.0.0.0/0 lets in the whole internet; say \"public\": true if that is meant, or name a range".to_owned(),
            );
        }
    }
    if component.network.allow.len() > 50 {
        wrong("/network/allow", "at most 50 ranges (a security group holds 60 rules)".to_owned());
    }
    if component.network.endpoint == Endpoint::Public {
        wrong("/network/endpoint", "\"public\" is not available yet; allowed: \"private\"".to_owned());
    }
}

fn check_db(db: &Db, wrong: &mut impl FnMut(&str, String)) {
    if db.flavor != "pg" {
        wrong("/db/flavor", format!("`{}` is not offered; allowed: \"pg\"", db.flavor));
    }
    let reserved = ["postgres", "template0", "template1"].contains(&db.name.as_str());
    if reserved || !is_name(&db.name) || db.name.contains('-') || db.name.chars().any(|c| c.is_ascii_uppercase()) {
        wrong(
            "/db/name",
            "must be 1 to 32 characters: a small letter, then small letters, digits or `_`; not a name PostgreSQL keeps for itself"
                .to_owned(),
        );
    }
    if !(10..=5000).contains(&db.max_connections) {
        wrong("/db/max_connections", "must be 10 to 5000".to_owned());
    }
    if db.topology.kind != "single" {
        wrong("/db/topology/kind", format!("`{}` is not offered; allowed: \"single\"", db.topology.kind));
    }
}

fn check_backup(backup: &Backup, at: &str, wrong: &mut impl FnMut(&str, String)) {
    if backup.schedule.split_whitespace().count() != 5 {
        wrong(&format!("{at}/schedule"), "must be five cron fields, UTC, such as \"0 3 * * *\"".to_owned());
    }
    if !(1..=365).contains(&backup.retention_days) {
        wrong(&format!("{at}/retention_days"), "must be 1 to 365".to_owned());
    }
    if !["never", "daily", "weekly", "monthly"].contains(&backup.restore_test.as_str()) {
        wrong(&format!("{at}/restore_test"), "must be one of \"never\", \"daily\", \"weekly\", \"monthly\"".to_owned());
    }
}

fn is_name(text: &str) -> bool {
    (1..=32).contains(&text.len())
        && text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
}
