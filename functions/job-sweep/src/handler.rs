//! Wakes what was forgotten: messages that were written and never sent, and strands whose wake-up was lost.

use lambda_runtime::{Error, LambdaEvent};
use platform::queue::Queue;
use serde_json::{Value, json};
use store::Store;

/// What the function is built from.
pub struct Deps {
    /// The rows.
    pub store: Store,
    /// Where wake-ups go.
    pub queue: Queue,
}

/// One sweep's share; what is left waits for the next minute.
const MOST: u32 = 500;

/// Sends what is due and answers how many messages that were.
pub async fn handle(deps: &Deps, _event: LambdaEvent<Value>) -> Result<Value, Error> {
    let due = deps.store.due(MOST).await?;
    let mut sent = Vec::new();
    for message in &due {
        deps.queue.send(&message.body, message.delay_s).await?;
        sent.push(message.id);
    }
    deps.store.outbox_sent(&sent).await?;
    tracing::info!(sent = sent.len(), "swept");
    Ok(json!({"sent": sent.len()}))
}
