//! The reconciler on a real PostgreSQL, with an account in memory.
#![expect(clippy::print_stdout, reason = "the count of what was tried belongs on the screen")]
#![expect(clippy::unwrap_used, reason = "a test that can't go on should stop where it stands")]

mod faults;
mod found;
mod kept;
mod world;
