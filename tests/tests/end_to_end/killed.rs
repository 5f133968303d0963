//! The worker's process ends by a signal that it can't catch, at calls that are drawn.

use crate::faults::Faults;
use crate::kill_workers;
use crate::world::World;
use serde_json::json;

/// How many calls a deploy makes at the least before it waits for its machine.
const CALLS: u64 = 25;

/// Two calls that the cloud does not answer: it tells that they came, before it carries them out or after.
pub fn held(world: &World) -> Faults<'_> {
    let drawn = u64::from(std::time::UNIX_EPOCH.elapsed().unwrap().subsec_micros());
    let first = 1 + drawn % (CALLS - 1);
    let second = first + 1 + drawn / CALLS % (CALLS - first);
    let moments = if drawn / 1000 % 2 == 0 { ["before", "after"] } else { ["after", "before"] };
    println!("the worker is killed {} call {first} has its effect, and {} call {second} has", moments[0], moments[1]);
    let hold = |at: u64, moment: &str| json!({"fault": "hold", "at": at, "moment": moment});
    Faults::ask(world, &[hold(first, moments[0]), hold(second, moments[1])])
}

/// Kills whoever makes them.
pub fn kill(held: Faults<'_>) {
    for number in 1..=2 {
        held.held(number);
        assert!(kill_workers() > 0, "a call is held, and there is no worker that made it");
    }
    held.end();
}
