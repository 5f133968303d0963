//! What a person may send: both forms, with everything optional that has a default.

use super::{Architecture, AwsWishes, Endpoint, Topology, Workload};
use crate::AccountId;
use serde::de::value::MapAccessDeserializer;
use serde::de::{self, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

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

/// `linux`, or a family and its version.
pub(super) type OsInput = WordOr<OsExact>;

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
    pub architecture: Option<Architecture>,
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
    pub iops: Option<u32>,
    pub throughput_mib_s: Option<u32>,
    pub grow_to_gib: Option<u32>,
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
    #[serde(default)]
    pub settings: BTreeMap<String, String>,
    pub backup: Option<BackupInput>,
}

/// `needed`, `none`, or the schedule.
pub(super) type BackupInput = WordOr<BackupExact>;

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

/// A word, or an object that says it in full. Not an `untagged` enum, which would lose the place of a mistake in the object.
pub(super) enum WordOr<T> {
    Word(String),
    Exact(T),
}

/// What stands in the error for anything else.
pub(super) trait Forms {
    const EXPECTED: &'static str;
}

impl Forms for OsExact {
    const EXPECTED: &'static str = "\"linux\" or {\"family\":\"debian\",\"version\":\"13\"}";
}

impl Forms for BackupExact {
    const EXPECTED: &'static str = "\"needed\", \"none\" or {\"schedule\":\"0 3 * * *\",\"retention_days\":14,\"restore_test\":\"weekly\"}";
}

impl<'de, T: Deserialize<'de> + Forms> Deserialize<'de> for WordOr<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de> + Forms> Visitor<'de> for Either<T> {
            type Value = WordOr<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(T::EXPECTED)
            }

            fn visit_str<E: de::Error>(self, word: &str) -> Result<Self::Value, E> {
                Ok(WordOr::Word(word.to_owned()))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map)).map(WordOr::Exact)
            }
        }
        deserializer.deserialize_any(Either(PhantomData))
    }
}
