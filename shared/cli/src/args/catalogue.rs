//! What can be asked of the catalogue.

use clap::Args;
use knowledge::{Catalogue, Machines};
use std::path::PathBuf;

/// Whose API `catalogue refresh` can read.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Refreshable {
    Aws,
}

#[derive(Args)]
pub struct CatalogueNeed {
    #[arg(long, value_enum, default_value_t = Provider::Aws)]
    pub provider: Provider,
    /// Virtual CPUs.
    #[arg(long, default_value_t = 1)]
    pub cpu: u32,
    /// Memory, GiB.
    #[arg(long, default_value_t = 1)]
    pub memory: u32,
    /// Operations a second that its disks always get.
    #[arg(long)]
    pub iops: Option<u32>,
    /// MiB/s that its disks always get.
    #[arg(long)]
    pub throughput: Option<u32>,
    /// Instruction set; x86_64 where it is not said.
    #[arg(long, value_enum)]
    pub architecture: Option<Architecture>,
    /// Where it is to run; on AWS us-east-1 where it is not said.
    #[arg(long)]
    pub region: Option<String>,
    /// How many to show.
    #[arg(long, default_value_t = 10)]
    pub limit: usize,
    /// A knowledge layer's folder to read instead of what this build knows.
    #[arg(long)]
    pub layer: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Provider {
    Aws,
    Azure,
    Gcp,
}

impl Provider {
    pub fn of(self, catalogue: &Catalogue) -> &Machines {
        match self {
            Self::Aws => catalogue.aws(),
            Self::Azure => catalogue.azure(),
            Self::Gcp => catalogue.gcp(),
        }
    }

    /// Shown where nobody names a region.
    pub fn usual_region(self) -> &'static str {
        match self {
            Self::Aws => knowledge::STAND_IN,
            Self::Azure => "eastus",
            Self::Gcp => "us-central1",
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Architecture {
    #[value(name = "x86_64")]
    X86,
    Arm64,
}

impl From<Architecture> for domain::plan::Architecture {
    fn from(architecture: Architecture) -> Self {
        match architecture {
            Architecture::X86 => Self::X86_64,
            Architecture::Arm64 => Self::Arm64,
        }
    }
}
