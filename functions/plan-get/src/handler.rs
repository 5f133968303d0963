//! One plan.

use domain::PlanId;
use http_api::{Error, Problem, Request, Response, view};
use store::Store;

/// What the function is built from.
pub struct Deps {
    /// The rows.
    pub store: Store,
}

/// The plan with the state of its deployment.
#[utoipa::path(get, path = "/v1/plan/{plan_id}", operation_id = "plan-get", security(("bearer" = [])), params(("plan_id" = String, Path)),
    responses((status = 200, description = "The plan", body = view::Plan), (status = 401, description = "Nobody is signed in", body = Problem), (status = 404, description = "There is none of yours", body = Problem)))]
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Error> {
    let id: PlanId = request.path("plan_id")?;
    let owner = request.user()?;
    let row = deps.store.plan(&owner, &id).await?;
    Ok(Response::ok(&view::Plan::from(&row)).at_version(row.version))
}
