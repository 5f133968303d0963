//! What goes wrong with deployments' calls in the customer's account; scripts/local-cloud/README.md says what the words mean.

use crate::world::{PATIENCE, World, variable};
use serde_json::{Value, json};

/// Asked for until they end. The reconciler's and other sessions' calls meet none.
pub struct Faults<'a> {
    world: &'a World,
    url: String,
}

impl<'a> Faults<'a> {
    /// To be asked for before the work begins whose calls meet them.
    pub fn ask(world: &'a World, faults: &[Value]) -> Self {
        let url = format!("{}/_cloudsail/faults/{}", variable("AWS_ENDPOINT_URL"), variable("CLOUDSAIL_CUSTOMER_ACCOUNT_ID"));
        let of_deployments = |fault: &Value| {
            let mut fault = fault.clone();
            fault["session"] = json!("dep_*");
            fault
        };
        let faults = Value::from_iter(faults.iter().map(of_deployments));
        assert_eq!(world.agent.post(&url).send(faults.to_string()).unwrap().status(), 200);
        Self { world, url }
    }

    /// Waits until that many calls have been held.
    pub fn held(&self, number: usize) {
        let come = self.world.agent.get(format!("{}/held/{number}", self.url)).config().timeout_global(Some(PATIENCE)).build();
        assert_eq!(come.call().unwrap().status(), 200);
    }

    pub fn end(self) {
        assert_eq!(self.world.agent.delete(&self.url).call().unwrap().status(), 200);
    }
}
