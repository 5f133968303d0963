//! What the worker finds behind `AWS_ENDPOINT_URL`: a role that can be taken on, and may do nothing.

use crate::Failure;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const SESSION: &str = r#"<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials><AccessKeyId>ASIAEXAMPLE</AccessKeyId><SecretAccessKey>secret</SecretAccessKey><SessionToken>token</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>"#;
const REFUSED: &str =
    "<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>no</Message></Error></Errors><RequestID>1</RequestID></Response>";

/// Answers its endpoint.
pub(crate) async fn start() -> Result<String, Failure> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let endpoint = format!("http://{}", listener.local_addr()?);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(async move { answer(stream).await.ok() });
        }
    });
    Ok(endpoint)
}

async fn answer(mut stream: TcpStream) -> Result<(), Failure> {
    let mut request = Vec::new();
    // The services asked here are of the query protocol: a request that fits one packet, as short forms do.
    stream.read_buf(&mut request).await?;
    let (status, body) = match String::from_utf8_lossy(&request).contains("Action=AssumeRole") {
        true => ("200 OK", SESSION),
        false => ("403 Forbidden", REFUSED),
    };
    let answer =
        format!("HTTP/1.1 {status}\r\ncontent-type: text/xml\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}", body.len());
    stream.write_all(answer.as_bytes()).await?;
    Ok(())
}
