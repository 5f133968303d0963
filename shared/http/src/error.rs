//! The one place where an error becomes HTTP.

use crate::Response;
use domain::plan::FieldError;
use serde::Serialize;
use std::error::Error as StdError;

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
    /// The state does not allow it: a code and what to do.
    Conflict(&'static str, String),
    /// The body is larger than 256 KiB.
    TooLarge,
    /// Somebody asks too often.
    TooMany,
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

    /// One wrong field.
    pub fn field(pointer: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Invalid(vec![FieldError::new(pointer, message)])
    }
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Self {
        match error {
            store::Error::NotFound => Self::NotFound,
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
    #[schema(value_type = Vec<Object>)]
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
            Self::Conflict(code, detail) => (409, "Conflict", *code, detail.clone()),
            Self::TooLarge => (413, "Content Too Large", "too_large", "the body is larger than 256 KiB".to_owned()),
            Self::TooMany => (429, "Too Many Requests", "too_many", "too many requests; try again in a minute".to_owned()),
            Self::Unavailable(_) => {
                (503, "Service Unavailable", "unavailable", "nothing was changed; try again in a few seconds".to_owned())
            }
            Self::Internal(_) => (500, "Internal Server Error", "internal", "this is a defect of ours; the request id names it".to_owned()),
        };
        let errors = if let Self::Invalid(errors) = self { errors.clone() } else { Vec::new() };
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
        let headers = match problem.status {
            429 => vec![("retry-after", "60".to_owned())],
            503 => vec![("retry-after", "5".to_owned())],
            _ => Vec::new(),
        };
        Response { status: problem.status, headers, body: Some(("application/problem+json", text)) }
    }
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
            (Error::Conflict("not_ready", "wait".into()), 409, "not_ready"),
            (Error::TooLarge, 413, "too_large"),
            (Error::TooMany, 429, "too_many"),
            (Error::internal(secret()), 500, "internal"),
            (store::Error::Conflict("plan_pkey".into()).into(), 500, "internal"),
            (store::Error::Invalid(Box::new(secret())).into(), 500, "internal"),
            (store::Error::Unavailable(Box::new(secret())).into(), 503, "unavailable"),
        ];
        for (error, status, code) in table {
            let response = error.into_response("req-1");
            let (kind, body) = response.body.unwrap();
            let body: serde_json::Value = serde_json::from_str(&body).unwrap();
            assert_eq!((response.status, kind, body["code"].as_str()), (status, "application/problem+json", Some(code)));
            assert_eq!(body["request_id"], "req-1");
            assert!(!body.to_string().contains("hunter2"), "a cause must not reach the caller");
            assert_eq!(response.headers.iter().any(|(name, _)| *name == "retry-after"), matches!(status, 429 | 503));
        }
    }
}
