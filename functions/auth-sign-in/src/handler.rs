//! A person signs in.

use http_api::{Error, Problem, Request, Response};
use platform::identity::{Error as Refused, Identity};
use serde::Deserialize;
use serde_json::json;

/// What the function is built from.
pub struct Deps {
    /// The user pool.
    pub identity: Identity,
}

/// What is sent.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Body {
    email: String,
    password: String,
}

/// Answers tokens; the access token goes into `Authorization: Bearer`.
#[utoipa::path(post, path = "/v1/auth/sign-in", operation_id = "auth-sign-in", request_body = Body,
    responses((status = 200, description = "Tokens"), (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem)))]
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Error> {
    let body: Body = request.body()?;
    let tokens = deps.identity.sign_in(&body.email, &body.password).await.map_err(|refused| match refused {
        Refused::BadCredentials | Refused::InvalidValue(_) => Error::Unauthorized(Refused::BadCredentials.to_string()),
        Refused::NotConfirmed => Error::Forbidden("not_confirmed", refused.to_string()),
        Refused::Throttled => Error::TooMany,
        other => Error::unavailable(other),
    })?;
    let answer = json!({
        "access_token": tokens.access_token, "id_token": tokens.id_token, "refresh_token": tokens.refresh_token,
        "expires_in": tokens.expires_in, "token_type": "Bearer",
    });
    Ok(Response::ok(&answer).with("cache-control", "no-store"))
}
