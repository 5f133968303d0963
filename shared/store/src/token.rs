//! RDS authentication tokens: a presigned `rds-db:connect` request, which the proxy takes as the password.
//! Source: Amazon RDS User Guide, "IAM database authentication"; a test compares them with botocore's.

use crate::Error;
use aws_credential_types::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SignatureLocation, SigningSettings, sign};
use aws_sigv4::sign::v4;
use std::time::{Duration, SystemTime};

/// How long a token opens a connection; one that is open stays open.
const LIFETIME: Duration = Duration::from_secs(900);

/// The token with which `user` may connect to `host:port` in the next 15 minutes.
///
/// # Errors
/// [`Error::Invalid`] if the host or the user can't stand in a URL.
pub fn authentication_token(
    credentials: &Credentials,
    region: &str,
    host: &str,
    port: u16,
    user: &str,
    now: SystemTime,
) -> Result<String, Error> {
    let identity = credentials.clone().into();
    let mut settings = SigningSettings::default();
    settings.expires_in = Some(LIFETIME);
    settings.signature_location = SignatureLocation::QueryParams;
    let params = v4::SigningParams::builder()
        .identity(&identity)
        .region(region)
        .name("rds-db")
        .time(now)
        .settings(settings)
        .build()
        .map_err(Error::invalid)?;
    let url = format!("https://{host}:{port}/?Action=connect&DBUser={user}");
    let request = SignableRequest::new("GET", &url, std::iter::empty(), SignableBody::empty()).map_err(Error::invalid)?;
    let (instructions, _) = sign(request, &params.into()).map_err(Error::invalid)?.into_parts();
    let signed: String = instructions.params().iter().map(|(name, value)| format!("&{name}={}", escape(value))).collect();
    Ok(format!("{host}:{port}/?Action=connect&DBUser={user}{signed}"))
}

/// Percent-encoding as SigV4 wants it: all but the unreserved characters.
fn escape(text: &str) -> String {
    text.bytes()
        .map(|b| if b.is_ascii_alphanumeric() || b"-._~".contains(&b) { (b as char).to_string() } else { format!("%{b:02X}") })
        .collect()
}
