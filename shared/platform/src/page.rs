//! Cognito's own page to sign in on. A person comes back from it with a code, which is traded here and not in the browser, so that no
//! script of the site ever holds the refresh token.

use crate::identity::{Error, Tokens};
use serde::Deserialize;
use std::time::Duration;

/// A person waits for it.
const PATIENCE: Duration = Duration::from_secs(5);

/// The page, and the app client that people come back to.
#[derive(Debug, Clone)]
pub struct Page {
    client: reqwest::Client,
    token_url: String,
    client_id: String,
}

/// What the endpoint answers ("Token endpoint", Amazon Cognito Developer Guide).
#[derive(Deserialize)]
struct Traded {
    access_token: String,
    id_token: String,
    refresh_token: String,
    expires_in: i32,
}

#[derive(Deserialize)]
struct Refused {
    error: String,
}

impl Page {
    /// `url` is the page's address, without a path.
    #[must_use]
    pub fn new(url: &str, client_id: String) -> Self {
        Self { client: reqwest::Client::new(), token_url: format!("{}/oauth2/token", url.trim_end_matches('/')), client_id }
    }

    /// Tokens for a code, which is spent by that. `verifier` is what the browser hashed into the challenge that it began with
    /// (RFC 7636), `redirect_uri` where it was sent back to.
    ///
    /// # Errors
    /// `BadCredentials` for a code that is spent, too old, or was given to somebody who began with another challenge or address,
    /// `Throttled`, `Unavailable`.
    pub async fn trade(&self, code: &str, verifier: &str, redirect_uri: &str) -> Result<Tokens, Error> {
        let form = form_urlencoded::Serializer::new(String::new())
            .append_pair("grant_type", "authorization_code")
            .append_pair("client_id", &self.client_id)
            .append_pair("code", code)
            .append_pair("code_verifier", verifier)
            .append_pair("redirect_uri", redirect_uri)
            .finish();
        let request = self.client.post(&self.token_url).timeout(PATIENCE);
        let request = request.header("content-type", "application/x-www-form-urlencoded").body(form);
        // What failed is said without the request, which holds the code.
        let unreachable = |error: reqwest::Error| Error::Unavailable(error.without_url().to_string());
        let answer = request.send().await.map_err(unreachable)?;
        let status = answer.status();
        let body = answer.bytes().await.map_err(unreachable)?;
        if status.is_success() {
            let traded: Traded = serde_json::from_slice(&body).map_err(|_| Error::Unavailable("an answer without tokens".to_owned()))?;
            return Ok(Tokens {
                access_token: traded.access_token,
                id_token: traded.id_token,
                refresh_token: Some(traded.refresh_token),
                expires_in: traded.expires_in,
                token_type: "Bearer",
            });
        }
        let refused = serde_json::from_slice(&body).map(|Refused { error }| error);
        match (status.as_u16(), refused.as_deref()) {
            (429, _) => Err(Error::Throttled),
            (400, Ok("invalid_grant" | "invalid_request")) => Err(Error::BadCredentials),
            (status, refused) => Err(Error::Unavailable(format!("{} (status {status})", refused.unwrap_or("no reason")))),
        }
    }
}
