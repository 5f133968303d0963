//! The worker's process ends by a signal that it can't catch, at calls that are drawn.

use crate::kill_workers;
use crate::world::{PATIENCE, World, variable};
use serde_json::json;

/// How many calls a deploy makes at the least before it waits for its machine.
const CALLS: u64 = 25;

/// Two calls in the customer's account that the cloud does not answer: it tells that they came, before it carries them out or after.
pub struct Held {
    faults: String,
}

impl Held {
    /// To be asked for before the work whose calls they are begins.
    pub fn drawn(world: &World) -> Self {
        let drawn = u64::from(std::time::UNIX_EPOCH.elapsed().unwrap().subsec_micros());
        let first = 1 + drawn % (CALLS - 1);
        let second = first + 1 + drawn / CALLS % (CALLS - first);
        let moments = if drawn / 1000 % 2 == 0 { ["before", "after"] } else { ["after", "before"] };
        println!("the worker is killed {} call {first} has its effect, and {} call {second} has", moments[0], moments[1]);
        let faults = format!("{}/_cloudsail/faults/{}", variable("AWS_ENDPOINT_URL"), variable("CLOUDSAIL_CUSTOMER_ACCOUNT_ID"));
        let hold = |at: u64, moment: &str| json!({"fault": "hold", "at": at, "moment": moment});
        let asked = json!([hold(first, moments[0]), hold(second, moments[1])]).to_string();
        assert_eq!(world.agent.post(&faults).send(asked).unwrap().status(), 200);
        Self { faults }
    }

    /// Kills whoever makes them.
    pub fn kill(self, world: &World) {
        for number in 1..=2 {
            let come = world.agent.get(format!("{}/held/{number}", self.faults)).config().timeout_global(Some(PATIENCE)).build();
            assert_eq!(come.call().unwrap().status(), 200);
            assert!(kill_workers() > 0, "a call is held, and there is no worker that made it");
        }
        assert_eq!(world.agent.delete(&self.faults).call().unwrap().status(), 200);
    }
}
