#![doc = include_str!("../README.md")]

mod catalogue;
mod settings;

pub use catalogue::{Machine, System, disk_limits, machine, machines, offer, pick_machine, root_volume_gib, system, systems};
pub use settings::{Inputs, Setting, render, settings};
