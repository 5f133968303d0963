//! The built command against a small service on this machine, which demands what the real one does.
#![expect(clippy::unwrap_used, reason = "a test that can't go on should stop where it stands")]

mod account;
mod admin;
mod aws;
mod catalogue;
mod edit;
mod events;
mod exits;
mod export;
mod home;
mod lists;
mod retry;
mod server;
mod session;
mod terminal;
mod transform;
mod tune;
