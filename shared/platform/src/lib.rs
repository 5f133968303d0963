#![doc = include_str!("../README.md")]

pub mod identity;
#[cfg(feature = "objects")]
pub mod objects;
pub mod queue;
#[cfg(feature = "sockets")]
pub mod sockets;
