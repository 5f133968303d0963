//! A person's tokens are about to end.

use http_api::{Error, Problem, Request, Response, fields};
use platform::identity::{Error as Refused, Identity, Tokens};
use serde::Deserialize;

/// What the function is built from.
pub struct Deps {
    /// The user pool.
    pub identity: Identity,
}

/// What is sent.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Refresh {
    /// As the last sign-in or refresh answered it.
    #[schema(min_length = 1, max_length = 8192, pattern = "^[!-~]+$", example = "the-token-of-the-last-answer")]
    refresh_token: String,
}

/// Answers new tokens. The refresh token is spent by that; the answer holds the next one.
#[utoipa::path(post, path = "/v1/auth/refresh", operation_id = "auth-refresh", security(()), request_body = Refresh,
    responses((status = 200, description = "Tokens", body = Tokens), (status = 400, description = "A field is wrong", body = Problem),
        (status = 401, description = "The refresh token is spent, revoked or too old", body = Problem)))]
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Error> {
    let body: Refresh = request.body()?;
    fields::refresh_token(&body.refresh_token)?;
    let tokens = deps.identity.refresh(&body.refresh_token).await.map_err(|refused| match refused {
        Refused::BadCredentials => Error::Unauthorized("sign in again: this refresh token is spent, revoked or too old".to_owned()),
        Refused::Throttled => Error::throttled(),
        other => Error::unavailable(other),
    })?;
    Ok(Response::ok(&tokens).with("cache-control", "no-store"))
}
