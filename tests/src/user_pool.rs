//! A user pool on 127.0.0.1, as the functions see Cognito's: one person, whose tokens are spent, revoked and signed out as its
//! documentation says ("Refresh tokens", "Revoking tokens", Amazon Cognito Developer Guide), without the minute of grace.
#![expect(clippy::unwrap_used, reason = "a test that can't go on should stop where it stands")]

use crate::routes::nobody;
use platform::identity::Identity;
use platform::page::Page;
use serde_json::{Value, json};
use std::collections::{HashMap, HashSet};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard};

/// The person that the pool knows.
pub const EMAIL: &str = "person@example.com";
/// Their password.
pub const PASSWORD: &str = "Correct-horse-9-battery";

/// What the pool knows.
#[derive(Default)]
pub struct State {
    /// Whether the person is there; a pool begins with them.
    pub gone: bool,
    /// Who confirmed; a pool begins with nobody.
    pub confirmed: bool,
    /// Whether it fails to delete.
    pub stuck: bool,
    /// Whether too many codes were asked for.
    pub codes_refused: bool,
    /// To whom codes were sent.
    pub codes: Vec<String>,
    /// Codes that its page gave out, each with the challenge and the address that it was asked for with.
    pub given: HashMap<String, (String, String)>,
    access: HashSet<String>,
    /// By token, the session that it came of.
    refresh: HashMap<String, u32>,
    made: u32,
}

/// The pool, while a test runs.
pub struct UserPool {
    url: String,
    state: Arc<Mutex<State>>,
}

impl Default for UserPool {
    fn default() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let state = Arc::new(Mutex::new(State::default()));
        let shared = state.clone();
        std::thread::spawn(move || listener.incoming().for_each(|stream| serve(&stream.unwrap(), &mut shared.lock().unwrap())));
        Self { url, state }
    }
}

impl UserPool {
    /// The pool as a function is given it.
    #[must_use]
    pub fn identity(&self) -> Identity {
        Identity::new(&nobody().into_builder().endpoint_url(&self.url).build(), "client".to_owned())
    }

    /// Its own page to sign in on, as a function is given it.
    #[must_use]
    pub fn page(&self) -> Page {
        Page::new(&self.url, "client".to_owned())
    }

    /// What it knows now.
    ///
    /// # Panics
    /// If the pool broke.
    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }
}

impl State {
    /// An access token of a new sign-in.
    pub fn access_token(&mut self) -> String {
        self.tokens(None)["AccessToken"].as_str().unwrap_or_default().to_owned()
    }

    fn tokens(&mut self, session: Option<u32>) -> Value {
        self.made += 1;
        let (access, refresh) = (format!("access-{}", self.made), format!("refresh-{}", self.made));
        self.access.insert(access.clone());
        self.refresh.insert(refresh.clone(), session.unwrap_or(self.made));
        json!({"AccessToken": access, "IdToken": "id", "RefreshToken": refresh, "ExpiresIn": 300, "TokenType": "Bearer"})
    }

