//! The catalogues in `layers/knowledge`, typed.

use domain::plan::{Architecture, Offer, OfferedMachine, OfferedOs};
use serde::Deserialize;

use crate::{Error, layer::Layer};

/// An operating system.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct System {
    /// `debian`.
    pub family: String,
    /// `13`.
    pub version: String,
    /// Major versions in its archive, newest first.
    pub postgres: Vec<String>,
    /// Pattern of its image's name.
    pub image: String,
    /// The account that publishes the image.
    pub owner: String,
}

/// A machine type.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Machine {
    /// For example `m7i.large`.
    pub name: String,
    /// Virtual CPUs.
    pub cpu: u32,
    /// Memory, GiB.
    pub memory_gib: u32,
    /// Where the numbers come from.
    pub source: String,
}

impl Machine {
    fn burstable(&self) -> bool {
        self.name.starts_with('t')
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Systems {
    system: Vec<System>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Machines {
    machine: Vec<Machine>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Limits {
    disk_min_gib: u32,
    disk_max_gib: u32,
    root_volume_gib: u32,
}

/// What there is to choose from.
#[derive(Debug, Clone)]
pub struct Catalogue {
    systems: Vec<System>,
    machines: Vec<Machine>,
    limits: Limits,
}

impl Catalogue {
    pub(crate) fn read(layer: Layer<'_>) -> Result<Self, Error> {
        Ok(Self {
            systems: layer.toml::<Systems>("systems.toml")?.system,
            machines: layer.toml::<Machines>("instance-types.toml")?.machine,
            limits: layer.toml("limits.toml")?,
        })
    }

    /// Operating systems, newest first.
    #[must_use]
    pub fn systems(&self) -> &[System] {
        &self.systems
    }

    /// The system of that family and version.
    #[must_use]
    pub fn system(&self, family: &str, version: &str) -> Option<&System> {
        self.systems.iter().find(|system| system.family == family && system.version == version)
    }

    /// Machine types.
    #[must_use]
    pub fn machines(&self) -> &[Machine] {
        &self.machines
    }

    /// The machine type of that name.
    #[must_use]
    pub fn machine(&self, name: &str) -> Option<&Machine> {
        self.machines.iter().find(|machine| machine.name == name)
    }

    /// The smallest machine that has both: least memory, then fewest CPUs, then first in the catalogue. Burstable types only up
    /// to 4 GiB: beyond that a database is busy enough to run out of their CPU credits.
    #[must_use]
    pub fn pick_machine(&self, cpu: u32, memory_gib: u32) -> Option<&Machine> {
        self.machines
            .iter()
            .filter(|machine| machine.cpu >= cpu && machine.memory_gib >= memory_gib && (!machine.burstable() || machine.memory_gib <= 4))
            .min_by_key(|machine| (machine.memory_gib, machine.cpu))
    }

    /// Smallest and largest data disk, GiB.
    #[must_use]
    pub fn disk_limits(&self) -> (u32, u32) {
        (self.limits.disk_min_gib, self.limits.disk_max_gib)
    }

    /// Size of a machine's root volume, GiB.
    #[must_use]
    pub fn root_volume_gib(&self) -> u32 {
        self.limits.root_volume_gib
    }

    /// The catalogue in the words that a plan's check needs.
    #[must_use]
    pub fn offer(&self) -> Offer {
        let (disk_min_gib, disk_max_gib) = self.disk_limits();
        let os = |s: &System| OfferedOs { family: s.family.clone(), version: s.version.clone(), postgres: s.postgres.clone() };
        let machine =
            |m: &Machine| OfferedMachine { name: m.name.clone(), cpu: m.cpu, memory_gib: m.memory_gib, architecture: Architecture::X86_64 };
        Offer {
            systems: self.systems.iter().map(os).collect(),
            machines: self.machines.iter().map(machine).collect(),
            disk_min_gib,
            disk_max_gib,
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_catalogues_can_be_read_and_fit_together() {
        let catalogue = &crate::Knowledge::built_in().catalogue;
        let offer = catalogue.offer();
        assert!(offer.systems.len() >= 2 && offer.machines.len() >= 20);
        assert!(catalogue.root_volume_gib() >= 8 && offer.disk_min_gib < offer.disk_max_gib);
    }

    #[test]
    fn the_pick_is_the_smallest_that_fits() {
        let name = |cpu, memory| crate::Knowledge::built_in().catalogue.pick_machine(cpu, memory).map(|machine| machine.name.as_str());
        assert_eq!(name(1, 1), Some("t3.small"));
        assert_eq!(name(2, 4), Some("t3.medium"));
        assert_eq!(name(2, 8), Some("m6i.large"));
        assert_eq!(name(4, 30), Some("r7i.xlarge"));
        assert_eq!(name(3, 4), Some("c7i.xlarge"));
        assert_eq!(name(64, 4), None);
    }
}
