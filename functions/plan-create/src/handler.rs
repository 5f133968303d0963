//! A person saves a plan.

use domain::PlanId;
use domain::plan::accept;
use http_api::{Error, Problem, Request, Response, view};
use store::Store;

/// What the function is built from.
pub struct Deps {
    /// The rows.
    pub store: Store,
}

/// Saves a plan, in the short form or in full cs-json; defaults fill what is left out.
#[utoipa::path(post, path = "/v1/plan", operation_id = "plan-create", security(("bearer" = [])), request_body = serde_json::Value,
    responses((status = 201, description = "The plan, complete"), (status = 400, body = Problem), (status = 401, body = Problem),
        (status = 413, body = Problem), (status = 503, body = Problem)))]
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Error> {
    let body = request.json()?;
    let owner = request.user()?;
    let id = PlanId::generate();
    let mut plan = accept(&id, &body, &knowledge::offer()).map_err(Error::Invalid)?;
    if let Some(account) = &plan.cloud.account {
        deps.store.account(&owner, account).await.map_err(|error| match error {
            store::Error::NotFound => Error::field("/cloud/account", "is not one of your linked accounts"),
            other => other.into(),
        })?;
    }
    if (plan.cloud.account.is_none() || plan.cloud.region.is_none())
        && let Some(default) = deps.store.default_account(&owner).await?
    {
        plan.cloud.account.get_or_insert(default.id);
        plan.cloud.region.get_or_insert(default.region);
    }
    let row = deps.store.create_plan(&id, &owner, &plan).await?;
    Ok(Response::created(&view::plan(&row)).with("location", format!("/v1/plan/{id}")))
}
