use serde_json::Value;
use std::fmt;

/// Why a command did not do what was asked, with the exit code that the README lists.
#[derive(Debug)]
pub struct Failure {
    code: u8,
    message: String,
    passing: bool,
}

impl Failure {
    pub fn service(message: impl Into<String>) -> Self {
        Self { code: 1, message: message.into(), passing: false }
    }

    /// What may be gone at the next try: the network, or a service that says so.
    pub fn passing(message: impl Into<String>) -> Self {
        Self { passing: true, ..Self::service(message) }
    }

    pub fn usage(message: impl Into<String>) -> Self {
        Self { code: 2, message: message.into(), passing: false }
    }

    pub fn signed_out() -> Self {
        Self {
            code: 3, message: "not signed in, or the sign-in has expired: run `cloudsail sign-in --email …`".to_owned(), passing: false
        }
    }

    pub fn timed_out(message: impl Into<String>) -> Self {
        Self { code: 5, message: message.into(), passing: false }
    }

    /// What the API said, a line for each wrong field.
    pub fn problem(status: u16, body: &Value) -> Self {
        let code = match status {
            401 => 3,
            404 => 4,
            400..=499 => 2,
            _ => 1,
        };
        let mut message = body["detail"].as_str().or(body["message"].as_str()).unwrap_or("the API gave no reason").to_owned();
        if let Some(errors) = body["errors"].as_array().filter(|errors| !errors.is_empty()) {
            let line =
                |e: &Value| format!("\n  {}: {}", e["pointer"].as_str().unwrap_or_default(), e["message"].as_str().unwrap_or_default());
            message = format!("this can't be accepted:{}", errors.iter().map(line).collect::<String>());
        }
        if status == 401 && body["code"].is_null() {
            return Self::signed_out();
        }
        if let (500.., Some(id)) = (status, body["request_id"].as_str()) {
            message = format!("{message} (request {id})");
        }
        Self { code, message, passing: matches!(status, 429 | 502..=504) }
    }

    pub fn may_pass(&self) -> bool {
        self.passing
    }

    pub fn code(&self) -> u8 {
        self.code
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}
