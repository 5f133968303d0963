#![doc = include_str!("../README.md")]

pub mod aws;
mod document;

pub use document::{Configuration, Document, Resource};
