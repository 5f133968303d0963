#![doc = include_str!("../README.md")]

mod error;
mod event;
pub mod fields;
mod gate;
pub mod log;
mod once;
mod plan;
pub mod refresh_cookie;
mod request;
mod response;
mod serve;
pub mod socket;
pub mod view;

pub use error::{Error, Problem};
pub use gate::Gate;
pub use plan::{deployable, placed, read_plan};
pub use request::Request;
pub use response::Response;
pub use serve::{finish, serve};
