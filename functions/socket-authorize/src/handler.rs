//! A page knocks with a ticket.

use http_api::socket::{Knock, ticket_digest};
use lambda_runtime::{Error, LambdaEvent};
use serde_json::Value;
use store::Store;

/// What the function is built from.
pub struct Deps {
    /// The rows.
    pub store: Store,
}

/// Takes the ticket, which is good once, and answers a policy: the gateway lets nobody else in.
pub async fn handle(deps: &Deps, event: LambdaEvent<Knock>) -> Result<Value, Error> {
    let knock = event.payload;
    let ticket = knock.query_string_parameters.as_ref().and_then(|query| query.get("ticket"));
    let owner = match ticket {
        Some(ticket) => deps.store.take_ticket(&ticket_digest(ticket)).await?,
        None => None,
    };
    Ok(owner.map_or_else(|| knock.deny(), |owner| knock.allow(owner.as_str())))
}
