//! A page wants to be told of changes.

use http_api::socket::{TICKET_LIFETIME, ticket, ticket_digest};
use http_api::{Error, Problem, Request, Response};
use serde::Serialize;
use store::Store;

/// What the function is built from.
pub struct Deps {
    /// The rows.
    pub store: Store,
    /// Where pages connect.
    pub address: config::SocketAddress,
}

/// What opens a WebSocket.
#[derive(Serialize, utoipa::ToSchema)]
pub struct Ticket {
    /// Good once; it stands in the WebSocket's address as `?ticket=`, where a token would end up in logs.
    pub ticket: String,
    /// Where to connect, `wss:`.
    pub url: String,
    /// Seconds that it is good.
    pub expires_in: u64,
}

/// Trades the token for a ticket that opens one WebSocket. There the page sends `{"action":"subscribe"}`, is answered the number of the
/// last change, and from then on gets a message for each.
#[utoipa::path(post, path = "/v1/socket/ticket", operation_id = "socket-ticket", security(("bearer" = [])),
    responses((status = 200, description = "A ticket", body = Ticket), (status = 401, description = "Nobody is signed in", body = Problem)))]
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Error> {
    let owner = request.user()?;
    let ticket = ticket()?;
    deps.store.add_ticket(&owner, &ticket_digest(&ticket), TICKET_LIFETIME).await?;
    let answer = Ticket { ticket, url: deps.address.url.clone(), expires_in: TICKET_LIFETIME.as_secs() };
    Ok(Response::ok(&answer).with("cache-control", "no-store"))
}
