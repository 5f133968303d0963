//! A person's tokens are about to end.

use http_api::{Error, Problem, Request, Response, fields, refresh_cookie};
use platform::identity::{Error as Refused, Identity, Tokens};
use serde::Deserialize;

/// What the function is built from.
pub struct Deps {
    /// The user pool.
    pub identity: Identity,
    /// How long a refresh token lives.
    pub days: u32,
}

/// What is sent.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Refresh {
    /// As the last sign-in or refresh answered it. Left out, it is taken from the cookie, and the next one answered as one.
    #[schema(value_type = String, required = false, min_length = 1, max_length = 8192, pattern = "^[!-~]+$", example = "the-token-of-the-last-answer")]
    refresh_token: Option<String>,
}

/// Answers new tokens. The refresh token is spent by that; the answer holds the next one.
#[utoipa::path(post, path = "/v1/auth/refresh", operation_id = "auth-refresh", security(()), request_body = Refresh,
    responses((status = 200, description = "Tokens", body = Tokens), (status = 400, description = "A field is wrong", body = Problem),
        (status = 401, description = "The refresh token is spent, revoked or too old", body = Problem)))]
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Error> {
    let body: Refresh = request.body()?;
    let spent = match &body.refresh_token {
        Some(token) => fields::refresh_token(token).map(|()| token.as_str()),
        None => refresh_cookie::read(&request),
    }?;
    let mut tokens = deps.identity.refresh(spent).await.map_err(|refused| match refused {
        Refused::BadCredentials => Error::Unauthorized("sign in again: this refresh token is spent, revoked or too old".to_owned()),
        Refused::Throttled => Error::throttled(),
        other => Error::unavailable(other),
    })?;
    // What came as a cookie never leaves in a body: a script could read it there.
    let kept = if body.refresh_token.is_none() { tokens.refresh_token.take() } else { None };
    Ok(Response::tokens(&tokens, kept.as_deref(), deps.days))
}
