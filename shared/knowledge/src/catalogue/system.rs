//! Operating systems and where each cloud has their images.

use domain::plan::Architecture;
use serde::Deserialize;

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
    /// Its images, one for each architecture.
    #[serde(rename = "image")]
    pub images: Vec<SystemImage>,
}

/// The images of one architecture.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SystemImage {
    /// What it runs on.
    pub architecture: Architecture,
    /// In EC2.
    pub aws: AwsImage,
    /// In Azure's marketplace.
    pub azure: AzureImage,
    /// In Compute Engine.
    pub gcp: GcpImage,
}

/// An AMI by who publishes it and what it is called; the newest match counts.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AwsImage {
    /// The publisher's account.
    pub owner: String,
    /// Pattern of its name.
    pub name: String,
}

/// A marketplace image; its version is `latest`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AzureImage {
    /// For example `Debian`.
    pub publisher: String,
    /// For example `debian-13`.
    pub offer: String,
    /// For example `13-gen2`.
    pub sku: String,
}

/// An image family; its newest image counts.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GcpImage {
    /// For example `debian-cloud`.
    pub project: String,
    /// For example `debian-13`.
    pub family: String,
}

impl System {
    /// Its image for that architecture.
    #[must_use]
    pub fn image(&self, architecture: Architecture) -> Option<&SystemImage> {
        self.images.iter().find(|image| image.architecture == architecture)
    }
}
