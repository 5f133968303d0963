//! All deployments of a person, newest first.

use domain::DeploymentId;
use http_api::{Error, Problem, Request, Response, view};
use store::Store;

/// What the function is built from.
pub struct Deps {
    /// The rows.
    pub store: Store,
}

/// A page of deployments, destroyed ones too; `next_cursor` leads to the next one.
#[utoipa::path(get, path = "/v1/deployment", operation_id = "deployment-list", security(("bearer" = [])),
    params(("limit" = Option<u32>, Query, minimum = 1, maximum = 100), ("cursor" = Option<String>, Query)),
    responses((status = 200, description = "Deployments", body = view::Page<view::Deployment>), (status = 400, description = "A parameter is wrong", body = Problem),
        (status = 401, description = "Nobody is signed in", body = Problem)))]
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Error> {
    let limit = request.limit()?;
    let cursor: Option<DeploymentId> = request.query("cursor", "the `next_cursor` of an earlier page")?;
    let owner = request.user()?;
    let deployments = deps.store.deployments(&owner, limit, cursor.as_ref()).await?;
    Ok(Response::ok(&view::Page::<view::Deployment>::of(&deployments, limit, |deployment| deployment.id.to_string())))
}
