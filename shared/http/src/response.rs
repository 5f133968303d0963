use serde::Serialize;

/// An answer, before it is bytes.
#[derive(Debug, Clone)]
pub struct Response {
    /// HTTP status.
    pub status: u16,
    /// Headers beside the content type.
    pub headers: Vec<(&'static str, String)>,
    /// The body, with its content type.
    pub body: Option<(&'static str, String)>,
}

impl Response {
    fn json(status: u16, body: &impl Serialize) -> Self {
        let text = serde_json::to_string(body).unwrap_or_else(|_| "null".to_owned());
        Self { status, headers: Vec::new(), body: Some(("application/json", text)) }
    }

    /// 200.
    #[must_use]
    pub fn ok(body: &impl Serialize) -> Self {
        Self::json(200, body)
    }

    /// 201.
    #[must_use]
    pub fn created(body: &impl Serialize) -> Self {
        Self::json(201, body)
    }

    /// 202.
    #[must_use]
    pub fn accepted(body: &impl Serialize) -> Self {
        Self::json(202, body)
    }

    /// 308, which keeps method and body.
    #[must_use]
    pub fn permanent_redirect(location: String) -> Self {
        Self { status: 308, headers: vec![("location", location)], body: None }
    }

    /// With one more header.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}
