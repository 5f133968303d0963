//! A person wants what is under way undone.

use cache::Cache;
use domain::{DeploymentId, Status};
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

/// Takes a deploy that is under way back to the last state that worked; a first deploy, to nothing.
#[utoipa::path(post, path = "/v1/deployment/{deployment_id}/cancel", operation_id = "deployment-cancel", security(("bearer" = [])),
    params(("deployment_id" = String, Path)),
    responses((status = 202, description = "The deployment, `cancelling`", body = view::Deployment),
        (status = 401, description = "Nobody is signed in", body = Problem), (status = 404, description = "There is none of yours", body = Problem),
        (status = 409, description = "Nothing is under way", body = Problem)))]
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Error> {
    let id: DeploymentId = request.path("deployment_id")?;
    let deed = request.deed()?;
    let asked = deps.store.request_cancel(&deed, &id).await?;
    if asked.deployment.status != Status::Cancelling {
        let remedy =
            format!("nothing is under way: the deployment is `{}`. DELETE /v1/deployment/{id} removes it", asked.deployment.status);
        return Err(Error::Conflict("nothing_under_way", remedy));
    }
    deps.queue.send_outbox(&deps.store, &asked.outbox).await;
    deps.cache.forget_plans(&deed.actor).await;
    Ok(Response::accepted(&view::Deployment::from(&asked.deployment)))
}
