//! Who is signed in: the tokens in `token.json`, renewed before they end.

use crate::failure::Failure;
use crate::files;
use crate::http::{Call, Service};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::fs::File;
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

/// A token that ends within this many seconds could end on its way.
const MARGIN: u64 = 30;

/// What `token.json` holds.
#[derive(Clone, Serialize, Deserialize)]
pub struct Tokens {
    pub access_token: String,
    /// Seconds since 1970. Without it the token is used until the service refuses it.
    expires_at: Option<u64>,
    pub refresh_token: Option<String>,
    /// The API that made the tokens: no other is shown them.
    api_url: Option<String>,
}

impl Tokens {
    /// The tokens of an answer; one that brings no new refresh token leaves the old one in force.
    fn of(answer: &Value, service: &Service, refresh_token: Option<String>) -> Result<Self, Failure> {
        let text = |key: &str| answer[key].as_str().map(str::to_owned);
        let access_token = text("access_token").ok_or_else(|| Failure::service("the API did not answer a token"))?;
        let expires_at = answer["expires_in"].as_u64().map(|seconds| now() + seconds);
        Ok(Self { access_token, expires_at, refresh_token: text("refresh_token").or(refresh_token), api_url: Some(service.url().into()) })
    }

    fn ends_soon(&self) -> bool {
        self.expires_at.is_some_and(|end| end <= now() + MARGIN)
    }
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}

fn path() -> Result<PathBuf, Failure> {
    Ok(files::folder()?.join("token.json"))
}

/// Keeps other commands from changing the tokens until it is dropped.
pub fn lock() -> Result<File, Failure> {
    let path = files::folder()?.join("token.lock");
    let file = File::options().write(true).create(true).truncate(false).mode(0o600).open(&path);
    let locked = file.and_then(|file| file.lock().map(|()| file));
    locked.map_err(|error| Failure::service(format!("{}: {error}", path.display())))
}

/// Keeps what a sign-in answered.
pub fn begin(service: &Service, answer: &Value) -> Result<(), Failure> {
    let _lock = lock()?;
    keep(&Tokens::of(answer, service, None)?)
}

fn keep(tokens: &Tokens) -> Result<(), Failure> {
    let text = serde_json::to_string(tokens).map_err(|error| Failure::service(error.to_string()))?;
    files::write_private(&path()?, &text)
}

/// Forgets the tokens.
pub fn forget() -> Result<(), Failure> {
    let path = path()?;
    std::fs::remove_file(&path).map_err(|error| Failure::service(format!("{}: {error}", path.display())))
}

/// The tokens, if somebody is signed in at this API.
pub fn load(service: &Service) -> Result<Tokens, Failure> {
    let text = std::fs::read_to_string(path()?).map_err(|_| Failure::signed_out())?;
    let tokens: Tokens = serde_json::from_str(&text).map_err(|_| Failure::signed_out())?;
    match &tokens.api_url {
        Some(url) if url != service.url() => Err(Failure::elsewhere(url, service.url())),
        _ => Ok(tokens),
    }
}

/// Tokens that last for a call.
pub fn fresh(service: &Service) -> Result<Tokens, Failure> {
    let tokens = load(service)?;
    if tokens.ends_soon() { renew(service, &tokens.access_token) } else { Ok(tokens) }
}

/// Exchanges the refresh token, which can be used once, for new tokens. Of two commands that find the same access token ended, the
/// second waits and takes what the first one got.
pub fn renew(service: &Service, ended: &str) -> Result<Tokens, Failure> {
    let _lock = lock()?;
    let tokens = load(service)?;
    if tokens.access_token != ended && !tokens.ends_soon() {
        return Ok(tokens);
    }
    let refresh_token = tokens.refresh_token.ok_or_else(Failure::signed_out)?;
    let answer = service.send(&Call::post("/v1/auth/refresh", &json!({"refresh_token": refresh_token})), None)?;
    if matches!(answer.status, 400 | 401 | 403) {
        return Err(Failure::signed_out());
    }
    let tokens = Tokens::of(&answer.ok()?, service, Some(refresh_token))?;
    keep(&tokens)?;
    Ok(tokens)
}

/// Whether somebody is signed in anywhere.
pub fn exists() -> Result<bool, Failure> {
    Ok(path()?.exists())
}
