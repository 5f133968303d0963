//! How to reach a running database; all but the password.

use domain::DeploymentId;
use http_api::{Error, Problem, Request, Response, view};
use store::Store;

/// What the function is built from.
pub struct Deps {
    /// The rows.
    pub store: Store,
}

/// Address, database, role and the CA that `sslmode=verify-full` needs.
#[utoipa::path(get, path = "/v1/deployment/{deployment_id}/connection", operation_id = "deployment-connection", security(("bearer" = [])),
    params(("deployment_id" = String, Path)),
    responses((status = 200, description = "Connection details", body = view::Connection), (status = 401, description = "Nobody is signed in", body = Problem), (status = 404, description = "There is none of yours", body = Problem),
        (status = 409, description = "It is not running yet", body = Problem)))]
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Error> {
    let id: DeploymentId = request.path("deployment_id")?;
    let owner = request.user()?;
    let deployment = deps.store.deployment(&owner, &id).await?;
    let connection = view::live_connection(&deployment)?;
    Ok(Response::ok(&view::Connection::from(connection)))
}
