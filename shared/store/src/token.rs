//! RDS authentication tokens, which the proxy takes as the password: the right to use one is `rds-db:connect`.
//! Source: Amazon RDS User Guide, "IAM database authentication"; a test compares them with botocore's.

use crate::Error;
use aws_credential_types::Credentials;
use std::time::SystemTime;

/// The token with which `user` may connect to `host:port` in the next 15 minutes; a connection that is open stays open.
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
    let (host, query) = (format!("{host}:{port}"), format!("Action=connect&DBUser={user}"));
    let request = presign::Request { service: "rds-db", region, host: &host, query: &query };
    presign::token(credentials, request, now).map_err(Error::invalid)
}
