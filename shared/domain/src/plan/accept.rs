//! From what a person sent to a complete plan: read either form, fill the defaults, check.

use super::input::{
    BackupExact, BackupInput, ComponentInput, DbInput, FullInput, HardwareInput, NetworkInput, OsExact, OsInput, ShortInput,
};
use super::written::{COMPONENT, is_short, written};
use super::{
    Architecture, AwsWishes, Backup, Cloud, Component, Db, Disk, Endpoint, FieldError, Hardware, Network, Os, Plan, Topology, VERSION,
    Workload, check,
};
use crate::PlanId;
use ipnet::Ipv4Net;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// What can be had: the catalogue, in the words that validation needs. Source: the knowledge layer.
#[derive(Debug, Clone)]
pub struct Offer {
    /// Operating systems, newest first.
    pub systems: Vec<OfferedOs>,
    /// Machine types.
    pub machines: Vec<OfferedMachine>,
    /// Smallest data disk, GiB.
    pub disk_min_gib: u32,
    /// Largest data disk, GiB.
    pub disk_max_gib: u32,
}

/// An operating system and the PostgreSQL versions in its archive.
#[derive(Debug, Clone)]
pub struct OfferedOs {
    /// `debian`.
    pub family: String,
    /// `13`.
    pub version: String,
    /// Major versions, newest first.
    pub postgres: Vec<String>,
}

/// A machine type and its size.
#[derive(Debug, Clone)]
pub struct OfferedMachine {
    /// For example `t3.medium`.
    pub name: String,
    /// Virtual CPUs.
    pub cpu: u32,
    /// Memory, GiB.
    pub memory_gib: u32,
    /// The processor's.
    pub architecture: Architecture,
}

impl Offer {
    fn newest_with(&self, version: &str) -> Option<&OfferedOs> {
        self.systems.iter().find(|os| os.postgres.iter().any(|offered| offered == version))
    }

    /// Every version that some system offers, for error messages.
    pub(super) fn versions(&self) -> String {
        let all: Vec<_> = self
            .systems
            .iter()
            .flat_map(|os| os.postgres.iter().map(move |version| format!("{version} ({} {})", os.family, os.version)))
            .collect();
        all.join(", ")
    }
}

/// Reads the short or the full form and answers a complete plan.
///
/// # Errors
/// Every problem that was found, each with the JSON pointer of its field and what is allowed there.
pub fn accept(id: &PlanId, body: &Value, offer: &Offer) -> Result<Plan, Vec<FieldError>> {
    if !body.is_object() {
        return Err(vec![FieldError::new("", "the body must be a JSON object: a plan in cs-json/1")]);
    }
    if let Some(pointer) = stray_list(body) {
        return Err(vec![FieldError::new(pointer, "is a list; nothing of that kind stands here")]);
    }
    let short = is_short(body);
    let full = if short { widen(read(body)?) } else { read::<FullInput>(body)? };
    if full.schema != VERSION {
        return Err(vec![FieldError::new("/schema", format!("must be \"{VERSION}\""))]);
    }
    if full.components.len() != 1 {
        return Err(vec![FieldError::new("/components", "a plan holds exactly one component, of kind \"postgres\"")]);
    }
    if !full.links.is_empty() {
        return Err(vec![FieldError::new("/links", "must be empty: a plan of one component has nothing to link")]);
    }
    let mut errors = Vec::new();
    let mut components = Vec::new();
    for input in full.components {
        components.push(complete(input, offer, short, &mut errors));
    }
    let cloud = full.cloud.unwrap_or_default();
    let plan = Plan {
        schema: full.schema,
        name: full.name.unwrap_or_else(|| id.short().to_owned()),
        cloud: Cloud { provider: cloud.provider.unwrap_or_else(|| "aws".to_owned()), account: cloud.account, region: cloud.region },
        components,
        links: Vec::new(),
    };
    check::plan(&plan, offer, &mut errors);
    errors.iter_mut().for_each(|error| error.pointer = written(body, &error.pointer));
    if errors.is_empty() { Ok(plan) } else { Err(errors) }
}

