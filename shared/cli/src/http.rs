//! One call to the service, repeated where that is safe.

use crate::failure::Failure;
use serde_json::Value;
use std::io::{IsTerminal, Write};
use std::time::Duration;
use ureq::{Error, Timeout};
use uuid::Uuid;

/// The waits before a call is repeated where the service names none.
const WAITS: [Duration; 3] = [Duration::from_millis(500), Duration::from_secs(1), Duration::from_secs(2)];
/// Who is told to wait longer than this hears it at once.
const LONGEST_WAIT: Duration = Duration::from_secs(120);
/// A person who watches a silent screen for as long wants to know why.
const NOTED: Duration = Duration::from_secs(1);

/// What is asked of the service.
pub struct Call {
    method: &'static str,
    path: String,
    headers: Vec<(&'static str, String)>,
    body: Option<Value>,
}

impl Call {
    pub fn get(path: &str) -> Self {
        Self { method: "GET", path: path.to_owned(), headers: Vec::new(), body: None }
    }

    /// A POST has a key of its own, so that the service carries it out once however often it arrives.
    pub fn post(path: &str, body: &Value) -> Self {
        let headers = vec![("idempotency-key", Uuid::new_v4().to_string())];
        Self { method: "POST", path: path.to_owned(), headers, body: Some(body.clone()) }
    }

    /// Replaces what still has the version.
    pub fn put(path: &str, version: &Value, body: &Value) -> Self {
        let headers = vec![("if-match", format!("\"{version}\""))];
        Self { method: "PUT", path: path.to_owned(), headers, body: Some(body.clone()) }
    }

    pub fn delete(path: &str) -> Self {
        Self { method: "DELETE", path: path.to_owned(), headers: Vec::new(), body: None }
    }

    pub fn path(&self) -> &str {
        &self.path
    }
}

/// What the service said.
pub struct Answer {
    pub status: u16,
    pub body: Value,
    wait: Option<Duration>,
}

impl Answer {
    /// The body of a success.
    pub fn ok(self) -> Result<Value, Failure> {
        if (200..300).contains(&self.status) { Ok(self.body) } else { Err(Failure::problem(self.status, &self.body)) }
    }
}

/// Where the API answers.
pub struct Service {
    url: String,
    agent: ureq::Agent,
}

impl Service {
    pub fn new(url: &str) -> Self {
        let config = ureq::Agent::config_builder().http_status_as_error(false).timeout_global(Some(Duration::from_secs(40))).build();
        Self { url: url.trim_end_matches('/').to_owned(), agent: config.into() }
    }

    pub fn url(&self) -> &str {
        &self.url
    }

    /// Sends the call, as the person whose token it is. What is answered 429 or 503 was not carried out and is repeated, up to three
    /// times; so is what broke off, if a second arrival does no harm.
    pub fn send(&self, call: &Call, token: Option<&str>) -> Result<Answer, Failure> {
        let mut waits = WAITS.into_iter();
        loop {
            let result = self.once(call, token);
            let safe = match &result {
                Ok(answer) => matches!(answer.status, 429 | 503),
                Err(error) => unsent(error) || (broken(error) && matches!(call.method, "GET" | "POST")),
            };
            let named = result.as_ref().ok().and_then(|answer| answer.wait);
            match waits.next().filter(|_| safe).map(|wait| named.unwrap_or(wait)).filter(|wait| *wait <= LONGEST_WAIT) {
                Some(wait) => {
                    note(&result, wait);
                    std::thread::sleep(wait);
                }
                None => return result.map_err(|error| self.failure(&error)),
            }
        }
    }

    fn once(&self, call: &Call, token: Option<&str>) -> Result<Answer, Error> {
        let mut request = ureq::http::Request::builder().method(call.method).uri(format!("{}{}", self.url, call.path));
        for (name, value) in &call.headers {
            request = request.header(*name, value);
        }
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let mut response = match &call.body {
            Some(body) => self.agent.run(request.header("content-type", "application/json").body(body.to_string())?)?,
            None => self.agent.run(request.body(())?)?,
        };
        let wait = response.headers().get("retry-after").and_then(|value| value.to_str().ok()?.trim().parse().ok());
        let text = response.body_mut().read_to_string()?;
        let body = serde_json::from_str(&text).unwrap_or(Value::Null);
        Ok(Answer { status: response.status().as_u16(), body, wait: wait.map(Duration::from_secs) })
    }

    fn failure(&self, error: &Error) -> Failure {
        match error {
            Error::BadUri(_) | Error::Http(_) => {
                Failure::usage(format!("{} is no address of an API ({error}): see --api-url and API_URL", self.url))
            }
            _ => Failure::passing(format!("the API at {} can't be reached: {error}", self.url)),
        }
    }
}

/// The service has not seen the call.
fn unsent(error: &Error) -> bool {
    match error {
        Error::Io(error) => error.kind() == std::io::ErrorKind::ConnectionRefused,
        Error::HostNotFound | Error::ConnectionFailed | Error::Timeout(Timeout::Resolve | Timeout::Connect) => true,
        _ => false,
    }
}

/// The service may have seen the call, and its answer did not arrive.
fn broken(error: &Error) -> bool {
    matches!(error, Error::Io(_) | Error::Protocol(_))
}

/// A wait that can be felt is explained, on standard error.
fn note(result: &Result<Answer, Error>, wait: Duration) {
    if wait < NOTED {
        return;
    }
    let why = match result {
        Ok(answer) if answer.status == 429 => "too many calls".to_owned(),
        Ok(_) => "the service is busy".to_owned(),
        Err(error) => format!("the API can't be reached: {error}"),
    };
    // A step that is shown as it runs gives way. A terminal that went away is no reason to stop.
    let mut screen = std::io::stderr().lock();
    let clear = if screen.is_terminal() { "\r\x1b[K" } else { "" };
    let _ = writeln!(screen, "{clear}cloudsail: {why}; trying again in {} s", wait.as_secs());
}
