//! A service on 127.0.0.1: people sign in as in the real one, and a test says what the other routes do.

use serde_json::{Value, json};
use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

pub struct Request {
    pub method: String,
    /// With its query.
    pub path: String,
    headers: HashMap<String, String>,
    pub body: Value,
}

impl Request {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }
}

pub enum Reply {
    Json(u16, Value),
    /// Status, seconds to wait, code.
    Wait(u16, u64, &'static str),
    /// The connection ends without an answer.
    Drop,
}

pub fn ok(body: Value) -> Reply {
    Reply::Json(200, body)
}

pub fn problem(status: u16, code: &str, detail: &str) -> Reply {
    Reply::Json(status, json!({"type": "about:blank", "status": status, "code": code, "detail": detail, "request_id": "req-1"}))
}

/// Tokens: a refresh token can be used once, and one that comes twice ends the session, as a stolen one must.
pub struct Identity {
    generation: u32,
    accepted: Vec<String>,
    refresh: Option<String>,
    pub expires_in: u32,
    pub refreshes: u32,
    /// How long a refresh takes.
    pub slow: Duration,
}

impl Identity {
    fn tokens(&mut self) -> Reply {
        self.generation += 1;
        let (access, refresh) = (format!("access-{}", self.generation), format!("refresh-{}", self.generation));
        self.accepted.push(access.clone());
        self.refresh = Some(refresh.clone());
        ok(
            json!({"access_token": access, "id_token": "id", "refresh_token": refresh, "expires_in": self.expires_in, "token_type": "Bearer"}),
        )
    }

    /// The access tokens end before their time.
    pub fn end_access(&mut self) {
        self.accepted.clear();
    }

    /// The whole session ends.
    pub fn end(&mut self) {
        self.end_access();
        self.refresh = None;
    }

    fn answer(&mut self, request: &Request) -> Option<Reply> {
        let refresh = || request.body["refresh_token"].as_str().map(str::to_owned);
        match request.path.as_str() {
            "/v1/auth/sign-in" if request.body["password"] == "Correct-horse-9" => Some(self.tokens()),
            "/v1/auth/sign-in" => Some(problem(401, "unauthorized", "the address or the password is wrong")),
            "/v1/auth/refresh" => {
                std::thread::sleep(self.slow);
                self.refreshes += 1;
                if self.refresh.is_some() && self.refresh == refresh() {
                    return Some(self.tokens());
                }
                self.end();
                Some(problem(401, "unauthorized", "the refresh token has ended"))
            }
            "/v1/auth/sign-out" => {
                if self.refresh == refresh() {
                    self.end();
                }
                Some(Reply::Json(204, Value::Null))
            }
            path if path.starts_with("/v1/auth/") && path != "/v1/auth/sign-out-everywhere" => None,
            path => {
                let known = self.accepted.iter().any(|token| request.header("authorization") == format!("Bearer {token}"));
                if known && path == "/v1/auth/sign-out-everywhere" {
                    self.end();
                    return Some(Reply::Json(204, Value::Null));
                }
                // The gateway's own shape.
                (!known).then(|| Reply::Json(401, json!({"message": "Unauthorized"})))
            }
        }
    }
}

pub struct Server {
    pub url: String,
    pub identity: Arc<Mutex<Identity>>,
}

impl Server {
    pub fn start(routes: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (generation, accepted, slow) = (0, Vec::new(), Duration::ZERO);
        let identity = Arc::new(Mutex::new(Identity { generation, accepted, refresh: None, expires_in: 300, refreshes: 0, slow }));
        let (people, routes) = (identity.clone(), Arc::new(routes));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (people, routes) = (people.clone(), routes.clone());
                std::thread::spawn(move || {
                    // A client that goes away in the middle is one of the things tested.
                    let _ = serve(&stream.unwrap(), &people, &*routes);
                });
            }
        });
        Self { url, identity }
    }

    /// Nothing but people.
    pub fn empty() -> Self {
        Self::start(|_| problem(404, "not_found", "there is nothing here, or it is not yours"))
    }
}

fn serve(stream: &TcpStream, people: &Mutex<Identity>, routes: &dyn Fn(&Request) -> Reply) -> std::io::Result<()> {
    let Some(request) = read(stream)? else { return Ok(()) };
    let known = people.lock().unwrap().answer(&request);
    let (status, wait, body) = match known.unwrap_or_else(|| routes(&request)) {
        Reply::Json(status, body) => (status, String::new(), body),
        Reply::Wait(status, seconds, code) => (status, format!("retry-after: {seconds}\r\n"), json!({"code": code, "detail": "try again"})),
        Reply::Drop => return Ok(()),
    };
    let text = if body.is_null() { String::new() } else { body.to_string() };
    let head = format!("HTTP/1.1 {status} X\r\nconnection: close\r\ncontent-length: {}\r\n{wait}\r\n", text.len());
    (&*stream).write_all((head + &text).as_bytes())
}

fn read(stream: &TcpStream) -> std::io::Result<Option<Request>> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let mut words = line.split_whitespace().map(str::to_owned);
    let (Some(method), Some(path)) = (words.next(), words.next()) else { return Ok(None) };
    let mut headers = HashMap::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        headers.insert(name.to_lowercase(), value.trim().to_owned());
    }
    let length = headers.get("content-length").map_or(0, |length| length.parse().unwrap());
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    Ok(Some(Request { method, path, headers, body: serde_json::from_slice(&body).unwrap_or(Value::Null) }))
}
