//! All plans of a person, newest first.

use domain::PlanId;
use http_api::{Error, Problem, Request, Response, view};
use store::Store;

/// What the function is built from.
pub struct Deps {
    /// The rows.
    pub store: Store,
}

/// A page of plans; `next_cursor` leads to the next one.
#[utoipa::path(get, path = "/v1/plan", operation_id = "plan-list", security(("bearer" = [])),
    params(("limit" = Option<u32>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, description = "`{items, next_cursor}`"), (status = 400, body = Problem), (status = 401, body = Problem)))]
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Error> {
    let limit = request.limit()?;
    let cursor: Option<PlanId> = request.query("cursor", "the `next_cursor` of an earlier page")?;
    let owner = request.user()?;
    let rows = deps.store.plans(&owner, limit, cursor.as_ref()).await?;
    Ok(Response::ok(&view::page(rows.iter().map(view::plan).collect(), limit)))
}
