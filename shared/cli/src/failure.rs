use crate::out::{tame, text};
use domain::plan::FieldError;
use serde_json::Value;
use std::fmt;

/// Why a command did not do what was asked, with the exit code that the README lists.
#[derive(Debug)]
pub struct Failure {
    code: u8,
    status: Option<u16>,
    message: String,
    passing: bool,
}

impl Failure {
    fn new(code: u8, message: impl Into<String>) -> Self {
        Self { code, status: None, message: message.into(), passing: false }
    }

    pub fn service(message: impl Into<String>) -> Self {
        Self::new(1, message)
    }

    /// What may be gone at the next try: the network, or a service that says so.
    pub fn passing(message: impl Into<String>) -> Self {
        Self { passing: true, ..Self::service(message) }
    }

    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(2, message)
    }

    pub fn signed_out() -> Self {
        Self::new(3, "not signed in, or the sign-in has ended: run `cloudsail sign-in --email …`")
    }

    pub fn elsewhere(there: &str, here: &str) -> Self {
        Self::new(3, format!("you are signed in at {there}, not at {here}: run `cloudsail sign-in --email …`, or change API_URL"))
    }

    pub fn timed_out(message: impl Into<String>) -> Self {
        Self::new(5, message)
    }

    /// The person said no.
    pub fn refused() -> Self {
        Self::new(6, "nothing was done")
    }

    /// A plan that is wrong, a line for each field.
    pub fn fields(errors: &[FieldError]) -> Self {
        let failure = Self::usage(lines(errors.iter().map(|error| (error.pointer.as_str(), error.message.as_str()))));
        let region = errors.iter().any(|error| error.pointer == "/cloud/region");
        if region { failure.hint("say which: --region REGION, or `\"cloud\":{\"region\":…}` in the plan") } else { failure }
    }

    /// What the API said, a line for each wrong field.
    pub fn problem(status: u16, body: &Value) -> Self {
        let code = match status {
            401 => 3,
            404 => 4,
            429 => 1,
            400..=499 => 2,
            _ => 1,
        };
        if status == 401 && body["code"].is_null() {
            return Self::signed_out();
        }
        let said = body["detail"].as_str().or(body["message"].as_str());
        let mut message = said.map_or_else(|| format!("the API answered {status} and gave no reason"), tame);
        if let Some(errors) = body["errors"].as_array().filter(|errors| !errors.is_empty()) {
            message = lines(errors.iter().map(|error| (text(&error["pointer"]), text(&error["message"]))));
        }
        if let (500.., Some(id)) = (status, body["request_id"].as_str()) {
            message = format!("{message} (request {id})");
        }
        let failure = Self { code, status: Some(status), message, passing: matches!(status, 429 | 502..=504) };
        match remedy(status, body) {
            Some(remedy) => failure.hint(remedy),
            None => failure,
        }
    }

    /// Adds a line that says what to do.
    pub fn hint(mut self, line: impl fmt::Display) -> Self {
        self.message = format!("{}\n  {line}", self.message);
        self
    }

    /// Adds a line to what the API answered with this status.
    pub fn hint_at(self, status: u16, line: impl fmt::Display) -> Self {
        if self.status == Some(status) { self.hint(line) } else { self }
    }

    /// The status that the API answered.
    pub fn status(&self) -> Option<u16> {
        self.status
    }

    pub fn may_pass(&self) -> bool {
        self.passing
    }

    pub fn code(&self) -> u8 {
        self.code
    }
}

fn lines<'a>(errors: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let lines = errors.map(|(pointer, message)| tame(&format!("  {pointer}: {message}")));
    format!("this can't be accepted:\n{}", lines.collect::<Vec<_>>().join("\n"))
}

/// The command that helps, where the API can only name a route.
fn remedy(status: u16, body: &Value) -> Option<&'static str> {
    let at = |pointer: &str| body["errors"].as_array().is_some_and(|errors| errors.iter().any(|e| e["pointer"] == pointer));
    match body["code"].as_str() {
        Some("not_confirmed") => Some("the code is in the mail: cloudsail confirm --email … --code …"),
        Some("account_not_verified") => Some("see which: cloudsail account list; then: cloudsail account verify ACCOUNT"),
        _ if at("/cloud/account") => {
            Some("link one: cloudsail account add --aws-account-id … --region …; or see yours: cloudsail account list")
        }
        _ if status >= 500 && !matches!(status, 502..=504) => Some("if it stays so, ask for help and name the request"),
        _ => None,
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn each_wrong_field_has_its_line_and_the_remedy_follows() {
        let body = json!({"code": "invalid", "errors": [{"pointer": "/cloud/account", "message": "none is linked"}, {"pointer": "/name", "message": "too\nlong"}]});
        let failure = Failure::problem(400, &body);
        let lines: Vec<_> = failure.message.lines().collect();
        assert_eq!(lines[..3], ["this can't be accepted:", "  /cloud/account: none is linked", "  /name: too long"]);
        assert!(lines[3].contains("cloudsail account add"), "{failure}");
        assert_eq!((failure.code(), failure.may_pass()), (2, false));
    }

    #[test]
    fn the_status_decides_the_exit_code() {
        let code = |status| Failure::problem(status, &json!({"code": "c", "detail": "d"})).code();
        assert_eq!([400, 401, 403, 404, 409, 412, 429, 500, 503].map(code), [2, 3, 2, 4, 2, 2, 1, 1, 1]);
    }
}
