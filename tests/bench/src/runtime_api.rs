//! The Lambda Runtime API, as far as a function asks for it: `next`, `response`, `error`, `init/error`.

use crate::Failure;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, oneshot};

/// How long a function may take for anything.
const PATIENCE: Duration = Duration::from_secs(15);

/// What a function says to its runtime.
pub(crate) enum Said {
    /// It waits for an event.
    Next,
    /// It answers one.
    Response(Vec<u8>),
    /// It failed, at its start or with an event.
    Error(String),
}

/// Something said, when the last byte of it had come, and the way to reply.
pub(crate) struct Call {
    pub(crate) said: Said,
    pub(crate) at: Instant,
    reply: oneshot::Sender<Vec<u8>>,
}

impl Call {
    /// Hands out an event, and answers when.
    pub(crate) fn event(self, event: &str) -> Instant {
        let head = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\nlambda-runtime-aws-request-id: 8476a536-e9f4-11e8-9739-2dfe598c3fcd\r\n\
             lambda-runtime-deadline-ms: 4102444800000\r\nlambda-runtime-invoked-function-arn: arn:aws:lambda:ca-central-1:000000000000:function:bench\r\n\
             lambda-runtime-trace-id: Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700\r\n\r\n",
            event.len()
        );
        let whole = [head.as_bytes(), event.as_bytes()].concat();
        let at = Instant::now();
        let _ = self.reply.send(whole);
        at
    }

    /// 202, as Lambda says to a response.
    pub(crate) fn accept(self) {
        let _ = self
            .reply
            .send(b"HTTP/1.1 202 Accepted\r\ncontent-type: application/json\r\ncontent-length: 15\r\n\r\n{\"status\":\"OK\"}".to_vec());
    }
}

/// One function's runtime.
pub(crate) struct RuntimeApi {
    pub(crate) address: String,
    calls: mpsc::Receiver<Call>,
}

impl RuntimeApi {
    pub(crate) async fn open() -> Result<Self, Failure> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?.to_string();
        let (sender, calls) = mpsc::channel(4);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let sender = sender.clone();
                // What went wrong shows as a function that says nothing any more.
                tokio::spawn(async move { serve(stream, sender).await.ok() });
            }
        });
        Ok(Self { address, calls })
    }

    pub(crate) async fn next(&mut self) -> Result<Call, Failure> {
        let call = tokio::time::timeout(PATIENCE, self.calls.recv()).await.map_err(|_| "the function says nothing any more")?;
        let call = call.ok_or("the Runtime API has ended")?;
        if let Said::Error(text) = &call.said {
            return Err(format!("the function failed: {text}").into());
        }
        Ok(call)
    }
}

async fn serve(mut stream: TcpStream, calls: mpsc::Sender<Call>) -> Result<(), Failure> {
    stream.set_nodelay(true)?;
    let mut buffer = Vec::with_capacity(16 * 1024);
    loop {
        let end = loop {
            if let Some(at) = buffer.windows(4).position(|four| four == b"\r\n\r\n") {
                break at + 4;
            }
            if stream.read_buf(&mut buffer).await? == 0 {
                return Ok(());
            }
        };
        let head = String::from_utf8_lossy(&buffer[..end]).to_ascii_lowercase();
        let length = match head.lines().find_map(|line| line.strip_prefix("content-length:")) {
            Some(text) => text.trim().parse()?,
            None if head.contains("transfer-encoding:") => return Err("a body in chunks is more than this server reads".into()),
            None => 0,
        };
        while buffer.len() < end + length {
            if stream.read_buf(&mut buffer).await? == 0 {
                return Ok(());
            }
        }
        let at = Instant::now();
        let body = buffer[end..end + length].to_vec();
        let path = head.split_whitespace().nth(1).unwrap_or_default();
        let said = match path.rsplit('/').next() {
            Some("next") => Said::Next,
            Some("response") => Said::Response(body),
            _ => Said::Error(format!("{path}: {}", String::from_utf8_lossy(&body))),
        };
        buffer.drain(..end + length);
        let (reply, answer) = oneshot::channel();
        calls.send(Call { said, at, reply }).await?;
        stream.write_all(&answer.await?).await?;
    }
}
