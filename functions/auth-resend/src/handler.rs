//! A person waits for the confirmation code in vain.

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
pub struct Resend {
    /// The address that signs in.
    #[schema(pattern = r"^[^@\s\x00]+@[^@\s\x00]+$", max_length = 254, example = "person@example.com")]
    email: String,
}

/// Sends another code for `POST /v1/auth/confirm`. The answer is the same where nobody has the address, where it is confirmed already,
/// and where too many codes were sent to it.
#[utoipa::path(post, path = "/v1/auth/resend", operation_id = "auth-resend", security(()), request_body = Resend,
    responses((status = 202, description = "If this address waits to be confirmed, a code is on its way"),
        (status = 400, description = "A field is wrong", body = Problem)))]
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Error> {
    let body: Resend = request.body()?;
    fields::email(&body.email)?;
    deps.identity.resend(&body.email).await.map_err(|refused| match refused {
        Refused::Throttled => Error::throttled(),
        other => Error::unavailable(other),
    })?;
    Ok(Response { status: 202, ..Response::no_content() })
}
