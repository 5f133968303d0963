#![doc = include_str!("../README.md")]

pub mod access;
pub mod aws;
mod cloud;
mod error;
mod inventory;
pub mod memory;
mod remedy;
mod secret;
mod specs;

pub use cloud::Cloud;
pub use error::{ApiError, Error, Result};
pub use inventory::Inventory;
pub use secret::Secret;
pub use specs::{
    CommandResult, Found, FoundKind, Identity, Image, ImageQuery, Instance, InstanceSpec, InstanceState, MissingPermission, NAME_PREFIX,
    Role, RoleSpec, SECRET_PREFIX, SecretSpec, SecurityGroupSpec, Size, Storage, Subnet, TAG_CLIENT_TOKEN, TAG_DEPLOYMENT, TAG_RETAINED,
    TAG_RETAINED_UNTIL, Tags, Vcpus, Volume, VolumeShape, VolumeSpec, VolumeState,
};
