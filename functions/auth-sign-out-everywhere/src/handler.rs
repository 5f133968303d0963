//! A person signs out of every browser and every command line.

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

/// Ends all refresh tokens of the person. Access tokens that were given out live on for their last minutes, at most 5.
#[utoipa::path(post, path = "/v1/auth/sign-out-everywhere", operation_id = "auth-sign-out-everywhere", security(("bearer" = [])),
    responses((status = 204, description = "Signed out everywhere"),
        (status = 401, description = "Nobody is signed in", body = Problem)))]
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Error> {
    let deed = request.deed()?;
    let token = request.bearer()?;
    deps.store.note_sign_out_everywhere(&deed).await?;
    deps.identity.sign_out_everywhere(token).await.map_err(|refused| match refused {
        Refused::BadCredentials => Error::Unauthorized("sign in again: you have signed out".to_owned()),
        Refused::Throttled => Error::throttled(),
        other => Error::unavailable(other),
    })?;
    Ok(Response::no_content().forgetting())
}
