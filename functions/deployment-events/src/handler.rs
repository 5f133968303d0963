//! What happened to a deployment, oldest first.

use domain::{DeploymentId, EventId};
use http_api::{Error, Problem, Request, Response, view};
use store::Store;

/// What the function is built from.
pub struct Deps {
    /// The rows.
    pub store: Store,
}

/// A page of events; `next_cursor` leads to the next one.
#[utoipa::path(get, path = "/v1/deployment/{deployment_id}/events", operation_id = "deployment-events", security(("bearer" = [])),
    params(("deployment_id" = String, Path), ("limit" = Option<u32>, Query, minimum = 1, maximum = 100), ("cursor" = Option<String>, Query)),
    responses((status = 200, description = "Events", body = view::Page<view::Event>), (status = 400, description = "A field is wrong", body = Problem), (status = 401, description = "Nobody is signed in", body = Problem),
        (status = 404, description = "There is none of yours", body = Problem)))]
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Error> {
    let id: DeploymentId = request.path("deployment_id")?;
    let limit = request.limit()?;
    let cursor: Option<EventId> = request.query("cursor", "the `next_cursor` of an earlier page")?;
    let owner = request.user()?;
    let events = deps.store.events(&owner, &id, limit, cursor.as_ref()).await?;
    Ok(Response::ok(&view::Page::<view::Event>::of(&events, limit, |event| event.id.to_string())))
}
