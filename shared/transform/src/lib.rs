#![doc = include_str!("../README.md")]

pub mod aws;
pub mod azure;
mod bootstrap;
mod changes;
mod document;
mod elsewhere;
pub mod gcp;
mod preview;
pub mod terraform;
mod warnings;

pub use changes::{Changed, Changes, Field, How, SettingChange, Touched, compare};
pub use document::{Configuration, Document, Resource};
pub use preview::{Added, Preview, preview, running, same_account};
pub use warnings::Warning;
