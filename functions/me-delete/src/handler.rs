//! A person deletes their account with us.

use http_api::{Error, Problem, Request, Response};
use platform::identity::{Error as Refused, Identity};
use store::Store;

/// What the function is built from.
pub struct Deps {
    /// The rows.
    pub store: Store,
    /// The user pool.
    pub identity: Identity,
}

/// Deletes your plans, unlinks your cloud accounts, and deletes you as a user; not while anything of yours is deployed. It can be repeated
/// where it broke off. What is in your cloud account stays: the roles, and what destroyed deployments kept.
#[utoipa::path(delete, path = "/v1/me", operation_id = "me-delete", security(("bearer" = [])),
    responses((status = 204, description = "Deleted"), (status = 401, description = "Nobody is signed in", body = Problem),
        (status = 409, description = "A deployment lives", body = Problem)))]
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Error> {
    let deed = request.deed()?;
    let token = request.bearer()?;
    // The gateway takes a token of a session that was ended for some minutes yet; it is not enough for this.
    deps.identity.email(token).await.map_err(refusal)?;
    // The user goes last: who is gone could not try again.
    deps.store.delete_person(&deed).await?;
    deps.identity.delete(token).await.map_err(refusal)?;
    Ok(Response::no_content().forgetting())
}

fn refusal(refused: Refused) -> Error {
    match refused {
        Refused::BadCredentials => Error::Unauthorized("sign in again: you have signed out".to_owned()),
        Refused::Throttled => Error::throttled(),
        other => Error::unavailable(other),
    }
}
