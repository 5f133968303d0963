#![doc = include_str!("../README.md")]

pub mod id;
pub mod link;
pub mod plan;
pub mod pointer;
pub mod status;

pub use id::{AccountId, DeploymentId, EventId, PlanId, ResourceId, StrandId, Subject, UserId};
pub use link::{Errand, Link};
pub use status::Status;
