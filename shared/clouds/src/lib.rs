#![doc = include_str!("../README.md")]

pub mod access;
pub mod aws;
mod cloud;
mod error;
pub mod memory;
mod secret;
mod specs;

pub use cloud::Cloud;
pub use error::{ApiError, Error, Result};
pub use secret::Secret;
pub use specs::{
    CommandResult, Found, FoundKind, Identity, Image, ImageQuery, Instance, InstanceSpec, InstanceState, MissingPermission, Role, RoleSpec,
    SecretSpec, SecurityGroupSpec, Subnet, TAG_CLIENT_TOKEN, TAG_DEPLOYMENT, TAG_RETAINED, TAG_RETAINED_UNTIL, Tags, Vcpus, Volume,
    VolumeShape, VolumeSpec, VolumeState,
};
