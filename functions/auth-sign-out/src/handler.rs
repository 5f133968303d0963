//! A person signs out.

use http_api::{Error, Problem, Request, Response, fields, refresh_cookie};
use platform::identity::{Error as Refused, Identity};
use serde::Deserialize;

/// What the function is built from.
pub struct Deps {
    /// The user pool.
    pub identity: Identity,
}

/// What is sent.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignOut {
    /// As the last sign-in or refresh answered it. Left out, it is taken from the cookie, which the browser is told to forget.
    #[schema(value_type = String, required = false, min_length = 1, max_length = 8192, pattern = "^[!-~]+$", example = "the-token-of-the-last-answer")]
    refresh_token: Option<String>,
}

/// Ends the refresh token and all that came of it. An access token that was given out lives on for its last minutes, at most 5.
#[utoipa::path(post, path = "/v1/auth/sign-out", operation_id = "auth-sign-out", security(()), request_body = SignOut,
    responses((status = 204, description = "Signed out; also where the token had ended already"),
        (status = 400, description = "A field is wrong", body = Problem),
        (status = 401, description = "No refresh token came", body = Problem)))]
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Error> {
    let body: SignOut = request.body()?;
    let token = match &body.refresh_token {
        Some(token) => fields::refresh_token(token).map(|()| token.as_str()),
        None => refresh_cookie::read(&request),
    }?;
    deps.identity.sign_out(token).await.map_err(|refused| match refused {
        Refused::Throttled => Error::throttled(),
        other => Error::unavailable(other),
    })?;
    let response = Response::no_content();
    Ok(if body.refresh_token.is_none() { response.forgetting() } else { response })
}
