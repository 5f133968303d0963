//! A person comes back from Cognito's page, where they signed in by Google.

use http_api::{Error, Problem, Request, Response, fields};
use platform::identity::{Error as Refused, Tokens};
use platform::page::Page;
use serde::Deserialize;

/// What the function is built from.
pub struct Deps {
    /// Cognito's page, where the environment has one.
    pub page: Option<Page>,
    /// How long a refresh token lives.
    pub days: u32,
}

/// What is sent.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Code {
    /// What the person was sent back with; it is good once, for five minutes.
    #[schema(min_length = 1, max_length = 2048, pattern = "^[!-~]+$", example = "4f7c1f0e-8d5b-4a52-9a55-2f3d4c1b7e90")]
    code: String,
    /// What the challenge was made of that the sign-in began with.
    #[schema(min_length = 43, max_length = 128, pattern = r"^[A-Za-z0-9\-._~]+$", example = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")]
    verifier: String,
    /// Where the person was sent back to.
    #[schema(min_length = 1, max_length = 2048, pattern = "^[!-~]+$", example = "https://cloudsail.example.com/sign-in/google")]
    redirect_uri: String,
    /// Whether the refresh token is answered as a cookie that no script can read, instead of in the body: for pages of this origin.
    #[serde(default)]
    #[schema(example = false)]
    cookie: bool,
}

/// Trades the code of a sign-in by Google for tokens.
#[utoipa::path(post, path = "/v1/auth/code", operation_id = "auth-code", security(()), request_body = Code,
    responses((status = 200, description = "Tokens", body = Tokens), (status = 400, description = "A field is wrong", body = Problem),
        (status = 401, description = "The code is spent, too old, or of another sign-in", body = Problem),
        (status = 404, description = "Nobody signs in by Google here", body = Problem)))]
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Error> {
    let body: Code = request.body()?;
    for (pointer, text) in [("/code", &body.code), ("/redirect_uri", &body.redirect_uri)] {
        if !(1..=2048).contains(&text.len()) || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(Error::field(pointer, "must be as the sign-in began with it, or came back with it"));
        }
    }
    fields::verifier(&body.verifier)?;
    let page = deps.page.as_ref().ok_or(Error::NotFound)?;
    let mut tokens = page.trade(&body.code, &body.verifier, &body.redirect_uri).await.map_err(|refused| match refused {
        Refused::BadCredentials => Error::Unauthorized("sign in again: this code is spent, too old, or of another sign-in".to_owned()),
        Refused::Throttled => Error::throttled(),
        other => Error::unavailable(other),
    })?;
    let kept = if body.cookie { tokens.refresh_token.take() } else { None };
    Ok(Response::tokens(&tokens, kept.as_deref(), deps.days))
}
