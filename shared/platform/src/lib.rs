#![doc = include_str!("../README.md")]

pub mod identity;
#[cfg(feature = "objects")]
pub mod objects;
pub mod queue;
