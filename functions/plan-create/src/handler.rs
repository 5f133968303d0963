//! A person saves a plan.

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

/// Saves a plan, in the short form or in full cs-json; defaults fill what is left out.
#[utoipa::path(post, path = "/v1/plan", operation_id = "plan-create", security(("bearer" = [])), request_body = serde_json::Value,
    responses((status = 201, description = "The plan, complete", body = view::Plan), (status = 400, description = "A field is wrong", body = Problem),
        (status = 401, description = "Nobody is signed in", body = Problem), (status = 413, description = "The body is too large", body = Problem)))]
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Error> {
    let body = request.json()?;
    let deed = request.deed()?;
    let id = PlanId::generate();
    let plan = read_plan(&deps.store, &deed.actor, &id, &body, &deps.knowledge.catalogue.offer()).await?;
    let row = deps.store.create_plan(&deed, &id, &plan).await?;
    deps.cache.forget_plans(&deed.actor).await;
    deps.sockets.tell_of_plan(&deps.store, &deed.actor, &id).await;
    Ok(Response::created(&view::Plan::from(&row)).with("location", format!("/v1/plan/{id}")).at_version(row.version))
}
