//! What stands in for AWS.

use crate::home::{Home, Seen};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// A service of AWS's, as a test plays it.
pub struct Aws {
    pub url: String,
    /// The head and the body of each call.
    pub calls: Arc<Mutex<Vec<(String, String)>>>,
}

impl Aws {
    pub fn start(answer: impl Fn(usize, &str, &str) -> (u16, String) + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let calls = Arc::new(Mutex::new(Vec::new()));
        let seen = calls.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let stream = stream.unwrap();
                let (head, body) = read(&stream);
                let count = seen.lock().unwrap().len();
                let (status, text) = answer(count, &head, &body);
                seen.lock().unwrap().push((head, body));
                let reply = format!("HTTP/1.1 {status} X\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{text}", text.len());
                // A client that goes away is its own test's affair.
                let _ = (&stream).write_all(reply.as_bytes());
            }
        });
        Self { url, calls }
    }
}

fn read(stream: &TcpStream) -> (String, String) {
    let mut reader = BufReader::new(stream);
    let (mut head, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        if line.trim().is_empty() {
            break;
        }
        if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        head += &line;
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    (head, String::from_utf8(body).unwrap())
}

/// Runs the command with that service and somebody's credentials.
pub fn run(home: &Home, aws: &Aws, arguments: &[&str]) -> Seen {
    let mut command = home.command(arguments);
    command.env("AWS_ENDPOINT_URL", &aws.url).env("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE").env("AWS_SECRET_ACCESS_KEY", "secret");
    command.env("AWS_SESSION_TOKEN", "token-1").env_remove("AWS_REGION").env_remove("API_URL");
    crate::home::seen(&mut command)
}