fn read<T: DeserializeOwned>(body: &Value) -> Result<T, Vec<FieldError>> {
    crate::pointer::read(body).map_err(|error| vec![error])
}

fn widen(short: ShortInput) -> FullInput {
    let mut db = short.db;
    let backup = db.backup.take();
    FullInput {
        schema: VERSION.to_owned(),
        name: short.name,
        cloud: short.cloud,
        components: vec![ComponentInput {
            id: None,
            kind: "postgres".to_owned(),
            os: Some(short.os),
            hardware: Some(short.hardware),
            db: Some(db),
            backup,
            network: short.network,
            protect: short.protect,
            aws: None,
        }],
        links: Vec::new(),
    }
}

fn complete(input: ComponentInput, offer: &Offer, short: bool, errors: &mut Vec<FieldError>) -> Component {
    let db = input.db.unwrap_or_default();
    let hardware = input.hardware.unwrap_or_default();
    let mut aws = input.aws.unwrap_or_default();
    let kind = hardware.disk.as_ref().and_then(|disk| disk.kind.as_ref());
    for (field, one, other_field, other) in [
        ("/hardware/instance_type", &hardware.instance_type, "/aws/instance_type", aws.instance_type.as_ref()),
        ("/hardware/ami", &hardware.ami, "/aws/ami", aws.ami.as_ref()),
        ("/hardware/storage", &hardware.storage, "/hardware/disk/kind", kind),
    ] {
        if let (Some(one), Some(other)) = (one, other)
            && one != other
        {
            errors.push(FieldError::new(
                format!("{COMPONENT}{field}"),
                format!("`{one}` contradicts {other_field}, `{other}`; leave one out"),
            ));
        }
    }
    aws.instance_type = aws.instance_type.or_else(|| hardware.instance_type.clone());
    aws.ami = aws.ami.or_else(|| hardware.ami.clone());
    if db.backup.is_some() && !short {
        errors.push(FieldError::new(format!("{COMPONENT}/db/backup"), "in the full form `backup` stands beside `db`, not in it"));
    }
    let os = complete_os(input.os, db.version.as_deref(), offer, errors);
    let version = db.version.clone().unwrap_or_else(|| {
        let system = offer.systems.iter().find(|o| o.family == os.family && o.version == os.version);
        system.and_then(|o| o.postgres.first()).cloned().unwrap_or_else(|| "17".to_owned())
    });
    Component {
        id: input.id.unwrap_or_else(|| "db".to_owned()),
        kind: input.kind,
        os,
        hardware: complete_hardware(hardware, aws.instance_type.as_deref(), offer),
        db: complete_db(db, version),
        backup: complete_backup(input.backup, errors),
        network: complete_network(input.network.unwrap_or_default(), errors),
        protect: input.protect.unwrap_or(false),
        aws: (aws != AwsWishes::default()).then_some(aws),
    }
}

fn complete_os(os: Option<OsInput>, version: Option<&str>, offer: &Offer, errors: &mut Vec<FieldError>) -> Os {
    let newest = || {
        let system = version.map_or_else(|| offer.systems.first(), |wanted| offer.newest_with(wanted).or(offer.systems.first()));
        system.map_or_else(
            || Os { family: String::new(), version: String::new() },
            |o| Os { family: o.family.clone(), version: o.version.clone() },
        )
    };
    match os {
        None => newest(),
        Some(OsInput::Word(name)) if name == "linux" => newest(),
        Some(OsInput::Word(name)) => {
            errors.push(FieldError::new(
                format!("{COMPONENT}/os"),
                format!("`{name}` is not offered; say \"linux\", or name one: {}", systems(offer)),
            ));
            newest()
        }
        Some(OsInput::Exact(OsExact { family, version: Some(os_version) })) => Os { family, version: os_version },
        Some(OsInput::Exact(OsExact { family, version: None })) => {
            let fits = |o: &&OfferedOs| o.family == family && version.is_none_or(|wanted| o.postgres.iter().any(|p| p == wanted));
            let found = offer.systems.iter().find(fits).map_or_else(String::new, |o| o.version.clone());
            Os { family, version: found }
        }
    }
}

