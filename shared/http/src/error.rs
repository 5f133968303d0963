//! The one place where an error becomes HTTP.

use crate::Response;
use domain::plan::FieldError;
use serde::Serialize;
use std::error::Error as StdError;
use std::time::Duration;

type Cause = Box<dyn StdError + Send + Sync>;

/// Why a request was not carried out.
#[derive(Debug)]
pub enum Error {
    /// What was sent is wrong, field by field.
    Invalid(Vec<FieldError>),
    /// Nobody is signed in, or not with these words.
    Unauthorized(String),
    /// Signed in, and not allowed: a code and what to do.
    Forbidden(&'static str, String),
    /// Not there, or somebody else's.
    NotFound,
    /// The path is there under these methods only.
    Method(String),
    /// The state does not allow it: a code and what to do.
    Conflict(&'static str, String),
    /// `If-Match` names another version than the one that is there.
    Stale(i64),
    /// The body is larger than 256 KiB.
    TooLarge,
    /// The `Idempotency-Key` belongs to another request.
    OtherRequest,
    /// The same request is being carried out.
    Running,
    /// `If-Match` is missing.
    NoVersion,
    /// Somebody asks too often; there is room after this long.
    TooMany(Duration),
    /// Something we need is not there for a while.
    Unavailable(Cause),
    /// A defect of ours.
    Internal(Cause),
}

impl Error {
    /// A defect of ours.
    pub fn internal(cause: impl Into<Cause>) -> Self {
        Self::Internal(cause.into())
    }

    /// Something we need is not there for a while.
    pub fn unavailable(cause: impl Into<Cause>) -> Self {
        Self::Unavailable(cause.into())
    }

    /// Somebody asks too often, and who counts does not say until when.
    #[must_use]
    pub fn throttled() -> Self {
        Self::TooMany(Duration::from_secs(60))
    }

    /// One wrong field.
    pub fn field(pointer: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Invalid(vec![FieldError::new(pointer, message)])
    }
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Self {
        match error {
            store::Error::NotFound => Self::NotFound,
            store::Error::Stale(version) => Self::Stale(version),
            store::Error::InUse(deployment) => {
                let remedy =
                    format!("{deployment} still lives: DELETE /v1/deployment/{deployment}, and when it is `not_deployed` try again");
                Self::Conflict("in_use", remedy)
            }
            store::Error::Protected(plan) => {
                let remedy =
                    format!("the plan protects what was deployed from it: PUT /v1/plan/{plan} with `protect` false, and delete again");
                Self::Conflict("protected", remedy)
            }
            store::Error::Unavailable(_) => Self::unavailable(error),
            store::Error::Conflict(_) | store::Error::Invalid(_) => Self::internal(error),
        }
    }
}

/// An error body, RFC 9457.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Problem {
    /// Always `about:blank`: the code says more.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// The status in words.
    pub title: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// Stable; programs may rely on it.
    pub code: &'static str,
    /// For people: what happened and what to do.
    pub detail: String,
    /// Wrong fields, by JSON pointer.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<crate::view::WrongField>, required = false)]
    pub errors: Vec<FieldError>,
    /// To be named when asking for help.
    pub request_id: String,
}

impl Error {
    fn problem(&self, request_id: &str) -> Problem {
        let (status, title, code, detail) = match self {
            Self::Invalid(errors) => {
                let all: Vec<_> = errors.iter().map(|e| format!("{}: {}", e.pointer, e.message)).collect();
                (400, "Bad Request", "invalid", all.join("; "))
            }
            Self::Unauthorized(detail) => (401, "Unauthorized", "unauthorized", detail.clone()),
            Self::Forbidden(code, detail) => (403, "Forbidden", *code, detail.clone()),
            Self::NotFound => (404, "Not Found", "not_found", "there is nothing here, or it is not yours".to_owned()),
            Self::Method(allowed) => (405, "Method Not Allowed", "method_not_allowed", format!("this path knows {allowed}")),
            Self::Conflict(code, detail) => (409, "Conflict", *code, detail.clone()),
            Self::Running => (
                409,
                "Conflict",
                "in_progress",
                "the same request is being carried out; send it again in a second for its answer".to_owned(),
            ),
            Self::Stale(version) => {
                let detail =
                    format!("somebody changed it meanwhile, it is at version {version}; read it, change it again, and send that If-Match");
                (412, "Precondition Failed", "stale", detail)
            }
            Self::TooLarge => (413, "Content Too Large", "too_large", "the body is larger than 256 KiB".to_owned()),
            Self::OtherRequest => {
                let detail = "this Idempotency-Key was used for another request in the last 24 hours; make a new one".to_owned();
                (422, "Unprocessable Content", "idempotency_key_reused", detail)
            }
            Self::NoVersion => {
                let detail = "send If-Match with the version that you have read, as it stood in its ETag".to_owned();
                (428, "Precondition Required", "if_match_missing", detail)
            }
            Self::TooMany(wait) => {
                (429, "Too Many Requests", "too_many", format!("too many requests; there is room again in {} s", seconds(*wait)))
            }
            Self::Unavailable(_) => {
                (503, "Service Unavailable", "unavailable", "nothing was changed; try again in a few seconds".to_owned())
            }
            Self::Internal(_) => (500, "Internal Server Error", "internal", "this is a defect of ours; the request id names it".to_owned()),
        };
        let errors = match self {
            Self::Invalid(errors) => errors.clone(),
            Self::NoVersion => vec![FieldError::new("If-Match", "is missing")],
            _ => Vec::new(),
        };
        Problem { kind: "about:blank", title, status, code, detail, errors, request_id: request_id.to_owned() }
    }

