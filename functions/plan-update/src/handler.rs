//! A person changes a plan.

use cache::Cache;
use domain::PlanId;
use http_api::{Error, Problem, Request, Response, read_plan, view};
use knowledge::Knowledge;
use platform::sockets::Sockets;
use store::Store;

/// What the function is built from.
pub struct Deps {
    /// What there is to choose from.
    pub knowledge: Knowledge,
    /// The rows.
    pub store: Store,
    /// Holds a list that this changes.
    pub cache: Cache,
    /// Pages that are open.
    pub sockets: Sockets,
}

/// Replaces the plan. What runs stays as it is until the plan is deployed again.
#[utoipa::path(put, path = "/v1/plan/{plan_id}", operation_id = "plan-update", security(("bearer" = [])), request_body = serde_json::Value,
    params(("plan_id" = String, Path), ("If-Match" = String, Header, description = "The version that was read, as it stood in the ETag")),
    responses((status = 200, description = "The plan, complete", body = view::Plan), (status = 400, description = "A field is wrong", body = Problem),
        (status = 401, description = "Nobody is signed in", body = Problem), (status = 404, description = "There is none of yours", body = Problem),
        (status = 412, description = "Somebody changed it meanwhile", body = Problem), (status = 413, description = "The body is too large", body = Problem),
        (status = 428, description = "If-Match is missing", body = Problem)))]
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Error> {
    let id: PlanId = request.path("plan_id")?;
    let deed = request.deed()?;
    // Somebody else's plan is not there, whatever is wrong with the rest.
    deps.store.plan(&deed.actor, &id).await?;
    let version = request.if_match()?;
    let plan = read_plan(&deps.store, &deed.actor, &id, &request.json()?, &deps.knowledge.catalogue.offer()).await?;
    let row = deps.store.update_plan(&deed, &id, version, &plan).await?;
    deps.cache.forget_plans(&deed.actor).await;
    deps.sockets.tell_of_plan(&deps.store, &deed.actor, &id).await;
    Ok(Response::ok(&view::Plan::from(&row)).at_version(row.version))
}
