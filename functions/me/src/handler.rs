//! Who is signed in.

use http_api::{Error, Problem, Request, Response, view};
use platform::identity::{Error as Refused, Identity};

/// What the function is built from.
pub struct Deps {
    /// The user pool.
    pub identity: Identity,
}

/// Who the access token belongs to.
#[utoipa::path(get, path = "/v1/me", operation_id = "me", security(("bearer" = [])),
    responses((status = 200, description = "The person", body = view::Me), (status = 401, description = "Nobody is signed in", body = Problem)))]
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Error> {
    let user = request.user()?;
    let email = deps.identity.email(request.bearer()?).await.map_err(|refused| match refused {
        Refused::BadCredentials => Error::Unauthorized("sign in again: you have signed out".to_owned()),
        Refused::Throttled => Error::throttled(),
        other => Error::unavailable(other),
    })?;
    let signed_in_at = request.signed_in_at().map(|at| at.to_string());
    Ok(Response::ok(&view::Me { id: user.as_str().to_owned(), email, signed_in_at }))
}
