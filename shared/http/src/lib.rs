#![doc = include_str!("../README.md")]

mod error;
pub mod log;
mod request;
mod response;
mod serve;
pub mod view;

pub use error::{Error, Problem};
pub use request::Request;
pub use response::Response;
pub use serve::{finish, serve};
