//! The program of a single PostgreSQL, with the adapter it has in production, over HTTP against an AWS emulator that fails when it is told
//! to: ./scripts/test chaos
#![expect(clippy::unwrap_used, reason = "a test that can't go on should stop where it stands")]
#![expect(clippy::print_stdout, reason = "the number of faults tried belongs on the screen")]

mod capacity;
mod every;
mod lanes;
mod random;
mod unseen;
mod world;
