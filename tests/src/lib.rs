#![doc = include_str!("../README.md")]

pub mod canaries;
pub mod openapi;
pub mod routes;
pub mod statement_log;
pub mod user_pool;
