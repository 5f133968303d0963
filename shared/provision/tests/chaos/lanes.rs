//! Many runs, side by side: each lane has an emulator and a database of its own, so that no run sees another.

use crate::world::Ground;
use emulator::Emulator;
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::time::Instant;
use testkit::Database;
use tokio::runtime::{Builder, Runtime};

/// So many failures say enough.
const MOST_FAILURES: usize = 5;

static ACCOUNTS: AtomicU32 = AtomicU32::new(1);

pub fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

/// An account that nobody has used.
pub async fn fresh_ground() -> Ground {
    let account = format!("3{:011}", ACCOUNTS.fetch_add(1, Ordering::Relaxed));
    Ground::new(Emulator::start().await, Database::fresh().await, account).await
}

/// Carries out the runs of these numbers. Answers what the runs answered, and why some failed.
pub fn carry_out<T: Send>(runs: usize, one: impl Fn(&Runtime, &Ground, usize) -> T + Sync) -> (Vec<T>, Vec<String>) {
    let lanes = std::thread::available_parallelism().map_or(2, usize::from).clamp(2, 4);
    let began = Instant::now();
    let (next, done, failed) = (AtomicUsize::new(0), Mutex::new(Vec::new()), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..lanes.min(runs) {
            scope.spawn(|| {
                let runtime = runtime();
                let mut ground = runtime.block_on(fresh_ground());
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= runs || failed.lock().unwrap().len() >= MOST_FAILURES {
                        break;
                    }
                    match catch_unwind(AssertUnwindSafe(|| one(&runtime, &ground, number))) {
                        Ok(answer) => {
                            let mut done = done.lock().unwrap();
                            done.push(answer);
                            if done.len().is_multiple_of(50) {
                                println!("  {} of {runs} after {} s", done.len(), began.elapsed().as_secs());
                            }
                        }
                        Err(why) => {
                            failed.lock().unwrap().push(format!("{}\n{}", said(why.as_ref()), ground.emulator.log()));
                            // What the failed run left is nobody else's concern.
                            ground = runtime.block_on(fresh_ground());
                        }
                    }
                }
            });
        }
    });
    (done.into_inner().unwrap(), failed.into_inner().unwrap())
}

fn said(why: &(dyn Any + Send)) -> String {
    let text = why.downcast_ref::<String>().map(String::as_str).or_else(|| why.downcast_ref::<&str>().copied());
    text.unwrap_or("it panicked").to_owned()
}
