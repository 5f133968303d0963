//! The program of a single PostgreSQL, against a cloud in memory that fails when it is told to.
#![expect(clippy::unwrap_used, reason = "a test that can't go on should stop where it stands")]
#![expect(clippy::print_stdout, reason = "the number of faults tried belongs on the screen")]

mod changes;
mod deploy;
mod disk;
mod harness;
mod looks;
mod poison;
mod refused;
mod replaced;
mod tour;
mod window;