pub(super) fn systems(offer: &Offer) -> String {
    offer.systems.iter().map(|o| format!("{} {}", o.family, o.version)).collect::<Vec<_>>().join(", ")
}

fn complete_hardware(input: HardwareInput, instance_type: Option<&str>, offer: &Offer) -> Hardware {
    let wished = instance_type.and_then(|name| offer.machines.iter().find(|machine| machine.name == name));
    let disk = input.disk.unwrap_or_default();
    Hardware {
        cpu: input.cpu.or(wished.map(|m| m.cpu)).unwrap_or(2),
        memory_gib: input.memory_gib.or(wished.map(|m| m.memory_gib)).unwrap_or(4),
        architecture: input.architecture,
        disk: Disk {
            kind: disk.kind.or(input.storage).unwrap_or_else(|| "ssd".to_owned()),
            size_gib: disk.size_gib.unwrap_or_else(|| 20.max(offer.disk_min_gib)),
            iops: disk.iops,
            throughput_mib_s: disk.throughput_mib_s,
            grow_to_gib: disk.grow_to_gib,
        },
    }
}

fn complete_db(input: DbInput, version: String) -> Db {
    Db {
        flavor: input.flavor.unwrap_or_else(|| "pg".to_owned()),
        version,
        name: input.name.unwrap_or_else(|| "app".to_owned()),
        workload: input.workload.unwrap_or(Workload::Web),
        max_connections: input.max_connections.unwrap_or(100),
        topology: input.topology.unwrap_or_else(|| Topology { kind: "single".to_owned() }),
        settings: input.settings,
    }
}

fn complete_backup(input: Option<BackupInput>, errors: &mut Vec<FieldError>) -> Option<Backup> {
    let exact = match input? {
        BackupInput::Word(word) if word == "none" => return None,
        BackupInput::Word(word) if word == "needed" => BackupExact { schedule: None, retention_days: None, restore_test: None },
        BackupInput::Word(word) => {
            errors.push(FieldError::new(format!("{COMPONENT}/backup"), format!("`{word}` is not one of \"needed\", \"none\"")));
            return None;
        }
        BackupInput::Exact(exact) => exact,
    };
    Some(Backup {
        schedule: exact.schedule.unwrap_or_else(|| "0 3 * * *".to_owned()),
        retention_days: exact.retention_days.unwrap_or(14),
        restore_test: exact.restore_test.unwrap_or_else(|| "weekly".to_owned()),
    })
}

fn complete_network(input: NetworkInput, errors: &mut Vec<FieldError>) -> Network {
    let mut allow = Vec::new();
    for (index, text) in input.allow.iter().enumerate() {
        match text.parse::<Ipv4Net>() {
            Ok(range) if range.trunc() == range => allow.push(range),
            Ok(range) => errors.push(FieldError::new(
                format!("{COMPONENT}/network/allow/{index}"),
                format!("`{text}` has bits set beyond its prefix; did you mean `{}`?", range.trunc()),
            )),
            Err(_) => errors.push(FieldError::new(
                format!("{COMPONENT}/network/allow/{index}"),
                format!("`{text}` is not an IPv4 range in CIDR notation, such as 203.0.113.0/24; a single address ends in /32"),
            )),
        }
    }
    Network { allow, endpoint: input.endpoint.unwrap_or(Endpoint::Private), public: input.public.unwrap_or(false) }
}

/// JSON pointer of the first list where none belongs. `serde` would take it for the fields of an object, in their order.
fn stray_list(value: &Value) -> Option<String> {
    match value {
        Value::Object(fields) => fields.iter().find_map(|(key, field)| {
            let at = format!("/{}", key.replace('~', "~0").replace('/', "~1"));
            let is_place = ["components", "links", "allow"].contains(&key.as_str());
            if field.is_array() && !is_place { Some(at) } else { stray_list(field).map(|rest| format!("{at}{rest}")) }
        }),
        Value::Array(items) => items.iter().enumerate().find_map(|(index, item)| {
            if item.is_array() { Some(format!("/{index}")) } else { stray_list(item).map(|rest| format!("/{index}{rest}")) }
        }),
        _ => None,
    }
}
