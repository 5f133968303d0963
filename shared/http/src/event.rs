//! API Gateway's HTTP event and answer, payload format 2.0: what of them the functions use. Source: API Gateway Developer Guide,
//! "Create AWS Lambda proxy integrations for HTTP APIs".
//!
//! `lambda_http` reads every kind of event that can carry HTTP and knows every character set: a third of its weight in a package. The
//! types of `aws_lambda_events` alone still add 36 KB to a package that may weigh 1.5 MB, and leave it above that.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// A request as it comes.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Raw {
    #[serde(default)]
    raw_query_string: String,
    #[serde(default)]
    headers: HashMap<String, String>,
    /// The gateway takes them out of the headers.
    #[serde(default)]
    cookies: Vec<String>,
    path_parameters: Option<HashMap<String, String>>,
    request_context: Context,
    body: Option<String>,
    #[serde(default)]
    is_base64_encoded: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Context {
    #[serde(default)]
    request_id: String,
    http: Http,
    authorizer: Option<Authorizer>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Http {
    method: String,
    path: String,
    source_ip: Option<String>,
}

#[derive(Deserialize)]
struct Authorizer {
    jwt: Option<Jwt>,
}

#[derive(Deserialize)]
struct Jwt {
    claims: Claims,
}

#[derive(Deserialize)]
struct Claims {
    sub: Option<String>,
    auth_time: Option<String>,
}

/// A request with its body decoded.
#[derive(Clone, Deserialize)]
#[serde(try_from = "Raw")]
pub(crate) struct Event {
    pub(crate) id: String,
    pub(crate) method: String,
    pub(crate) path: String,
    /// Without the question mark, still encoded.
    pub(crate) query: String,
    headers: HashMap<String, String>,
    cookies: Vec<String>,
    pub(crate) parameters: HashMap<String, String>,
    /// Where it came from.
    pub(crate) address: Option<String>,
    /// Who signed in, by the claims that the gateway's authorizer has verified.
    pub(crate) sub: Option<String>,
    /// When they did, in seconds since 1970.
    pub(crate) auth_time: Option<i64>,
    pub(crate) body: Vec<u8>,
}

impl TryFrom<Raw> for Event {
    type Error = base64::DecodeError;

    fn try_from(raw: Raw) -> Result<Self, Self::Error> {
        let body = raw.body.unwrap_or_default();
        let body = if raw.is_base64_encoded { STANDARD.decode(body)? } else { body.into_bytes() };
        let context = raw.request_context;
        let claims = context.authorizer.and_then(|authorizer| authorizer.jwt).map(|jwt| jwt.claims);
        let auth_time = claims.as_ref().and_then(|claims| claims.auth_time.as_ref()?.parse().ok());
        Ok(Self {
            id: context.request_id,
            method: context.http.method,
            path: context.http.path,
            address: context.http.source_ip,
            query: raw.raw_query_string,
            headers: raw.headers,
            cookies: raw.cookies,
            parameters: raw.path_parameters.unwrap_or_default(),
            sub: claims.and_then(|claims| claims.sub),
            auth_time,
            body,
        })
    }
}

impl Event {
    /// The gateway sends names in small letters; a name is the same in any. A value that is not visible ASCII is U+FFFD.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.get(name).or_else(|| {
            let mut others = self.headers.iter();
            others.find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
        });
        let visible = |value: &str| value.bytes().all(|byte| byte == b'\t' || (b' '..=b'~').contains(&byte));
        found.map(|value| if visible(value) { value.as_str() } else { "\u{fffd}" })
    }

    /// The value of the cookie, as it came.
    pub(crate) fn cookie(&self, name: &str) -> Option<&str> {
        let mut all = self.cookies.iter().flat_map(|line| line.split(';')).filter_map(|cookie| cookie.trim().split_once('='));
        all.find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    /// The first value of that name in the query, decoded.
    pub(crate) fn query(&self, name: &str) -> Option<String> {
        form_urlencoded::parse(self.query.as_bytes()).find(|(known, _)| known == name).map(|(_, value)| value.into_owned())
    }
}

/// An answer as it goes.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Answer {
    status_code: u16,
    headers: HashMap<String, String>,
    /// A header has one value here, and there may be several cookies.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    cookies: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<String>,
    is_base64_encoded: bool,
}

