//! The catalogues in `layers/knowledge`, read once.

use domain::plan::{Offer, OfferedMachine, OfferedOs};
use serde::Deserialize;
use std::sync::LazyLock;

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

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Limits {
    disk_min_gib: u32,
    disk_max_gib: u32,
    root_volume_gib: u32,
}

macro_rules! layer {
    ($name:literal) => {
        toml::from_str(include_str!(concat!("../../../layers/knowledge/", $name)))
            .expect("the catalogue is part of the build; a test reads it")
    };
}

static SYSTEMS: LazyLock<Systems> = LazyLock::new(|| layer!("systems.toml"));
static MACHINES: LazyLock<Machines> = LazyLock::new(|| layer!("instance-types.toml"));
static LIMITS: LazyLock<Limits> = LazyLock::new(|| layer!("limits.toml"));

/// Operating systems, newest first.
#[must_use]
pub fn systems() -> &'static [System] {
    &SYSTEMS.system
}

/// The system of that family and version.
#[must_use]
pub fn system(family: &str, version: &str) -> Option<&'static System> {
    systems().iter().find(|system| system.family == family && system.version == version)
}

/// Machine types.
#[must_use]
pub fn machines() -> &'static [Machine] {
    &MACHINES.machine
}

/// The machine type of that name.
#[must_use]
pub fn machine(name: &str) -> Option<&'static Machine> {
    machines().iter().find(|machine| machine.name == name)
}

/// The smallest machine that has both: least memory, then fewest CPUs, then first in the catalogue. Burstable types only up to
/// 4 GiB: beyond that a database is busy enough to run out of their CPU credits.
#[must_use]
pub fn pick_machine(cpu: u32, memory_gib: u32) -> Option<&'static Machine> {
    machines()
        .iter()
        .filter(|machine| machine.cpu >= cpu && machine.memory_gib >= memory_gib && (!machine.burstable() || machine.memory_gib <= 4))
        .min_by_key(|machine| (machine.memory_gib, machine.cpu))
}

/// Smallest and largest data disk, GiB.
#[must_use]
pub fn disk_limits() -> (u32, u32) {
    (LIMITS.disk_min_gib, LIMITS.disk_max_gib)
}

/// Size of a machine's root volume, GiB.
#[must_use]
pub fn root_volume_gib() -> u32 {
    LIMITS.root_volume_gib
}

/// The catalogue in the words that a plan's check needs.
#[must_use]
pub fn offer() -> Offer {
    let (disk_min_gib, disk_max_gib) = disk_limits();
    let os = |s: &System| OfferedOs { family: s.family.clone(), version: s.version.clone(), postgres: s.postgres.clone() };
    let machine = |m: &Machine| OfferedMachine { name: m.name.clone(), cpu: m.cpu, memory_gib: m.memory_gib };
    Offer { systems: systems().iter().map(os).collect(), machines: machines().iter().map(machine).collect(), disk_min_gib, disk_max_gib }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_catalogues_can_be_read_and_fit_together() {
        let offer = offer();
        assert!(offer.systems.len() >= 2 && offer.machines.len() >= 20);
        assert!(root_volume_gib() >= 8 && offer.disk_min_gib < offer.disk_max_gib);
    }

    #[test]
    fn the_pick_is_the_smallest_that_fits() {
        let name = |cpu, memory| pick_machine(cpu, memory).map(|machine| machine.name.as_str());
        assert_eq!(name(1, 1), Some("t3.small"));
        assert_eq!(name(2, 4), Some("t3.medium"));
        assert_eq!(name(2, 8), Some("m6i.large"));
        assert_eq!(name(4, 30), Some("r7i.xlarge"));
        assert_eq!(name(3, 4), Some("c7i.xlarge"));
        assert_eq!(name(64, 4), None);
    }
}
