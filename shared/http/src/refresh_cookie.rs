//! The refresh token as a cookie, for the page: no script can read it.
//!
//! `__Host-` ties it to this host, and to HTTPS (browsers take `http://localhost` for as good). `SameSite=Strict` keeps it out of what
//! other sites make a browser send. Should that fail, a token is taken from the cookie only with a content type that another site's
//! form can't send, and that its script may send only where the API allows other sites: it allows none.

use crate::{Error, Request, Response, fields};
use serde::Serialize;

/// What the browser keeps it under.
pub const NAME: &str = "__Host-refresh";

const RULES: &str = "HttpOnly; Secure; SameSite=Strict; Path=/";

/// The refresh token that the browser sent.
///
/// # Errors
/// 401 if there is none, or nothing that looks like one; 400 if the body does not say that it is JSON.
pub fn read(request: &Request) -> Result<&str, Error> {
    let nobody = || Error::Unauthorized("sign in first: no refresh token came, neither in the body nor as a cookie".to_owned());
    let token = request.cookie(NAME).filter(|token| fields::refresh_token(token).is_ok()).ok_or_else(nobody)?;
    let kind = request.header("content-type").and_then(|value| value.split(';').next()).unwrap_or_default();
    if !kind.trim().eq_ignore_ascii_case("application/json") {
        return Err(Error::field("Content-Type", "must be application/json where the refresh token comes as a cookie"));
    }
    Ok(token)
}

impl Response {
    /// 200 with tokens, which nobody on the way may keep. A refresh token that was taken out of them is kept by the browser, for as
    /// many days as it lives.
    #[must_use]
    pub fn tokens(tokens: &impl Serialize, taken_out: Option<&str>, days: u32) -> Self {
        let response = Self::ok(tokens).with("cache-control", "no-store");
        match taken_out {
            Some(token) => response.with("set-cookie", format!("{NAME}={token}; Max-Age={}; {RULES}", u64::from(days) * 24 * 3600)),
            None => response,
        }
    }

    /// Has the browser forget it.
    #[must_use]
    pub fn forgetting(self) -> Self {
        self.with("set-cookie", format!("{NAME}=; Max-Age=0; {RULES}"))
    }
}
