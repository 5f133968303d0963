#![doc = include_str!("../README.md")]

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SignatureLocation, SigningSettings, sign};
use aws_sigv4::sign::v4;
use std::time::{Duration, SystemTime};

/// How long a token opens a connection.
const LIFETIME: Duration = Duration::from_secs(900);

/// Why there is no token.
pub type Error = Box<dyn std::error::Error + Send + Sync>;

/// Where a token opens a connection.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// The service's name in SigV4, such as `rds-db`.
    pub service: &'a str,
    /// The region that the service is in.
    pub region: &'a str,
    /// Whom the request is addressed to, with a port where that is part of it.
    pub host: &'a str,
    /// What is asked for, such as `Action=connect&DBUser=cloudsail`.
    pub query: &'a str,
}

/// The token: the request's address without its scheme, signed.
///
/// # Errors
/// If the host or the query can't stand in a URL.
pub fn token(credentials: &Credentials, request: Request<'_>, now: SystemTime) -> Result<String, Error> {
    let Request { service, region, host, query } = request;
    let identity = credentials.clone().into();
    let mut settings = SigningSettings::default();
    settings.expires_in = Some(LIFETIME);
    settings.signature_location = SignatureLocation::QueryParams;
    let params = v4::SigningParams::builder().identity(&identity).region(region).name(service).time(now).settings(settings).build()?;
    let address = format!("{host}/?{query}");
    let url = format!("https://{address}");
    let signable = SignableRequest::new("GET", &url, std::iter::empty(), SignableBody::empty())?;
    let (instructions, _) = sign(signable, &params.into())?.into_parts();
    let signed: String = instructions.params().iter().map(|(name, value)| format!("&{name}={}", escape(value))).collect();
    Ok(address + &signed)
}

/// Percent-encoding as SigV4 wants it: all but the unreserved characters.
fn escape(text: &str) -> String {
    text.bytes()
        .map(|b| if b.is_ascii_alphanumeric() || b"-._~".contains(&b) { (b as char).to_string() } else { format!("%{b:02X}") })
        .collect()
}