impl From<crate::Response> for Answer {
    fn from(response: crate::Response) -> Self {
        let (cookies, headers): (Vec<_>, Vec<_>) = response.headers.into_iter().partition(|(name, _)| name == "set-cookie");
        let cookies: Vec<String> = cookies.into_iter().map(|(_, value)| value).collect();
        let mut headers: HashMap<String, String> = headers.into_iter().map(|(name, value)| (name.into_owned(), value)).collect();
        let body = response.body.map(|(kind, text)| {
            headers.insert("content-type".to_owned(), kind.into_owned());
            text
        });
        if headers.values().chain(&cookies).any(|value| value.contains(|letter: char| letter.is_control() && letter != '\t')) {
            // A header that can't stand in HTTP is a defect; an empty 500 is what is left to say.
            return Self { status_code: 500, headers: HashMap::new(), cookies: Vec::new(), body: None, is_base64_encoded: false };
        }
        Self { status_code: response.status, headers, cookies, body, is_base64_encoded: false }
    }
}

#[cfg(test)]
mod tests {
    use super::{Answer, Event};
    use crate::Response;
    use serde_json::json;

    fn event(change: impl FnOnce(&mut serde_json::Value)) -> Result<Event, serde_json::Error> {
        let mut event = serde_json::from_str(include_str!("../../../tests/fixtures/api-gateway-v2.json"))?;
        change(&mut event);
        serde_json::from_value(event)
    }

    #[test]
    fn a_query_is_decoded_and_its_first_value_counts() {
        let event = event(|event| event["rawQueryString"] = json!("limit=5&cursor=a%2Bb+c%C3%A9&limit=6")).unwrap();
        assert_eq!(event.query("limit").as_deref(), Some("5"));
        assert_eq!(event.query("cursor").as_deref(), Some("a+b c\u{e9}"));
        assert_eq!(event.query("other"), None);
    }

    #[test]
    fn a_body_comes_as_text_or_in_base64() {
        assert_eq!(event(|event| event["body"] = json!("{}")).unwrap().body, b"{}");
        let encoded = |text: &str| {
            event(|event| {
                event["body"] = json!(text);
                event["isBase64Encoded"] = json!(true);
            })
        };
        assert_eq!(encoded("e30=").unwrap().body, b"{}");
        assert!(encoded("not base64").is_err());
        assert!(event(|_| {}).unwrap().body.is_empty());
    }

    #[test]
    fn headers_are_found_in_any_letters_and_nobody_signed_in_is_nobody() {
        let found = event(|event| event["headers"]["If-Match"] = json!("\"3\"")).unwrap();
        assert_eq!((found.header("if-match"), found.header("accept")), (Some("\"3\""), Some("application/json")));
        assert_eq!((found.sub.as_deref(), found.auth_time), (Some("SUB"), Some(1_795_237_200)));
        let odd = event(|event| event["headers"]["if-match"] = json!("\"3\u{e9}\"")).unwrap();
        assert_eq!(odd.header("if-match"), Some("\u{fffd}"), "no rule takes it for a version");
        for none in [json!(null), json!({}), json!({"jwt": {"claims": {}}})] {
            assert_eq!(event(|event| event["requestContext"]["authorizer"] = none).unwrap().sub, None);
        }
    }

    #[test]
    fn cookies_come_and_go_beside_the_headers() {
        let found = event(|event| event["cookies"] = json!(["a=1", "session=t=1.2; session2=other"])).unwrap();
        assert_eq!((found.cookie("session"), found.cookie("session2"), found.cookie("sess")), (Some("t=1.2"), Some("other"), None));
        let answer =
            serde_json::to_value(Answer::from(Response::no_content().with("set-cookie", "a=1").with("set-cookie", "b=2"))).unwrap();
        assert_eq!(answer, json!({"statusCode": 204, "headers": {}, "cookies": ["a=1", "b=2"], "isBase64Encoded": false}));
        let split = Response::no_content().with("set-cookie", "a=1\r\nlocation: /");
        assert_eq!(serde_json::to_value(Answer::from(split)).unwrap()["statusCode"], 500);
    }

    #[test]
    fn an_answer_has_the_gateways_shape_and_no_broken_header() {
        let answer = serde_json::to_value(Answer::from(Response::ok(&json!({"a": 1})).at_version(3))).unwrap();
        let headers = json!({"content-type": "application/json", "etag": "\"3\""});
        assert_eq!(answer, json!({"statusCode": 200, "headers": headers, "body": "{\"a\":1}", "isBase64Encoded": false}));
        let empty = serde_json::to_value(Answer::from(Response::no_content())).unwrap();
        assert_eq!(empty, json!({"statusCode": 204, "headers": {}, "isBase64Encoded": false}));
        let split = Response::no_content().with("location", "/\r\nset-cookie: a=b");
        assert_eq!(serde_json::to_value(Answer::from(split)).unwrap()["statusCode"], 500);
    }
}
