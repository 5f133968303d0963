//! What a complete plan must satisfy. Every problem is reported, not only the first.

use super::accept::{Offer, systems};
use super::written::COMPONENT;
use super::{Backup, Cloud, Component, Db, Disk, Endpoint, FieldError, Plan, machine};

/// Errors point into the full form.
pub(super) fn plan(plan: &Plan, offer: &Offer, errors: &mut Vec<FieldError>) {
    if plan.name.trim().is_empty() || plan.name.chars().count() > 63 || plan.name.chars().any(char::is_control) {
        errors.push(FieldError::new("/name", "must be 1 to 63 characters, none of them a control character"));
    }
    check_cloud(&plan.cloud, errors);
    for component in &plan.components {
        check_component(component, offer, errors);
    }
}

fn check_cloud(cloud: &Cloud, errors: &mut Vec<FieldError>) {
    let regions = match RegionNames::of(&cloud.provider) {
        Ok(regions) => regions,
        Err(message) => return errors.push(FieldError::new("/cloud/provider", message)),
    };
    if let Some(region) = &cloud.region
        && let Err(message) = regions.check(region)
    {
        errors.push(FieldError::new("/cloud/region", message));
    }
}

/// How a cloud names its regions. Which there are is the catalogue's to say.
pub struct RegionNames {
    is_region: fn(&str) -> bool,
    cloud: &'static str,
    example: &'static str,
}

impl RegionNames {
    /// Those of `aws`, `azure` or `gcp`.
    ///
    /// # Errors
    /// What would be right.
    pub fn of(provider: &str) -> Result<Self, String> {
        let (is_region, cloud, example): (fn(&str) -> bool, _, _) = match provider {
            "aws" => (is_region, "AWS", "ca-central-1"),
            "azure" => (is_azure_region, "Azure", "canadacentral"),
            "gcp" => (is_gcp_region, "Google Cloud", "northamerica-northeast1"),
            other => return Err(format!("`{other}` is not offered; allowed: \"aws\", \"azure\", \"gcp\"")),
        };
        Ok(Self { is_region, cloud, example })
    }

    /// Whether the text has the shape of one.
    ///
    /// # Errors
    /// What would be right.
    pub fn check(&self, text: &str) -> Result<(), String> {
        if (self.is_region)(text) {
            Ok(())
        } else {
            Err(format!("`{text}` is not a region name of {}, such as {}", self.cloud, self.example))
        }
    }
}

fn is_azure_region(text: &str) -> bool {
    (3..=40).contains(&text.len())
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
}

fn is_gcp_region(text: &str) -> bool {
    let letters = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase());
    text.len() <= 40
        && text.split_once('-').is_some_and(|(continent, place)| {
            letters(continent)
                && place.ends_with(|c: char| c.is_ascii_digit())
                && letters(place.trim_end_matches(|c: char| c.is_ascii_digit()))
        })
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
                && middle.len() <= 3
                && middle.iter().all(|part| letters(part) && part.len() <= 12)
                && matches!(last.as_bytes(), [b'0'..=b'9'])
        }
        _ => false,
    }
}

fn check_component(component: &Component, offer: &Offer, errors: &mut Vec<FieldError>) {
    let mut wrong = |field: &str, message: String| errors.push(FieldError::new(format!("{COMPONENT}{field}"), message));
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
        wrong("/hardware/disk/kind", format!("`{}` is not offered; allowed: \"ssd\"", hardware.disk.kind));
    }
    check_disk(&hardware.disk, offer, &mut wrong);
    machine::check(component, offer, &mut wrong);
    check_db(&component.db, &mut wrong);
    if let Some(backup) = &component.backup {
        check_backup(backup, &mut wrong);
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

fn check_disk(disk: &Disk, offer: &Offer, wrong: &mut impl FnMut(&str, String)) {
    let (least, most) = (offer.disk_min_gib, offer.disk_max_gib);
    if !(least..=most).contains(&disk.size_gib) {
        wrong("/hardware/disk/size_gib", format!("must be {least} to {most} GiB"));
    }
    if let Some(ceiling) = disk.grow_to_gib
        && !(disk.size_gib + 1..=most).contains(&ceiling)
    {
        let message =
            format!("must be more than the disk's {} GiB, and at most {most}; leave it out for a disk that does not grow", disk.size_gib);
        wrong("/hardware/disk/grow_to_gib", message);
    }
    if disk.iops.is_some_and(|iops| !(1..=16_000).contains(&iops)) {
        wrong("/hardware/disk/iops", "must be 1 to 16000".to_owned());
    }
    if disk.throughput_mib_s.is_some_and(|throughput| !(1..=1000).contains(&throughput)) {
        wrong("/hardware/disk/throughput_mib_s", "must be 1 to 1000".to_owned());
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
    for (name, value) in &db.settings {
        // Which settings there are, and what they may be, the knowledge base says.
        if !is_setting(name) || value.len() > 500 || value.chars().any(char::is_control) {
            let field = format!("/db/settings/{}", name.replace('~', "~0").replace('/', "~1"));
            wrong(&field, "must be a parameter of PostgreSQL and a value of at most 500 characters on one line".to_owned());
        }
    }
    if db.settings.len() > 100 {
        wrong("/db/settings", "at most 100 settings".to_owned());
    }
    if db.topology.kind != "single" {
        wrong("/db/topology/kind", format!("`{}` is not offered; allowed: \"single\"", db.topology.kind));
    }
}

fn check_backup(backup: &Backup, wrong: &mut impl FnMut(&str, String)) {
    if backup.schedule.split_whitespace().count() != 5 {
        wrong("/backup/schedule", "must be five cron fields, UTC, such as \"0 3 * * *\"".to_owned());
    }
    if !(1..=365).contains(&backup.retention_days) {
        wrong("/backup/retention_days", "must be 1 to 365".to_owned());
    }
    if !["never", "daily", "weekly", "monthly"].contains(&backup.restore_test.as_str()) {
        wrong("/backup/restore_test", "must be one of \"never\", \"daily\", \"weekly\", \"monthly\"".to_owned());
    }
}

fn is_setting(text: &str) -> bool {
    (1..=63).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_' || byte == b'.')
}

fn is_name(text: &str) -> bool {
    (1..=32).contains(&text.len())
        && text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
}
