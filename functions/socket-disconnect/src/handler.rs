//! A page's WebSocket has closed. The gateway tells of it as well as it can; who is not told finds out at the next message.

use http_api::socket::{SocketEvent, socket_answer};
use lambda_runtime::{Error, LambdaEvent};
use serde_json::Value;
use store::Store;

/// What the function is built from.
pub struct Deps {
    /// The rows.
    pub store: Store,
}

/// Forgets it.
pub async fn handle(deps: &Deps, event: LambdaEvent<SocketEvent>) -> Result<Value, Error> {
    deps.store.remove_sockets(&[event.payload.request_context.connection_id]).await?;
    Ok(socket_answer(200))
}
