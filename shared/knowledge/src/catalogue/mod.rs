//! The catalogues in `layers/knowledge`, typed.

mod disk;
mod estimate;
mod machine;
mod money;
mod pick;
mod price;
mod region;
mod system;

pub use disk::{DiskChoice, Gp3, HyperdiskBalanced, PersistentDisk, PremiumSsdV2};
pub use estimate::{Estimate, EstimateInputs, Part};
pub use machine::{Machine, MachineFile};
pub use money::{HOURS_A_MONTH, Money};
pub use pick::{Machines, Need, NoFit, Pick, Unmet};
pub use price::{Gp3Prices, PriceFile, RegionPrices, STAND_IN, Tariff};
pub use region::Regions;
pub use system::{AwsImage, AzureImage, GcpImage, System, SystemImage};

use domain::plan::{Offer, OfferedMachine, OfferedOs};
use serde::Deserialize;

use crate::{Error, layer::Layer};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Systems {
    system: Vec<System>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Limits {
    disk_min_gib: u32,
    disk_max_gib: u32,
    root_volume_gib: u32,
    gp3: Gp3,
    premium_ssd_v2: PremiumSsdV2,
    hyperdisk_balanced: HyperdiskBalanced,
    persistent_disk: Vec<PersistentDisk>,
    burst: Vec<Burst>,
}

/// How a burstable machine type of EC2 earns CPU credits; one credit is a vCPU at full speed for a minute.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Burst {
    /// The part of the name after the dot, `medium`.
    pub size: String,
    /// What each vCPU may use for ever, percent.
    pub baseline_percent: u32,
    /// Credits earned in an hour.
    pub credits_per_hour: u32,
    /// The most it can save up.
    pub credits_max: u32,
}

/// What there is to choose from.
#[derive(Debug, Clone)]
pub struct Catalogue {
    systems: Vec<System>,
    aws: Machines,
    azure: Machines,
    gcp: Machines,
    regions: Regions,
    limits: Limits,
    version: String,
}

/// The files whose change is a change of what there is to choose from.
const FILES: [&str; 7] = [
    "aws-instance-types.json",
    "aws-prices.json",
    "azure-vm-sizes.json",
    "gcp-machine-types.json",
    "limits.toml",
    "regions.toml",
    "systems.toml",
];

impl Catalogue {
    pub(crate) fn read(layer: Layer<'_>) -> Result<Self, Error> {
        let unpriced = |provider, file| Ok(Machines { provider, file: MachineFile::read(layer, file)?, prices: None });
        Ok(Self {
            systems: layer.toml::<Systems>("systems.toml")?.system,
            aws: Machines {
                provider: "AWS",
                file: MachineFile::read(layer, "aws-instance-types.json")?,
                prices: Some(PriceFile::read(layer)?),
            },
            azure: unpriced("Azure", "azure-vm-sizes.json")?,
            gcp: unpriced("Google Cloud", "gcp-machine-types.json")?,
            regions: layer.toml("regions.toml")?,
            limits: layer.toml("limits.toml")?,
            version: layer.fingerprint(&FILES)?,
        })
    }

    /// Changes with what there is to choose from, so that what was derived from another catalogue can be told apart.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
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

    /// AWS's machine types, by name.
    #[must_use]
    pub fn machines(&self) -> &[Machine] {
        &self.aws.file.types
    }

    /// AWS's machine type of that name.
    #[must_use]
    pub fn machine(&self, name: &str) -> Option<&Machine> {
        self.aws.file.find(name)
    }

    /// The machine types and prices of `aws`, `azure` or `gcp`.
    #[must_use]
    pub fn machines_of(&self, provider: &str) -> Option<&Machines> {
        match provider {
            "aws" => Some(&self.aws),
            "azure" => Some(&self.azure),
            "gcp" => Some(&self.gcp),
            _ => None,
        }
    }

    /// AWS's machine types and prices.
    #[must_use]
    pub fn aws(&self) -> &Machines {
        &self.aws
    }

    /// Azure's VM sizes; their prices are unknown.
    #[must_use]
    pub fn azure(&self) -> &Machines {
        &self.azure
    }

    /// Compute Engine's machine types; their prices are unknown.
    #[must_use]
    pub fn gcp(&self) -> &Machines {
        &self.gcp
    }

    /// The clouds' regions, side by side.
    #[must_use]
    pub fn regions(&self) -> &Regions {
        &self.regions
    }

    /// AWS's cheapest machine type that has all of it: [`Machines::pick`].
    ///
    /// # Errors
    /// [`NoFit`] if none has.
    pub fn pick(&self, need: &Need) -> Result<Pick<'_>, NoFit> {
        self.aws.pick(need)
    }

    /// The speed of a gp3 volume of a machine: [`Gp3::choose`].
    #[must_use]
    pub fn disk(&self, size_gib: u32, iops: Option<u32>, throughput_mib_s: Option<u32>, machine: &Machine) -> DiskChoice {
        self.limits.gp3.choose(size_gib, iops, throughput_mib_s, machine)
    }

    /// The limits of a gp3 volume.
    #[must_use]
    pub fn gp3(&self) -> &Gp3 {
        &self.limits.gp3
    }

    /// The limits of Azure's Premium SSD v2.
    #[must_use]
    pub fn premium_ssd_v2(&self) -> &PremiumSsdV2 {
        &self.limits.premium_ssd_v2
    }

    /// The limits of Google Cloud's Hyperdisk Balanced.
    #[must_use]
    pub fn hyperdisk_balanced(&self) -> &HyperdiskBalanced {
        &self.limits.hyperdisk_balanced
    }

    /// Google Cloud's Persistent Disks, the cheapest first.
    #[must_use]
    pub fn persistent_disks(&self) -> &[PersistentDisk] {
        &self.limits.persistent_disk
    }

    /// The CPU credits of one of AWS's burstable machine types; none for the others.
    #[must_use]
    pub fn burst(&self, machine: &Machine) -> Option<&Burst> {
        let (_, size) = machine.name.split_once('.')?;
        self.limits.burst.iter().find(|burst| machine.burstable && burst.size == size)
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
            |m: &Machine| OfferedMachine { name: m.name.clone(), cpu: m.cpu, memory_gib: m.memory_gib(), architecture: m.architecture };
        Offer {
            systems: self.systems.iter().map(os).collect(),
            // A plan counts memory in whole GiB.
            machines: self.machines().iter().filter(|m| m.memory_gib() > 0).map(machine).collect(),
            disk_min_gib,
            disk_max_gib,
        }
    }
}
