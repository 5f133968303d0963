//! ElastiCache's authentication tokens, which it takes as the password: the right to use one is `elasticache:Connect`.
//! Source: Amazon ElastiCache User Guide, "Authenticating with IAM"; a test compares them with botocore's.

use aws_credential_types::Credentials;
use std::time::SystemTime;

/// The token with which `user` may connect to the cache in the next 15 minutes; a connection that is open is closed after 12 hours.
///
/// # Errors
/// If the ARN is not that of a cache, or the user can't stand in a URL.
pub fn authentication_token(credentials: &Credentials, arn: &str, user: &str, now: SystemTime) -> Result<String, presign::Error> {
    let (region, kind, name) = parts(arn).ok_or("CACHE_ARN must be the ARN of a serverless cache or of a replication group")?;
    let query = format!("Action=connect&User={user}{kind}");
    presign::token(credentials, presign::Request { service: "elasticache", region, host: name, query: &query }, now)
}

/// The region, what a request says of the kind, and the name, which stands where a host would.
fn parts(arn: &str) -> Option<(&str, &str, &str)> {
    let [_, _, "elasticache", region, _, kind, name] = arn.split(':').collect::<Vec<_>>()[..] else { return None };
    match kind {
        "serverlesscache" => Some((region, "&ResourceType=ServerlessCache", name)),
        "replicationgroup" => Some((region, "", name)),
        _ => None,
    }
}
