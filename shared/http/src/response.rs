use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// What a handler answers.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Response {
    /// HTTP status.
    pub status: u16,
    /// Headers beside the content type.
    pub headers: Vec<(Cow<'static, str>, String)>,
    /// Content type and text.
    pub body: Option<(Cow<'static, str>, String)>,
}

impl Response {
    fn json(status: u16, body: &impl Serialize) -> Self {
        let text = serde_json::to_string(body).unwrap_or_else(|_| "null".to_owned());
        Self::text(status, "application/json", text)
    }

    /// 200 with text of another kind than JSON.
    #[must_use]
    pub fn of_kind(kind: &'static str, text: String) -> Self {
        Self::text(200, kind, text)
    }

    pub(crate) fn text(status: u16, kind: &'static str, text: String) -> Self {
        Self { status, headers: Vec::new(), body: Some((Cow::Borrowed(kind), text)) }
    }

    /// 200 with a JSON body.
    #[must_use]
    pub fn ok(body: &impl Serialize) -> Self {
        Self::json(200, body)
    }

    /// 201 with a JSON body.
    #[must_use]
    pub fn created(body: &impl Serialize) -> Self {
        Self::json(201, body)
    }

    /// 202 with a JSON body: the work goes on.
    #[must_use]
    pub fn accepted(body: &impl Serialize) -> Self {
        Self::json(202, body)
    }

    /// 204: done, and there is nothing to say.
    #[must_use]
    pub fn no_content() -> Self {
        Self { status: 204, headers: Vec::new(), body: None }
    }

    /// 308 to another path.
    #[must_use]
    pub fn permanent_redirect(location: String) -> Self {
        Self { status: 308, headers: Vec::new(), body: None }.with("location", location)
    }

    /// Adds a header.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((Cow::Borrowed(name), value.into()));
        self
    }

    /// Adds the version that a later `If-Match` must name.
    #[must_use]
    pub fn at_version(self, version: i64) -> Self {
        self.with("etag", format!("\"{version}\""))
    }

    /// The header's value.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}
