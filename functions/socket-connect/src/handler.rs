//! A page's WebSocket has opened.

use domain::UserId;
use http_api::socket::{SocketEvent, socket_answer};
use lambda_runtime::{Error, LambdaEvent};
use serde_json::Value;
use store::Store;

/// What the function is built from.
pub struct Deps {
    /// The rows.
    pub store: Store,
}

/// Notes whose it is. It is told of nothing until it subscribes: before `$connect` is answered nothing can be posted to it.
pub async fn handle(deps: &Deps, event: LambdaEvent<SocketEvent>) -> Result<Value, Error> {
    let context = event.payload.request_context;
    let Some(authorizer) = context.authorizer else { return Ok(socket_answer(401)) };
    deps.store.add_socket(&UserId(authorizer.principal_id), &context.connection_id).await?;
    Ok(socket_answer(200))
}