    /// Logs what must be logged, once, and answers the problem.
    pub(crate) fn into_response(self, request_id: &str) -> Response {
        if let Self::Unavailable(cause) | Self::Internal(cause) = &self {
            let mut chain = cause.to_string();
            let mut next = cause.source();
            while let Some(inner) = next {
                chain = format!("{chain}: {inner}");
                next = inner.source();
            }
            tracing::error!(request_id, cause = chain, "the request failed");
        }
        let problem = self.problem(request_id);
        let text = serde_json::to_string(&problem).unwrap_or_default();
        let response = Response::text(problem.status, "application/problem+json", text);
        match self {
            Self::Method(allowed) => response.with("allow", allowed),
            Self::Running => response.with("retry-after", "1"),
            Self::TooMany(wait) => response.with("retry-after", seconds(wait).to_string()),
            Self::Unavailable(_) => response.with("retry-after", "5"),
            _ => response,
        }
    }
}

/// Whole seconds, rounded up.
fn seconds(wait: Duration) -> u64 {
    wait.as_millis().div_ceil(1000).max(1).try_into().unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_status_table() {
        let secret = || std::io::Error::other("password=hunter2");
        let table = [
            (Error::field("/name", "must be short"), 400, "invalid"),
            (Error::Unauthorized("sign in".into()), 401, "unauthorized"),
            (Error::Forbidden("not_confirmed", "confirm first".into()), 403, "not_confirmed"),
            (Error::NotFound, 404, "not_found"),
            (store::Error::NotFound.into(), 404, "not_found"),
            (Error::Method("GET".into()), 405, "method_not_allowed"),
            (Error::Conflict("not_ready", "wait".into()), 409, "not_ready"),
            (store::Error::InUse("dep_1".into()).into(), 409, "in_use"),
            (store::Error::Protected("plan_1".into()).into(), 409, "protected"),
            (Error::Running, 409, "in_progress"),
            (store::Error::Stale(3).into(), 412, "stale"),
            (Error::TooLarge, 413, "too_large"),
            (Error::OtherRequest, 422, "idempotency_key_reused"),
            (Error::NoVersion, 428, "if_match_missing"),
            (Error::TooMany(Duration::from_millis(1500)), 429, "too_many"),
            (Error::internal(secret()), 500, "internal"),
            (store::Error::Conflict("plan_pkey".into()).into(), 500, "internal"),
            (store::Error::Invalid(Box::new(secret())).into(), 500, "internal"),
            (store::Error::Unavailable(Box::new(secret())).into(), 503, "unavailable"),
        ];
        for (error, status, code) in table {
            let response = error.into_response("req-1");
            let retry_after = response.header("retry-after").map(str::to_owned);
            let (kind, body) = response.body.unwrap();
            let body: serde_json::Value = serde_json::from_str(&body).unwrap();
            assert_eq!((response.status, kind.as_ref(), body["code"].as_str()), (status, "application/problem+json", Some(code)));
            assert_eq!(body["request_id"], "req-1");
            assert!(!body.to_string().contains("hunter2"), "a cause must not reach the caller");
            let expected = match (status, code) {
                (409, "in_progress") => Some("1"),
                (429, _) => Some("2"),
                (503, _) => Some("5"),
                _ => None,
            };
            assert_eq!(retry_after.as_deref(), expected, "{code}");
        }
    }
}
