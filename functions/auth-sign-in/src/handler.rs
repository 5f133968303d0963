//! A person signs in.

use http_api::{Error, Problem, Request, Response, fields};
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
pub struct SignIn {
    /// The address that signs in.
    #[schema(pattern = r"^[^@\s\x00]+@[^@\s\x00]+$", max_length = 254, example = "person@example.com")]
    email: String,
    /// The password.
    #[schema(min_length = 1, max_length = 256, example = "Correct-horse-9-battery")]
    password: String,
    /// Whether the refresh token is answered as a cookie that no script can read, instead of in the body: for pages of this origin.
    #[serde(default)]
    #[schema(example = false)]
    cookie: bool,
}

/// Answers tokens; the access token goes into `Authorization: Bearer`.
#[utoipa::path(post, path = "/v1/auth/sign-in", operation_id = "auth-sign-in", security(()), request_body = SignIn,
    responses((status = 200, description = "Tokens", body = Tokens), (status = 400, description = "A field is wrong", body = Problem), (status = 401, description = "Nobody is signed in", body = Problem), (status = 403, description = "The address is not confirmed", body = Problem)))]
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Error> {
    let body: SignIn = request.body()?;
    fields::email(&body.email)?;
    fields::password(&body.password)?;
    let mut tokens = deps.identity.sign_in(&body.email, &body.password).await.map_err(|refused| match refused {
        Refused::BadCredentials | Refused::InvalidValue(_) => Error::Unauthorized(Refused::BadCredentials.to_string()),
        Refused::NotConfirmed => Error::Forbidden("not_confirmed", refused.to_string()),
        Refused::Throttled => Error::throttled(),
        other => Error::unavailable(other),
    })?;
    let kept = if body.cookie { tokens.refresh_token.take() } else { None };
    Ok(Response::tokens(&tokens, kept.as_deref(), deps.days))
}
