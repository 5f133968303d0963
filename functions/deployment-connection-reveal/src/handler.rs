//! The password, read from the customer's own secret store at that moment, and kept nowhere.

use clouds::Cloud;
use clouds::aws::{Access, Connector};
use domain::{DeploymentId, Errand};
use http_api::{Error, Problem, Request, Response, view};
use serde::Deserialize;
use store::Store;

/// What the function is built from.
pub struct Deps {
    /// The rows.
    pub store: Store,
    /// Where sessions in customers' accounts come from.
    pub connector: Connector,
}

#[derive(Deserialize)]
struct Login {
    username: String,
    password: String,
}

/// Answers the password. That it was asked for is in the audit log before it is read.
#[utoipa::path(post, path = "/v1/deployment/{deployment_id}/connection/reveal", operation_id = "deployment-connection-reveal",
    security(("bearer" = [])), params(("deployment_id" = String, Path)),
    responses((status = 200, description = "The password", body = view::Login), (status = 401, description = "Nobody is signed in", body = Problem), (status = 404, description = "There is none of yours", body = Problem),
        (status = 409, description = "It is not running yet", body = Problem)))]
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Error> {
    let id: DeploymentId = request.path("deployment_id")?;
    let deed = request.deed()?;
    let deployment = deps.store.deployment(&deed.actor, &id).await?;
    let connection = view::live_connection(&deployment)?;
    let account = deps.store.account(&deed.actor, &deployment.account_id).await?;
    deps.store.note_reveal(&deed, &id).await?;
    let region = deployment.plan.cloud.region.as_deref().unwrap_or(&account.region);
    let access = Access::provisioning(&account.link(), region, &Errand::deployment(&id, &deed.actor));
    let secret = deps
        .connector
        .connect(&access)
        .await
        .map_err(Error::unavailable)?
        .read_secret(&connection.secret_arn)
        .await
        .map_err(Error::unavailable)?;
    // The parser's message could quote the text, so it goes no further.
    let login: Login = serde_json::from_str(secret.expose()).map_err(|_| Error::internal("the secret is not {username, password}"))?;
    Ok(Response::ok(&view::Login { user: login.username, password: login.password }).with("cache-control", "no-store"))
}
