//! What a person may send: both forms, with everything optional that has a default.

use super::{AwsWishes, Endpoint, Topology, Workload};
use crate::AccountId;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FullInput {
    pub schema: String,
    pub name: Option<String>,
    pub cloud: Option<CloudInput>,
    pub components: Vec<ComponentInput>,
    #[serde(default)]
    pub links: Vec<serde_json::Value>,
}

/// The seed's short body: one component without the frame around it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ShortInput {
    pub name: Option<String>,
    pub cloud: Option<CloudInput>,
    pub os: OsInput,
    pub hardware: HardwareInput,
    pub db: DbInput,
    pub network: Option<NetworkInput>,
    pub protect: Option<bool>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct CloudInput {
    pub provider: Option<String>,
    pub account: Option<AccountId>,
    pub region: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ComponentInput {
    pub id: Option<String>,
    pub kind: String,
    pub os: Option<OsInput>,
    pub hardware: Option<HardwareInput>,
    pub db: Option<DbInput>,
    pub backup: Option<BackupInput>,
    pub network: Option<NetworkInput>,
    pub protect: Option<bool>,
    pub aws: Option<AwsWishes>,
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "expected \"linux\" or {\"family\":\"debian\",\"version\":\"13\"}")]
pub(super) enum OsInput {
    Name(String),
    Exact(OsExact),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OsExact {
    pub family: String,
    pub version: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct HardwareInput {
    pub cpu: Option<u32>,
    pub memory_gib: Option<u32>,
    pub disk: Option<DiskInput>,
    pub instance_type: Option<String>,
    pub storage: Option<String>,
    pub ami: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct DiskInput {
    pub kind: Option<String>,
    pub size_gib: Option<u32>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct DbInput {
    pub flavor: Option<String>,
    pub version: Option<String>,
    pub name: Option<String>,
    pub workload: Option<Workload>,
    pub max_connections: Option<u32>,
    pub topology: Option<Topology>,
    pub backup: Option<BackupInput>,
}

#[derive(Deserialize)]
#[serde(
    untagged,
    expecting = "expected \"needed\", \"none\" or {\"schedule\":\"0 3 * * *\",\"retention_days\":14,\"restore_test\":\"weekly\"}"
)]
pub(super) enum BackupInput {
    Word(String),
    Exact(BackupExact),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BackupExact {
    pub schedule: Option<String>,
    pub retention_days: Option<u32>,
    pub restore_test: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct NetworkInput {
    #[serde(default)]
    pub allow: Vec<String>,
    pub endpoint: Option<Endpoint>,
    pub public: Option<bool>,
}
