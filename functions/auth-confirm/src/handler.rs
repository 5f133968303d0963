//! A person confirms the address with the code that was sent to it.

use http_api::{Error, Problem, Request, Response, fields};
use platform::identity::{Error as Refused, Identity};
use serde::{Deserialize, Serialize};

/// What the function is built from.
pub struct Deps {
    /// The user pool.
    pub identity: Identity,
}

/// What is answered.
#[derive(Serialize, utoipa::ToSchema)]
pub struct Confirmed {
    /// `true`
    confirmed: bool,
    /// What to do next.
    next: &'static str,
}

/// What is sent.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Confirm {
    /// The address that signs in.
    #[schema(pattern = r"^[^@\s\x00]+@[^@\s\x00]+$", max_length = 254, example = "person@example.com")]
    email: String,
    /// From the mail.
    #[schema(pattern = "^[0-9]{6}$", example = "123456")]
    code: String,
}

/// Confirms the address.
#[utoipa::path(post, path = "/v1/auth/confirm", operation_id = "auth-confirm", security(()), request_body = Confirm,
    responses((status = 200, description = "The address is confirmed", body = Confirmed), (status = 400, description = "A field is wrong", body = Problem)))]
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Error> {
    let body: Confirm = request.body()?;
    fields::email(&body.email)?;
    fields::code(&body.code)?;
    deps.identity.confirm(&body.email, &body.code).await.map_err(|refused| match refused {
        Refused::WrongCode | Refused::CodeExpired | Refused::InvalidValue(_) => Error::field("/code", refused.to_string()),
        Refused::Throttled => Error::throttled(),
        other => Error::unavailable(other),
    })?;
    Ok(Response::ok(&Confirmed { confirmed: true, next: "POST /v1/auth/sign-in" }))
}
