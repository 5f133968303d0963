//! Calls to the API.

use crate::failure::Failure;
use crate::http::{Call, Service};
use crate::session;
use serde_json::Value;

/// The largest page that the API answers.
pub const PAGE: usize = 100;

/// The API, as the person who is signed in.
pub struct Api {
    pub service: Service,
}

impl Api {
    /// The API at an address.
    pub fn at(url: &str) -> Result<Self, Failure> {
        if url.is_empty() {
            return Err(Failure::usage("say where the API is: --api-url, or API_URL (in the local cloud: `. .local/env`)"));
        }
        Ok(Self { service: Service::new(url) })
    }

    pub fn get(&self, path: &str) -> Result<Value, Failure> {
        self.send(&Call::get(path))
    }

    pub fn post(&self, path: &str, body: &Value) -> Result<Value, Failure> {
        self.send(&Call::post(path, body))
    }

    pub fn put(&self, path: &str, version: &Value, body: &Value) -> Result<Value, Failure> {
        self.send(&Call::put(path, version, body))
    }

    pub fn delete(&self, path: &str) -> Result<Value, Failure> {
        self.send(&Call::delete(path))
    }

    /// A route that needs nobody to be signed in.
    pub fn post_open(&self, path: &str, body: &Value) -> Result<Value, Failure> {
        self.service.send(&Call::post(path, body), None)?.ok()
    }

    /// The items of all pages. The path may have a query.
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
    pub fn page(&self, path: &str, cursor: Option<&str>) -> Result<(Vec<Value>, Option<String>), Failure> {
        let after = cursor.map_or_else(String::new, |cursor| format!("&cursor={}", encoded(cursor)));
        let and = if path.contains('?') { '&' } else { '?' };
        let mut page = self.get(&format!("{path}{and}limit={PAGE}{after}"))?;
        let Value::Array(items) = page["items"].take() else {
            return Err(Failure::service(format!("the API did not answer a list at {path}")));
        };
        Ok((items, page["next_cursor"].as_str().map(str::to_owned)))
    }

    /// A token that the service refuses is renewed once.
    fn send(&self, call: &Call) -> Result<Value, Failure> {
        let tokens = session::fresh(&self.service)?;
        let mut answer = self.service.send(call, Some(&tokens.access_token))?;
        if answer.status == 401 {
            let tokens = session::renew(&self.service, &tokens.access_token)?;
            answer = self.service.send(call, Some(&tokens.access_token))?;
        }
        if answer.status == 401 {
            return Err(Failure::signed_out());
        }
        answer.ok().map_err(|failure| failure.hint_at(404, listed(call.path())))
    }
}

/// Where ids of the kind that the path names are shown.
fn listed(path: &str) -> &'static str {
    match path.split('/').nth(2) {
        Some("account") => "see yours: cloudsail account list",
        Some("plan") => "see yours: cloudsail plan list",
        _ => "see yours: cloudsail deployment list",
    }
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
