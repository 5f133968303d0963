#![doc = include_str!("../README.md")]

pub mod id;
pub mod plan;
pub mod pointer;
pub mod status;

pub use id::{AccountId, DeploymentId, EventId, PlanId, ResourceId, StrandId, Subject, UserId};
pub use status::Status;
