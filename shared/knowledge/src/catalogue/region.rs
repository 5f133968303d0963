//! Which region of one cloud is nearest to that of another.

use serde::Deserialize;

/// The regions of the three clouds, side by side.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Regions {
    region: Vec<Region>,
    azure_without_zones: Vec<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Region {
    aws: String,
    azure: String,
    gcp: String,
}

impl Region {
    fn of(&self, provider: &str) -> Option<&str> {
        match provider {
            "aws" => Some(&self.aws),
            "azure" => Some(&self.azure),
            "gcp" => Some(&self.gcp),
            _ => None,
        }
    }
}

impl Regions {
    /// The region of `to` that is nearest to a region of `from` (each `aws`, `azure` or `gcp`); none if it isn't known. A region
    /// that is nearest to more than one goes back to the first by AWS's name.
    #[must_use]
    pub fn nearest(&self, from: &str, region: &str, to: &str) -> Option<&str> {
        self.region.iter().find(|row| row.of(from) == Some(region))?.of(to)
    }

    /// Every region of a provider that is known.
    pub fn names<'a>(&'a self, provider: &'a str) -> impl Iterator<Item = &'a str> {
        self.region.iter().filter_map(move |row| row.of(provider))
    }

    /// Whether a region of Azure is divided into zones.
    #[must_use]
    pub fn azure_has_zones(&self, region: &str) -> bool {
        !self.azure_without_zones.iter().any(|name| name == region)
    }
}
