#![doc = include_str!("../README.md")]

mod accounts;
mod audit;
mod calls;
mod connection;
mod deployments;
mod destroying;
mod error;
mod idempotency;
mod leases;
mod ledger;
mod live;
mod migrations;
mod outbox;
mod people;
mod plans;
mod reconciliation;
mod strands;
mod token;

pub use accounts::{Account, NewAccount};
pub use audit::{AuditLine, Deed, NoPlace, Place};
pub use connection::Store;
pub use deployments::{Connection, Deployed, Deployment, Destroying, Event, Running};
pub use error::Error;
pub use idempotency::Begun;
pub use leases::{Lease, Leased, Terms};
pub use ledger::{NewResource, Resource};
pub use live::{News, Since};
pub use migrations::migrate;
pub use outbox::{JOBS, OutboxMessage};
pub use plans::PlanRow;
pub use reconciliation::{Finding, Known, Reconciliation};
pub use strands::{Change, Fulfilled, NewEvent, Outcome, Stored, Target, Then, Wish};
pub use token::authentication_token;

/// What every function of this crate answers.
pub type Result<T> = std::result::Result<T, Error>;
