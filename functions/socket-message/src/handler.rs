//! What a page says through its WebSocket.

use http_api::socket::{SocketEvent, socket_answer};
use lambda_runtime::{Error, LambdaEvent};
use platform::sockets::Sockets;
use serde::Deserialize;
use serde_json::{Value, json};
use store::Store;

/// What the function is built from.
pub struct Deps {
    /// The rows.
    pub store: Store,
    /// Pages that are open.
    pub sockets: Sockets,
}

#[derive(Deserialize)]
#[serde(tag = "action", rename_all = "snake_case")]
enum Message {
    /// From now on, tell of the changes of my plans and deployments.
    Subscribe,
    /// An open socket that says nothing for ten minutes is closed by the gateway.
    Ping,
}

/// Carries it out and answers through the socket: the number of the last change to who subscribes, nothing to a ping, what is wrong
/// with anything else.
pub async fn handle(deps: &Deps, event: LambdaEvent<SocketEvent>) -> Result<Value, Error> {
    let id = event.payload.request_context.connection_id;
    let answer = match serde_json::from_str(event.payload.body.as_deref().unwrap_or_default()) {
        // A socket that is not known was closed meanwhile, or its `$connect` is still to be stored: it subscribes again.
        Ok(Message::Subscribe) => match deps.store.subscribe(&id).await? {
            Some(sequence) => Some(json!({"subscribed": true, "sequence": sequence})),
            None => Some(json!({"error": "this socket is not known; connect again with a new ticket"})),
        },
        Ok(Message::Ping) => None,
        Err(_) => Some(json!({"error": "send {\"action\":\"subscribe\"} or {\"action\":\"ping\"}"})),
    };
    if let Some(answer) = answer
        && !deps.sockets.send(&id, &answer).await
    {
        deps.store.remove_sockets(&[id]).await?;
    }
    Ok(socket_answer(200))
}
