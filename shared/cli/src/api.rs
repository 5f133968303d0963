//! Calls to the API.

use crate::failure::Failure;
use crate::files;
use serde_json::Value;
use std::time::Duration;

/// The API, as the person who is signed in.
pub struct Api {
    url: String,
    agent: ureq::Agent,
    /// Print JSON instead of text.
    pub json: bool,
}

impl Api {
    pub fn new(url: String, json: bool) -> Self {
        let config = ureq::Agent::config_builder().http_status_as_error(false).timeout_global(Some(Duration::from_secs(40))).build();
        Self { url: url.trim_end_matches('/').to_owned(), agent: config.into(), json }
    }

    pub fn get(&self, path: &str) -> Result<Value, Failure> {
        let request = self.agent.get(format!("{}{path}", self.url)).header("authorization", bearer()?);
        answer(request.call())
    }

    pub fn post(&self, path: &str, body: &Value) -> Result<Value, Failure> {
        let request = self.agent.post(format!("{}{path}", self.url)).header("authorization", bearer()?);
        answer(request.send_json(body))
    }

    /// A route that needs nobody to be signed in.
    pub fn post_open(&self, path: &str, body: &Value) -> Result<Value, Failure> {
        answer(self.agent.post(format!("{}{path}", self.url)).send_json(body))
    }

    pub fn delete(&self, path: &str) -> Result<Value, Failure> {
        let request = self.agent.delete(format!("{}{path}", self.url)).header("authorization", bearer()?);
        answer(request.call())
    }

    /// Prints the answer as JSON, or the text for people.
    pub fn print(&self, answer: &Value, text: impl FnOnce() -> String) {
        if self.json {
            println!("{}", serde_json::to_string_pretty(answer).unwrap_or_default());
        } else {
            println!("{}", text());
        }
    }
}

fn bearer() -> Result<String, Failure> {
    let text = std::fs::read_to_string(files::folder()?.join("token.json")).map_err(|_| Failure::signed_out())?;
    let tokens: Value = serde_json::from_str(&text).map_err(|_| Failure::signed_out())?;
    let token = tokens["access_token"].as_str().ok_or_else(Failure::signed_out)?;
    Ok(format!("Bearer {token}"))
}

fn answer(result: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Result<Value, Failure> {
    let mut response = result.map_err(|error| Failure::passing(format!("the API can't be reached: {error}")))?;
    let status = response.status().as_u16();
    let text = response.body_mut().read_to_string().map_err(|error| Failure::passing(format!("the answer broke off: {error}")))?;
    let body = serde_json::from_str(&text).unwrap_or(Value::Null);
    if (200..300).contains(&status) { Ok(body) } else { Err(Failure::problem(status, &body)) }
}
