//! A person deletes a plan.

use cache::Cache;
use domain::PlanId;
use http_api::{Error, Problem, Request, Response};
use platform::sockets::Sockets;
use store::Store;

/// What the function is built from.
pub struct Deps {
    /// The rows.
    pub store: Store,
    /// Holds a list that this changes.
    pub cache: Cache,
    /// Pages that are open.
    pub sockets: Sockets,
}

/// Deletes the plan. One that is deployed must be destroyed first.
#[utoipa::path(delete, path = "/v1/plan/{plan_id}", operation_id = "plan-delete", security(("bearer" = [])), params(("plan_id" = String, Path)),
    responses((status = 204, description = "Deleted"), (status = 401, description = "Nobody is signed in", body = Problem),
        (status = 404, description = "There is none of yours", body = Problem),
        (status = 409, description = "A deployment of it lives; the answer names it", body = Problem)))]
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Error> {
    let id: PlanId = request.path("plan_id")?;
    let deed = request.deed()?;
    deps.store.delete_plan(&deed, &id).await?;
    deps.cache.forget_plans(&deed.actor).await;
    deps.sockets.tell_of_plan(&deps.store, &deed.actor, &id).await;
    Ok(Response::no_content())
}
