//! All plans of a person, newest first.

use cache::Cache;
use domain::PlanId;
use http_api::{Error, Problem, Request, Response, view};
use store::Store;

/// What the function is built from.
pub struct Deps {
    /// The rows.
    pub store: Store,
    /// Keeps the first page for a few seconds.
    pub cache: Cache,
}

/// A page of plans; `next_cursor` leads to the next one.
#[utoipa::path(get, path = "/v1/plan", operation_id = "plan-list", security(("bearer" = [])),
    params(("limit" = Option<u32>, Query, minimum = 1, maximum = 100), ("cursor" = Option<String>, Query)),
    responses((status = 200, description = "Plans", body = view::Page<view::Plan>), (status = 400, description = "A parameter is wrong", body = Problem),
        (status = 401, description = "Nobody is signed in", body = Problem)))]
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Error> {
    let limit = request.limit()?;
    let cursor: Option<PlanId> = request.query("cursor", "the `next_cursor` of an earlier page")?;
    let owner = request.user()?;
    let kept_is_good = cursor.is_none() && request.header("cache-control") != Some("no-cache");
    if kept_is_good && let Some(page) = deps.cache.plans(&owner, limit).await {
        return Ok(Response::of_kind("application/json", page));
    }
    let rows = deps.store.plans(&owner, limit, cursor.as_ref()).await?;
    let response = Response::ok(&view::Page::<view::Plan>::of(&rows, limit, |row| row.id.to_string()));
    if let (None, Some((_, page))) = (&cursor, &response.body) {
        deps.cache.keep_plans(&owner, limit, page).await;
    }
    Ok(response)
}
