//! API Gateway's WebSocket events: what of them the functions use. Source: API Gateway Developer Guide, "Set up integration request in
//! API Gateway" and "Control access to WebSocket APIs with AWS Lambda REQUEST authorizers".

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest;
use ring::rand::{SecureRandom, SystemRandom};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::time::Duration;

/// How long a ticket is good.
pub const TICKET_LIFETIME: Duration = Duration::from_secs(30);

/// What opens a WebSocket, once: 256 random bits in base64url. It stands in an address, where a token must not.
///
/// # Errors
/// If the system has no random numbers.
pub fn ticket() -> Result<String, crate::Error> {
    let mut bytes = [0; 32];
    SystemRandom::new().fill(&mut bytes).map_err(|_| crate::Error::internal("no random numbers"))?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

/// What is kept of a ticket.
#[must_use]
pub fn ticket_digest(ticket: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, ticket.as_bytes()))
}

/// An event of `$connect`, `$disconnect` or of a message.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SocketEvent {
    /// Who, and by which connection.
    pub request_context: SocketContext,
    /// What was sent.
    pub body: Option<String>,
}

/// Who, and by which connection.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SocketContext {
    /// Of the gateway's making.
    pub connection_id: String,
    /// What the authorizer said at `$connect`, for the time of the connection.
    pub authorizer: Option<SocketAuthorizer>,
}

/// What the authorizer said.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SocketAuthorizer {
    /// Who has opened the socket.
    pub principal_id: String,
}

/// What the authorizer is asked.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Knock {
    /// The `$connect` route, as a resource of IAM.
    pub method_arn: String,
    /// The address' query.
    #[serde(default)]
    pub query_string_parameters: Option<HashMap<String, String>>,
}

impl Knock {
    /// What is answered: the owner may open this socket. Refused is who gets no such answer.
    #[must_use]
    pub fn allow(&self, owner: &str) -> Value {
        json!({"principalId": owner, "policyDocument": {"Version": "2012-10-17", "Statement":
            [{"Action": "execute-api:Invoke", "Effect": "Allow", "Resource": self.method_arn}]}})
    }

    /// The other answer.
    #[must_use]
    pub fn deny(&self) -> Value {
        json!({"principalId": "nobody", "policyDocument": {"Version": "2012-10-17", "Statement":
            [{"Action": "execute-api:Invoke", "Effect": "Deny", "Resource": self.method_arn}]}})
    }
}

/// What `$connect`, `$disconnect` and `$default` answer the gateway.
#[must_use]
pub fn socket_answer(status: u16) -> Value {
    json!({"statusCode": status})
}
