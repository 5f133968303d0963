//! A person wants a deployment gone.

use cache::Cache;
use domain::DeploymentId;
use http_api::{Error, Problem, Request, Response, view};
use platform::queue::Queue;
use std::time::Duration;
use store::Store;

/// What the function is built from.
pub struct Deps {
    /// The rows.
    pub store: Store,
    /// Wakes the worker.
    pub queue: Queue,
    /// Holds a list that this changes.
    pub cache: Cache,
    /// For how long it can be undone.
    pub window: Duration,
}

/// Destroys what was deployed, whatever it is doing, unless its plan says `protect`. A database that ran is only stopped until `destroy_at`,
/// which `POST …/undelete` undoes; its disk goes on costing. `now` destroys it at once, also while that can be undone. The data volume of
/// a database that ran is kept for 30 days after.
#[utoipa::path(delete, path = "/v1/deployment/{deployment_id}", operation_id = "deployment-delete", security(("bearer" = [])),
    params(("deployment_id" = String, Path), ("now" = Option<bool>, Query, description = "So that it can't be undone; false if not said")),
    responses((status = 202, description = "The deployment, `destroying`", body = view::Deployment), (status = 200, description = "It was destroyed already", body = view::Deployment),
        (status = 400, description = "`now` is neither true nor false", body = Problem),
        (status = 401, description = "Nobody is signed in", body = Problem), (status = 404, description = "There is none of yours", body = Problem),
        (status = 409, description = "`protected`: its plan protects it", body = Problem)))]
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Error> {
    let id: DeploymentId = request.path("deployment_id")?;
    let now = request.query::<bool>("now", "true or false")?.unwrap_or(false);
    let deed = request.deed()?;
    let destroying = deps.store.request_destroy(&deed, &id, (!now).then_some(deps.window)).await?;
    deps.queue.send_outbox(&deps.store, &destroying.outbox).await;
    deps.cache.forget_plans(&deed.actor).await;
    let answer = view::Deployment::from(&destroying.deployment);
    Ok(if destroying.deployment.destroyed_at.is_some() { Response::ok(&answer) } else { Response::accepted(&answer) })
}