    fn signed_in(&self, body: &Value) -> Result<(), &'static str> {
        let known = body["AccessToken"].as_str().is_some_and(|token| self.access.contains(token));
        if known && !self.gone { Ok(()) } else { Err("NotAuthorizedException") }
    }

    fn end_all(&mut self) {
        self.access.clear();
        self.refresh.clear();
    }

    /// The answer, or the name of the error.
    fn answer(&mut self, operation: &str, body: &Value) -> Result<Value, &'static str> {
        match operation {
            "InitiateAuth" => {
                let right = body["AuthParameters"] == json!({"USERNAME": EMAIL, "PASSWORD": PASSWORD}) && !self.gone;
                if right { Ok(json!({"AuthenticationResult": self.tokens(None)})) } else { Err("NotAuthorizedException") }
            }
            "GetTokensFromRefreshToken" => {
                let session = body["RefreshToken"].as_str().and_then(|token| self.refresh.remove(token));
                let session = session.ok_or("RefreshTokenReuseException")?;
                Ok(json!({"AuthenticationResult": self.tokens(Some(session))}))
            }
            "RevokeToken" => {
                if let Some(session) = body["Token"].as_str().and_then(|token| self.refresh.get(token).copied()) {
                    self.refresh.retain(|_, of| *of != session);
                }
                Ok(json!({}))
            }
            "GetUser" => {
                self.signed_in(body)?;
                Ok(json!({"Username": "sub", "UserAttributes": [{"Name": "email", "Value": EMAIL}]}))
            }
            "GlobalSignOut" => {
                self.signed_in(body)?;
                self.end_all();
                Ok(json!({}))
            }
            "DeleteUser" if self.stuck => Err("InternalErrorException"),
            "DeleteUser" => {
                self.signed_in(body)?;
                self.gone = true;
                self.end_all();
                Ok(json!({}))
            }
            "ResendConfirmationCode" => match body["Username"].as_str() {
                Some(EMAIL) if self.codes_refused => Err("LimitExceededException"),
                Some(EMAIL) if self.confirmed => Err("InvalidParameterException"),
                Some(EMAIL) => {
                    self.codes.push(EMAIL.to_owned());
                    Ok(json!({"CodeDeliveryDetails": {"Destination": "p***@e***"}}))
                }
                _ => Err("UserNotFoundException"),
            },
            _ => Err("InternalErrorException"),
        }
    }
}

/// What a browser made its challenge of, and the challenge: RFC 7636, appendix B.
pub const VERIFIER: (&str, &str) = ("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");

/// The token endpoint: a code is spent whatever comes of it, and its verifier must be the one of the challenge.
fn trade(state: &mut State, form: &str) -> (u16, Value) {
    let form: HashMap<_, _> = form_urlencoded::parse(form.as_bytes()).into_owned().collect();
    let field = |name: &str| form.get(name).map_or("", String::as_str);
    if state.stuck {
        return (500, json!({}));
    }
    let given = state.given.remove(field("code"));
    let verified = field("code_verifier") == VERIFIER.0;
    let right = given.is_some_and(|(challenge, address)| verified && challenge == VERIFIER.1 && address == field("redirect_uri"));
    if !right || field("client_id") != "client" || field("grant_type") != "authorization_code" {
        return (400, json!({"error": "invalid_grant"}));
    }
    let made = state.tokens(None);
    let tokens = json!({"access_token": made["AccessToken"], "id_token": made["IdToken"], "refresh_token": made["RefreshToken"],
        "expires_in": made["ExpiresIn"], "token_type": "Bearer"});
    (200, tokens)
}

fn serve(stream: &TcpStream, state: &mut State) {
    let mut reader = BufReader::new(stream);
    let (mut length, mut operation, mut line) = (0, String::new(), String::new());
    while reader.read_line(&mut line).is_ok_and(|read| read > 2) {
        if let Some((name, value)) = line.split_once(':') {
            match name.to_lowercase().as_str() {
                "content-length" => length = value.trim().parse().unwrap(),
                "x-amz-target" => operation = value.trim().rsplit('.').next().unwrap_or_default().to_owned(),
                _ => {}
            }
        }
        line.clear();
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    let (status, body) = match state.answer(&operation, &serde_json::from_slice(&body).unwrap_or_default()) {
        _ if operation.is_empty() => trade(state, &String::from_utf8(body).unwrap()),
        Ok(body) => (200, body),
        Err(name) => (400, json!({"__type": name, "message": "refused"})),
    };
    let text = body.to_string();
    let kind = "application/x-amz-json-1.1";
    let head = format!("HTTP/1.1 {status} X\r\ncontent-type: {kind}\r\nconnection: close\r\ncontent-length: {}\r\n\r\n", text.len());
    let mut stream = stream;
    // A client that goes away has its reason.
    let _ = stream.write_all((head + &text).as_bytes());
}
