#![doc = include_str!("../README.md")]

pub mod identity;
#[cfg(feature = "objects")]
pub mod objects;
#[cfg(feature = "page")]
pub mod page;
pub mod queue;
#[cfg(feature = "sockets")]
pub mod sockets;
