//! A person makes an account; a code is sent to the address.

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
pub struct SignedUp {
    /// The `sub` of later tokens.
    user_id: String,
    /// Where the code went, shortened.
    code_sent_to: Option<String>,
    /// What to do next.
    next: &'static str,
}

/// What is sent.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignUp {
    /// The address that signs in.
    #[schema(pattern = r"^[^@\s\x00]+@[^@\s\x00]+$", max_length = 254, example = "person@example.com")]
    email: String,
    /// At least 12 characters.
    #[schema(min_length = 12, max_length = 256, example = "Correct-horse-9-battery")]
    password: String,
}

/// Makes a user who must confirm the address.
#[utoipa::path(post, path = "/v1/auth/sign-up", operation_id = "auth-sign-up", security(()), request_body = SignUp,
    responses((status = 201, description = "A code was sent to the address", body = SignedUp), (status = 400, description = "A field is wrong", body = Problem), (status = 409, description = "Somebody has this address", body = Problem)))]
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Error> {
    let body: SignUp = request.body()?;
    fields::email(&body.email)?;
    fields::new_password(&body.password)?;
    let user = deps.identity.sign_up(&body.email, &body.password).await.map_err(|refused| match refused {
        Refused::UserExists => Error::Conflict("user_exists", refused.to_string()),
        Refused::WeakPassword(message) => Error::field("/password", message),
        Refused::InvalidValue(message) => Error::field("/email", message),
        Refused::Throttled => Error::throttled(),
        other => Error::unavailable(other),
    })?;
    let next = "POST /v1/auth/confirm with the code";
    Ok(Response::created(&SignedUp { user_id: user.user_id, code_sent_to: user.sent_to, next }))
}
