//! One deployment.

use domain::DeploymentId;
use http_api::{Error, Problem, Request, Response, view};
use store::Store;

/// What the function is built from.
pub struct Deps {
    /// The rows.
    pub store: Store,
}

/// The deployment: status, steps with their times, configuration with its reasons.
#[utoipa::path(get, path = "/v1/deployment/{deployment_id}", operation_id = "deployment-get", security(("bearer" = [])),
    params(("deployment_id" = String, Path)),
    responses((status = 200, description = "The deployment", body = view::Deployment), (status = 401, description = "Nobody is signed in", body = Problem), (status = 404, description = "There is none of yours", body = Problem)))]
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Error> {
    let id: DeploymentId = request.path("deployment_id")?;
    let owner = request.user()?;
    let deployment = deps.store.deployment(&owner, &id).await?;
    Ok(Response::ok(&view::Deployment::from(&deployment)))
}
