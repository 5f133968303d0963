//! A person confirms the address with the code that was sent to it.

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
    code: String,
}

/// Confirms the address.
#[utoipa::path(post, path = "/v1/auth/confirm", operation_id = "auth-confirm", request_body = Body,
    responses((status = 200, description = "The address is confirmed"), (status = 400, body = Problem)))]
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Error> {
    let body: Body = request.body()?;
    deps.identity.confirm(&body.email, &body.code).await.map_err(|refused| match refused {
        Refused::WrongCode | Refused::CodeExpired | Refused::InvalidValue(_) => Error::field("/code", refused.to_string()),
        Refused::Throttled => Error::TooMany,
        other => Error::unavailable(other),
    })?;
    Ok(Response::ok(&json!({"confirmed": true, "next": "POST /v1/auth/sign-in"})))
}
