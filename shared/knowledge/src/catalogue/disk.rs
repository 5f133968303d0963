//! What a data disk can do: of gp3 no less than it gives for nothing, no more than its machine can use; the limits of the others.

use super::Machine;
use serde::Deserialize;

/// The limits of a gp3 volume.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gp3 {
    /// IOPS that the price of the storage includes.
    pub iops_included: u32,
    /// The most IOPS a volume takes.
    pub iops_max: u32,
    /// The most IOPS for each GiB.
    pub iops_per_gib_max: u32,
    /// MiB/s that the price of the storage includes.
    pub mib_s_included: u32,
    /// The most MiB/s a volume takes.
    pub mib_s_max: u32,
    /// IOPS that each MiB/s needs.
    pub iops_per_mib_s: u32,
}

/// The limits of Azure's Premium SSD v2. MB are 1 000 000 bytes.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PremiumSsdV2 {
    /// IOPS that the price of the storage includes.
    pub iops_included: u32,
    /// MB/s that the price of the storage includes.
    pub mb_s_included: u32,
    /// The most IOPS for each GiB.
    pub iops_per_gib_max: u32,
    /// IOPS that each MB/s needs.
    pub iops_per_mb_s: u32,
}

/// The limits of Google Cloud's Hyperdisk Balanced.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HyperdiskBalanced {
    /// IOPS that the price of the storage includes.
    pub iops_included: u32,
    /// MiB/s that the price of the storage includes.
    pub mib_s_included: u32,
    /// The most IOPS for each GiB.
    pub iops_per_gib_max: u32,
    /// IOPS that each MiB/s needs.
    pub iops_per_mib_s: u32,
    /// The machine series that take it, such as `c4`.
    pub series: Vec<String>,
}

/// A Persistent Disk of Google Cloud's, whose speed grows with its size.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PersistentDisk {
    /// `pd-balanced`.
    pub name: String,
    /// IOPS of every disk.
    pub iops: u32,
    /// IOPS that each GiB adds.
    pub iops_per_gib: u32,
    /// MiB/s of every disk.
    pub mib_s: u32,
    /// MiB/s that each 100 GiB add.
    pub mib_s_per_100_gib: u32,
}

impl PersistentDisk {
    /// The smallest size, GiB, that does as much.
    #[must_use]
    pub fn size_for(&self, iops: u32, mib_s: u32) -> u32 {
        let by_iops = iops.saturating_sub(self.iops).div_ceil(self.iops_per_gib.max(1));
        let by_throughput = (mib_s.saturating_sub(self.mib_s) * 100).div_ceil(self.mib_s_per_100_gib.max(1));
        by_iops.max(by_throughput)
    }
}

/// How fast a volume is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiskChoice {
    /// Operations a second.
    pub iops: u32,
    /// MiB/s.
    pub throughput_mib_s: u32,
    /// Why, a sentence for each of the two.
    pub reasons: [String; 2],
}

/// A number with what bounds it.
struct Bounded {
    unit: &'static str,
    wish: Option<u32>,
    included: u32,
    most: u32,
    /// What the machine always gets.
    machine: Option<u32>,
}

impl Bounded {
    fn settle(&self, machine: &Machine) -> (u32, String) {
        let Self { unit, included, most, .. } = *self;
        let name = &machine.name;
        let Some(wish) = self.wish else {
            let note = match self.machine {
                Some(can) if can < included => format!("; {name} itself sustains {can} {unit}, and more for a while"),
                _ => String::new(),
            };
            return (included, format!("{included} {unit}: what gp3 includes, as the plan asks for none{note}"));
        };
        let allowed = wish.min(most);
        let useful = self.machine.map_or(allowed, |can| allowed.min(can));
        let value = useful.max(included);
        let why = if value == wish {
            "as the plan asks".to_owned()
        } else if value == included && wish <= included {
            format!("what gp3 includes; the plan asks for {wish}")
        } else if value == included {
            format!("what gp3 includes; the plan asks for {wish}, and {name} sustains {}", self.machine.unwrap_or(most))
        } else if useful < allowed {
            format!("the plan asks for {wish}, and {name} sustains no more")
        } else {
            format!("the plan asks for {wish}, and a volume of this size takes no more")
        };
        (value, format!("{value} {unit}: {why}"))
    }
}

impl Gp3 {
    /// A volume's speed: what is wished, at least what gp3 includes, at most what gp3 allows for the size and what the machine
    /// always gets (its EBS baseline; the rest would be paid for and not used).
    #[must_use]
    pub fn choose(&self, size_gib: u32, iops: Option<u32>, throughput_mib_s: Option<u32>, machine: &Machine) -> DiskChoice {
        let by_size = size_gib.saturating_mul(self.iops_per_gib_max).clamp(self.iops_included, self.iops_max);
        let throughput = Bounded {
            unit: "MiB/s",
            wish: throughput_mib_s,
            included: self.mib_s_included,
            most: self.mib_s_max.min(by_size / self.iops_per_mib_s),
            machine: machine.disk_mib_s(),
        };
        let (throughput_mib_s, throughput_reason) = throughput.settle(machine);
        let operations = Bounded { unit: "IOPS", wish: iops, included: self.iops_included, most: by_size, machine: machine.disk_iops };
        let (iops, iops_reason) = operations.settle(machine);
        let needed = throughput_mib_s * self.iops_per_mib_s;
        let (iops, iops_reason) = if iops < needed {
            (needed, format!("{needed} IOPS: gp3 needs {} for each of {throughput_mib_s} MiB/s", self.iops_per_mib_s))
        } else {
            (iops, iops_reason)
        };
        DiskChoice { iops, throughput_mib_s, reasons: [iops_reason, throughput_reason] }
    }
}
