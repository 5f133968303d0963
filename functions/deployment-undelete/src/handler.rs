//! A person wants a deployment back that is being destroyed.

use cache::Cache;
use domain::DeploymentId;
use http_api::{Error, Problem, Request, Response, view};
use platform::queue::Queue;
use store::Store;

/// What the function is built from.
pub struct Deps {
    /// The rows.
    pub store: Store,
    /// Wakes the worker.
    pub queue: Queue,
    /// Holds a list that this changes.
    pub cache: Cache,
}

/// Undoes a destroy until the deployment's `destroy_at`: the machine starts again with its data, and who could connect before can connect
/// again. A change that the destroy pre-empted is taken back as well.
#[utoipa::path(post, path = "/v1/deployment/{deployment_id}/undelete", operation_id = "deployment-undelete", security(("bearer" = [])),
    params(("deployment_id" = String, Path)),
    responses((status = 202, description = "The deployment, `changing` until it runs", body = view::Deployment),
        (status = 401, description = "Nobody is signed in", body = Problem), (status = 404, description = "There is none of yours", body = Problem),
        (status = 409, description = "`nothing_to_undo`: it is not being destroyed, or that can't be undone any more", body = Problem)))]
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Error> {
    let id: DeploymentId = request.path("deployment_id")?;
    let deed = request.deed()?;
    let Some(asked) = deps.store.request_undelete(&deed, &id).await? else {
        let remedy = "it is not being destroyed, or that can't be undone any more: POST /v1/plan/{plan_id}/deploy deploys its plan";
        return Err(Error::Conflict("nothing_to_undo", remedy.to_owned()));
    };
    deps.queue.send_outbox(&deps.store, &asked.outbox).await;
    deps.cache.forget_plans(&deed.actor).await;
    Ok(Response::accepted(&view::Deployment::from(&asked.deployment)))
}
