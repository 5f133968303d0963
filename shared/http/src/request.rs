use crate::Error;
use crate::event::Event;
use domain::UserId;
use domain::plan::FieldError;
use jiff::Timestamp;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::str::FromStr;
use store::Deed;

/// The largest body that is read, in bytes.
const MAX_BODY: usize = 256 * 1024;

/// What API Gateway handed over.
#[derive(Clone, Deserialize)]
pub struct Request(Event);

impl Request {
    /// Reads a recorded API Gateway event (payload format 2.0), as tests do.
    ///
    /// # Errors
    /// If the text is not such an event.
    pub fn from_event(json: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(json)
    }

    /// Who asks, by the claims that the gateway's authorizer has verified.
    ///
    /// # Errors
    /// 401 if the gateway let somebody through without claims.
    pub fn user(&self) -> Result<UserId, Error> {
        let sub = self.0.sub.as_ref().filter(|sub| !sub.is_empty());
        sub.map(|sub| UserId(sub.clone())).ok_or(Error::Unauthorized("sign in first".to_owned()))
    }

    /// When they signed in, by the same claims: a refresh does not change it.
    #[must_use]
    pub fn signed_in_at(&self) -> Option<Timestamp> {
        self.0.auth_time.and_then(|seconds| Timestamp::from_second(seconds).ok())
    }

    /// What the audit log says of who asks, should something be changed for them.
    ///
    /// # Errors
    /// 401, as [`Request::user`].
    pub fn deed(&self) -> Result<Deed, Error> {
        Ok(Deed { actor: self.user()?, request_id: self.id(), address: self.0.address.clone() })
    }

    /// A part of the path. What is not an id of its kind belongs to nobody.
    ///
    /// # Errors
    /// 404.
    pub fn path<T: FromStr>(&self, name: &str) -> Result<T, Error> {
        self.0.parameters.get(name).and_then(|text| text.parse().ok()).ok_or(Error::NotFound)
    }

    /// A parameter of the query.
    ///
    /// # Errors
    /// 400 if it is there and not of its kind; `expected` says what would be right.
    pub fn query<T: FromStr>(&self, name: &'static str, expected: &str) -> Result<Option<T>, Error> {
        let Some(text) = self.0.query(name) else { return Ok(None) };
        let wrong = || Error::Invalid(vec![FieldError::new(format!("?{name}"), format!("must be {expected}"))]);
        text.parse().map(Some).map_err(|_| wrong())
    }

    /// How many items a list answers: `?limit=`, 1 to 100, 20 if not said.
    ///
    /// # Errors
    /// 400.
    pub fn limit(&self) -> Result<u32, Error> {
        match self.query::<u32>("limit", "a number from 1 to 100")? {
            None => Ok(20),
            Some(limit @ 1..=100) => Ok(limit),
            Some(_) => Err(Error::Invalid(vec![FieldError::new("?limit", "must be a number from 1 to 100")])),
        }
    }

    /// The body as JSON.
    ///
    /// # Errors
    /// 400 with the place where the JSON breaks, or of a NUL character, which PostgreSQL can't store; 413 beyond 256 KiB.
    pub fn json(&self) -> Result<Value, Error> {
        let body = self.bytes();
        if body.len() > MAX_BODY {
            return Err(Error::TooLarge);
        }
        let value = serde_json::from_slice(body).map_err(|error| {
            let message =
                if body.is_empty() { "the body is empty; send a JSON object".to_owned() } else { format!("this is not JSON: {error}") };
            Error::Invalid(vec![FieldError::new("", message)])
        })?;
        match nul(&value) {
            Some(pointer) => Err(Error::field(pointer, "holds a NUL character (\\u0000); leave it out")),
            None => Ok(value),
        }
    }

    /// The body as a known shape.
    ///
    /// # Errors
    /// 400 with the pointer of the field; 413 beyond 256 KiB.
    pub fn body<T: DeserializeOwned>(&self) -> Result<T, Error> {
        domain::pointer::read(&self.json()?).map_err(|error| Error::Invalid(vec![error]))
    }

    /// The path that was asked for, with its query.
    #[must_use]
    pub fn raw_path(&self) -> (&str, Option<&str>) {
        (&self.0.path, Some(self.0.query.as_str()).filter(|query| !query.is_empty()))
    }

    /// The id that API Gateway gave the request.
    #[must_use]
    pub fn id(&self) -> String {
        self.0.id.clone()
    }

    /// The method, in capitals.
    #[must_use]
    pub fn method(&self) -> &str {
        &self.0.method
    }

    /// A header's value. One that is not visible ASCII is the replacement character, which no rule of ours accepts.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.0.header(name)
    }

    /// The cookie's value, as it came.
    #[must_use]
    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.0.cookie(name)
    }

    /// The body as it came.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.0.body
    }

    /// The access token, which the gateway's authorizer has verified.
    ///
    /// # Errors
    /// 401 if there is none.
    pub fn bearer(&self) -> Result<&str, Error> {
        let token = self.header("authorization").map(|value| value.strip_prefix("Bearer ").unwrap_or(value));
        token.filter(|token| !token.is_empty()).ok_or(Error::Unauthorized("sign in first".to_owned()))
    }

    /// The version that `If-Match` names: `"3"`.
    ///
    /// # Errors
    /// 428 if there is none, 400 if it is not one of ours.
    pub fn if_match(&self) -> Result<i64, Error> {
        let text = self.header("if-match").ok_or(Error::NoVersion)?;
        let number = text.trim().trim_matches('"').parse().ok().filter(|version| *version >= 1);
        number.ok_or_else(|| Error::field("If-Match", "must be the version as it stood in the ETag, such as \"3\""))
    }
}

/// JSON pointer of the first text that holds a NUL character.
fn nul(value: &Value) -> Option<String> {
    let below = |key: &str, value: &Value| nul(value).map(|rest| format!("/{}{rest}", key.replace('~', "~0").replace('/', "~1")));
    match value {
        Value::String(text) => text.contains('\0').then(String::new),
        Value::Array(items) => items.iter().enumerate().find_map(|(index, item)| below(&index.to_string(), item)),
        Value::Object(fields) => {
            fields.iter().find_map(|(key, field)| if key.contains('\0') { Some(String::new()) } else { below(key, field) })
        }
        _ => None,
    }
}
