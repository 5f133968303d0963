//! Calls to the API.

use crate::failure::Failure;
use crate::files;
use serde_json::Value;
use std::time::Duration;

/// The largest page that the API answers.
const PAGE: usize = 100;

/// The API, as the person who is signed in.
pub struct Api {
    url: String,
    agent: ureq::Agent,
}

impl Api {
    pub fn new(url: &str) -> Self {
        let config = ureq::Agent::config_builder().http_status_as_error(false).timeout_global(Some(Duration::from_secs(40))).build();
        Self { url: url.trim_end_matches('/').to_owned(), agent: config.into() }
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

    /// The items of all pages.
    pub fn all(&self, path: &str) -> Result<Vec<Value>, Failure> {
        let (mut items, mut cursor) = (Vec::new(), None);
        loop {
            let (page, next) = self.page(path, cursor.as_deref())?;
            items.extend(page);
            if next.is_none() {
                return Ok(items);
            }
            if next == cursor {
                return Err(Failure::service(format!("the API answers the same page of {path} again and again")));
            }
            cursor = next;
        }
    }

    /// The items after the cursor, and the cursor of the next page if there may be one.
    fn page(&self, path: &str, cursor: Option<&str>) -> Result<(Vec<Value>, Option<String>), Failure> {
        let after = cursor.map_or_else(String::new, |cursor| format!("&cursor={}", encoded(cursor)));
        let mut page = self.get(&format!("{path}?limit={PAGE}{after}"))?;
        let Value::Array(items) = page["items"].take() else {
            return Err(Failure::service(format!("the API did not answer a list at {path}")));
        };
        Ok((items, page["next_cursor"].as_str().map(str::to_owned)))
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

/// A query's value (RFC 3986).
fn encoded(value: &str) -> String {
    let byte = |b: u8| match b {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(b).to_string(),
        _ => format!("%{b:02X}"),
    };
    value.bytes().map(byte).collect()
}

#[cfg(test)]
mod tests {
    use super::encoded;

    #[test]
    fn a_cursor_stays_one_value_of_the_query() {
        assert_eq!(encoded("plan_0-1.~"), "plan_0-1.~");
        assert_eq!(encoded("a+/=&é"), "a%2B%2F%3D%26%C3%A9");
    }
}
