//! A person has forgotten the password.

use http_api::{Error, Problem, Request, Response, fields};
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
pub struct Forgot {
    /// The address that signs in.
    #[schema(pattern = r"^[^@\s\x00]+@[^@\s\x00]+$", max_length = 254, example = "person@example.com")]
    email: String,
}

/// Sends a code for `POST /v1/auth/reset`. The answer is the same where nobody has the address.
#[utoipa::path(post, path = "/v1/auth/forgot", operation_id = "auth-forgot", security(()), request_body = Forgot,
    responses((status = 202, description = "If somebody has this address, a code is on its way"),
        (status = 400, description = "A field is wrong", body = Problem)))]
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Error> {
    let body: Forgot = request.body()?;
    fields::email(&body.email)?;
    deps.identity.forgot(&body.email).await.map_err(|refused| match refused {
        Refused::InvalidValue(_) => Error::field("/email", refused.to_string()),
        Refused::Throttled => Error::throttled(),
        other => Error::unavailable(other),
    })?;
    Ok(Response { status: 202, ..Response::no_content() })
}
