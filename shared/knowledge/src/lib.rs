#![doc = include_str!("../README.md")]

mod catalogue;
mod error;
mod layer;
mod pgtune;
mod rules;
mod settings;

pub use catalogue::{
    AwsImage, AzureImage, Burst, Catalogue, DiskChoice, Estimate, EstimateInputs, GcpImage, Gp3, Gp3Prices, HOURS_A_MONTH,
    HyperdiskBalanced, Machine, MachineFile, Machines, Money, Need, NoFit, Part, PersistentDisk, Pick, PremiumSsdV2, PriceFile,
    RegionPrices, Regions, STAND_IN, System, SystemImage, Tariff, Unmet,
};
pub use error::{Error, Refused};
pub use pgtune::{Pgtune, PgtuneInputs};
pub use settings::{Configuration, Disk, Inputs, Setting, Tuning, render};

use layer::Layer;
use std::path::Path;

/// All of the knowledge layer, read and checked once.
#[derive(Debug, Clone)]
pub struct Knowledge {
    /// What there is to choose from.
    pub catalogue: Catalogue,
    /// pgtune's rules.
    pub pgtune: Pgtune,
    /// Cloudsail's own rules.
    pub tuning: Tuning,
}

impl Knowledge {
    /// Reads the layer from a folder: in a function `/opt/cloudsail/knowledge`.
    ///
    /// # Errors
    /// The first file that can't be used, with its line.
    pub fn read(folder: &Path) -> Result<Self, Error> {
        Self::of(Layer::Folder(folder))
    }

    /// The layer as it was when this was built.
    #[cfg(feature = "built-in")]
    #[must_use]
    pub fn built_in() -> &'static Self {
        static BUILT_IN: std::sync::LazyLock<Knowledge> =
            std::sync::LazyLock::new(|| Knowledge::of(Layer::BuiltIn).expect("the layer is part of the build; a test reads it"));
        &BUILT_IN
    }

    fn of(layer: Layer<'_>) -> Result<Self, Error> {
        Ok(Self { catalogue: Catalogue::read(layer)?, pgtune: Pgtune::read(layer)?, tuning: Tuning::read(layer)? })
    }
}
