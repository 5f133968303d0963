//! The plan, cs-json version 1: what a person wants, in no cloud's own words.

mod accept;
mod check;
mod input;
mod machine;
mod written;

pub use accept::{Offer, OfferedMachine, OfferedOs, accept};
pub use check::{RegionNames, is_region};
pub use written::written;

use crate::AccountId;
use ipnet::Ipv4Net;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The JSON Schema (2020-12) of the full form.
pub const SCHEMA: &str = include_str!("../../plan.schema.json");

/// The value of `schema` in every plan of this version.
pub const VERSION: &str = "cs-json/1";

/// A complete plan: every default filled in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// Always [`VERSION`].
    pub schema: String,
    /// What people call it.
    pub name: String,
    /// Where it goes.
    pub cloud: Cloud,
    /// What it holds; exactly one PostgreSQL in this version.
    pub components: Vec<Component>,
    /// Which component uses which; empty until there is a second kind.
    pub links: Vec<serde_json::Value>,
}

impl Plan {
    /// The one PostgreSQL of this version's plans.
    #[must_use]
    pub fn postgres(&self) -> Option<&Component> {
        self.components.first()
    }
}

/// Where a plan is deployed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cloud {
    /// `aws`, `azure` or `gcp`.
    pub provider: String,
    /// The linked account; a draft may lack it.
    pub account: Option<AccountId>,
    /// The provider's region name; a draft may lack it.
    pub region: Option<String>,
}

/// One thing on the canvas.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Component {
    /// Unique in the plan.
    pub id: String,
    /// `postgres`.
    pub kind: String,
    /// The operating system.
    pub os: Os,
    /// The machine.
    pub hardware: Hardware,
    /// The database.
    pub db: Db,
    /// When it is backed up; none if nobody asked.
    pub backup: Option<Backup>,
    /// Who may connect, and how.
    pub network: Network,
    /// Whether deleting asks twice.
    pub protect: bool,
    /// Wishes in AWS's own words; they win over derived values.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aws: Option<AwsWishes>,
}

/// Operating system.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Os {
    /// `debian`.
    pub family: String,
    /// `12`, `13`.
    pub version: String,
}

/// The machine, by size.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Hardware {
    /// Virtual CPUs.
    pub cpu: u32,
    /// Memory in GiB.
    pub memory_gib: u32,
    /// The processor's; what the wished machine type has, else `x86_64`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub architecture: Option<Architecture>,
    /// The data disk.
    pub disk: Disk,
}

/// The data disk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disk {
    /// `ssd`.
    pub kind: String,
    /// Size in GiB.
    pub size_gib: u32,
    /// Operations a second that it must be able to do; what the disk comes with if not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iops: Option<u32>,
    /// MiB a second that it must be able to move; what the disk comes with if not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub throughput_mib_s: Option<u32>,
    /// Up to how many GiB it grows by itself when it fills up; not at all if not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grow_to_gib: Option<u32>,
}

/// A processor's architecture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Architecture {
    /// AMD and Intel, 64 bits.
    #[serde(rename = "x86_64")]
    X86_64,
    /// ARM, 64 bits.
    Arm64,
}

impl std::fmt::Display for Architecture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::X86_64 => "x86_64",
            Self::Arm64 => "arm64",
        })
    }
}

/// The database.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Db {
    /// `pg`.
    pub flavor: String,
    /// PostgreSQL's major version, as text.
    pub version: String,
    /// Name of the first database.
    pub name: String,
    /// What it is for; decides the settings.
    pub workload: Workload,
    /// How many clients may be connected at once.
    pub max_connections: u32,
    /// How many machines; one in this version.
    pub topology: Topology,
    /// Settings of PostgreSQL that the person decides: they win over the derived ones.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub settings: BTreeMap<String, String>,
}

/// What a database is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Workload {
    /// A web application: many short queries.
    Web,
    /// Transactions: many short writes.
    Oltp,
    /// A data warehouse: few long queries.
    Dw,
    /// Some of each.
    Mixed,
    /// One person's machine.
    Desktop,
}

impl std::fmt::Display for Workload {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Web => "web",
            Self::Oltp => "oltp",
            Self::Dw => "dw",
            Self::Mixed => "mixed",
            Self::Desktop => "desktop",
        })
    }
}

/// How many machines serve the database.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Topology {
    /// `single`.
    pub kind: String,
}

/// When the database is backed up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Backup {
    /// Five cron fields, UTC.
    pub schedule: String,
    /// Days that a backup is kept.
    pub retention_days: u32,
    /// How often a backup is restored as a test: `never`, `daily`, `weekly`, `monthly`.
    pub restore_test: String,
}

/// Who may connect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Network {
    /// IPv4 ranges that may connect; nobody else can.
    pub allow: Vec<Ipv4Net>,
    /// Which address the database is known by.
    pub endpoint: Endpoint,
    /// Says that `0.0.0.0/0` in `allow` is meant.
    pub public: bool,
}

/// Which address the database is known by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Endpoint {
    /// The instance's primary private address.
    Private,
    /// An address of its own on the internet.
    Public,
}

/// Wishes in AWS's own words.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AwsWishes {
    /// For example `m7i.large`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instance_type: Option<String>,
    /// An image id or name; looked up when deployed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ami: Option<String>,
    /// For example `subnet-0abc`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subnet: Option<String>,
}

/// What is wrong with one field, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldError {
    /// JSON pointer (RFC 6901) into what was sent.
    pub pointer: String,
    /// What is wrong and what is allowed.
    pub message: String,
}

impl FieldError {
    /// A field error in the words of the caller.
    pub fn new(pointer: impl Into<String>, message: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), message: message.into() }
    }
}
