//! Machine types, in the same words for every cloud.

use domain::plan::Architecture;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroU32;

use crate::Error;
use crate::layer::{Layer, json};

/// A machine type. The file holds one a line, as an array in the order of these fields.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Machine {
    /// For example `m7i.large`.
    pub name: String,
    /// Virtual CPUs.
    #[serde(with = "positive")]
    pub cpu: u32,
    /// Memory, MiB.
    #[serde(with = "positive")]
    pub memory_mib: u32,
    /// Instruction set.
    pub architecture: Architecture,
    /// Shares its cores and lives on CPU credits.
    pub burstable: bool,
    /// Network that is always there, Mbit/s; none where the provider publishes no figure.
    pub network_mbit_s: Option<u32>,
    /// Network at its best, Mbit/s.
    pub network_peak_mbit_s: Option<u32>,
    /// What all its network disks together always get, kB/s (1000 bytes).
    pub disk_kb_s: Option<u32>,
    /// The same for a while, kB/s.
    pub disk_peak_kb_s: Option<u32>,
    /// Operations a second that all its network disks together always get.
    pub disk_iops: Option<u32>,
    /// The same for a while.
    pub disk_peak_iops: Option<u32>,
    /// Local disks; they are lost when it stops.
    pub local_disks: u32,
    /// Size of each local disk, GB.
    pub local_disk_gb: u32,
}

mod positive {
    use super::{Deserialize, NonZeroU32};
    use serde::{Deserializer, Serializer};

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<u32, D::Error> {
        NonZeroU32::deserialize(from).map(NonZeroU32::get)
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
    pub fn serialize<S: Serializer>(value: &u32, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_u32(*value)
    }
}

impl Machine {
    /// Memory in whole GiB, rounded down.
    #[must_use]
    pub fn memory_gib(&self) -> u32 {
        self.memory_mib / 1024
    }

    /// What its disks always get together, in whole MiB/s, rounded down.
    #[must_use]
    pub fn disk_mib_s(&self) -> Option<u32> {
        self.disk_kb_s.map(|kilobytes| u32::try_from(u64::from(kilobytes) * 1000 / 1_048_576).unwrap_or(u32::MAX))
    }

    /// The part of the name before the size: `m7i` of `m7i.large`.
    #[must_use]
    pub fn family(&self) -> &str {
        self.name.split_once('.').map_or(self.name.as_str(), |(family, _)| family)
    }

    /// Its line of the file: the fields in their order.
    fn row(&self) -> String {
        serde_json::json!([
            self.name,
            self.cpu,
            self.memory_mib,
            self.architecture,
            self.burstable,
            self.network_mbit_s,
            self.network_peak_mbit_s,
            self.disk_kb_s,
            self.disk_peak_kb_s,
            self.disk_iops,
            self.disk_peak_iops,
            self.local_disks,
            self.local_disk_gb
        ])
        .to_string()
    }

    /// From small to large, then by name: how machines without prices are ordered.
    pub(super) fn size(&self) -> (u32, u32, &str) {
        (self.memory_mib, self.cpu, &self.name)
    }
}

/// One provider's file of machine types.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MachineFile {
    /// When the numbers were read, `2026-10-27`.
    pub date: jiff::civil::Date,
    /// Where they come from.
    pub source: String,
    /// The types, ordered by name.
    pub types: Vec<Machine>,
    /// What each region offers: a family, or a type by its whole name. A region that is not here offers all.
    #[serde(default)]
    pub regions: BTreeMap<String, BTreeSet<String>>,
}

impl MachineFile {
    pub(super) fn read(layer: Layer<'_>, file: &'static str) -> Result<Self, Error> {
        Self::parse(file, &layer.text(file)?)
    }

    /// Reads the file's text; its name is only for the error.
    ///
    /// # Errors
    /// What is wrong, with its line.
    pub fn parse(file: &'static str, text: &str) -> Result<Self, Error> {
        let read: Self = json(file, text)?;
        match read.types.windows(2).find(|pair| pair[0].name >= pair[1].name) {
            None => Ok(read),
            Some(pair) => {
                let at = text.rfind(&format!("[\"{}\",", pair[1].name)).unwrap_or(0);
                let message = format!("`{}` must stand once, in the order of names, and follows `{}`", pair[1].name, pair[0].name);
                Err(Error::broken(file, text, at, message))
            }
        }
    }

    /// The file's text: a type and a region a line, so that a change can be read.
    #[must_use]
    pub fn to_text(&self) -> String {
        let rows: Vec<String> = self.types.iter().map(Machine::row).collect();
        let regions: Vec<String> =
            self.regions.iter().map(|(region, names)| format!("{}:{}", serde_json::json!(region), serde_json::json!(names))).collect();
        let (date, source) = (serde_json::json!(self.date), serde_json::json!(self.source));
        format!(
            "{{\"date\":{date},\n\"source\":{source},\n\"types\":[\n{}\n],\n\"regions\":{{\n{}\n}}}}\n",
            rows.join(",\n"),
            regions.join(",\n")
        )
    }

    /// Takes over what a region offers now: its types replace those of the same name, and types of other regions stay.
    pub fn update(&mut self, region: &str, offered: Vec<Machine>) {
        let names: BTreeSet<String> = offered.iter().map(|machine| machine.name.clone()).collect();
        self.types.retain(|machine| !names.contains(&machine.name));
        self.types.extend(offered);
        self.types.sort_by(|a, b| a.name.cmp(&b.name));
        let mut entries = BTreeSet::new();
        for family in self.types.chunk_by(|a, b| a.family() == b.family()) {
            let here = family.iter().filter(|machine| names.contains(&machine.name));
            if here.clone().count() == family.len() {
                entries.insert(family[0].family().to_owned());
            } else {
                entries.extend(here.map(|machine| machine.name.clone()));
            }
        }
        self.regions.insert(region.to_owned(), entries);
    }

    /// The type of that name.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&Machine> {
        self.types.binary_search_by(|machine| machine.name.as_str().cmp(name)).ok().map(|index| &self.types[index])
    }

    /// Whether a region has a type. A region nobody has listed is taken to have all.
    #[must_use]
    pub fn offers(&self, region: &str, machine: &Machine) -> bool {
        self.regions.get(region).is_none_or(|names| names.contains(machine.family()) || names.contains(&machine.name))
    }
}
