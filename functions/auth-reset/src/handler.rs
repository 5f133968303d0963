//! A person sets a new password with the code that was sent.

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
pub struct Reset {
    /// The address that signs in.
    #[schema(pattern = r"^[^@\s\x00]+@[^@\s\x00]+$", max_length = 254, example = "person@example.com")]
    email: String,
    /// From the mail.
    #[schema(pattern = "^[0-9]{6}$", example = "123456")]
    code: String,
    /// At least 12 characters.
    #[schema(min_length = 12, max_length = 256, example = "Correct-horse-9-battery")]
    password: String,
}

/// Sets the new password.
#[utoipa::path(post, path = "/v1/auth/reset", operation_id = "auth-reset", security(()), request_body = Reset,
    responses((status = 204, description = "The new password holds"), (status = 400, description = "A field is wrong", body = Problem)))]
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Error> {
    let body: Reset = request.body()?;
    fields::email(&body.email)?;
    fields::code(&body.code)?;
    fields::new_password(&body.password)?;
    deps.identity.reset(&body.email, &body.code, &body.password).await.map_err(|refused| match refused {
        Refused::WrongCode | Refused::CodeExpired => Error::field("/code", refused.to_string()),
        Refused::WeakPassword(_) => Error::field("/password", refused.to_string()),
        Refused::InvalidValue(_) => Error::field("", refused.to_string()),
        Refused::Throttled => Error::throttled(),
        other => Error::unavailable(other),
    })?;
    Ok(Response::no_content())
}
