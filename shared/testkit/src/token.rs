//! Tokens that are known from AWS's own library.

use aws_credential_types::Credentials;
use std::collections::BTreeSet;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The keys and the time, 2026-01-02T03:04:05Z, for which the tests know botocore's tokens.
#[must_use]
pub fn known_signer() -> (Credentials, SystemTime) {
    let token = Some("token/with+signs==".to_owned());
    let credentials = Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", token, None, "test");
    (credentials, UNIX_EPOCH + Duration::from_secs(1_767_323_045))
}

/// The host of a token, and its parts in no order: who checks the signature sorts them first.
///
/// # Panics
/// If it has no query.
#[must_use]
pub fn token_parts(token: &str) -> (&str, BTreeSet<&str>) {
    let (host, query) = token.split_once('?').expect("a query");
    (host, query.split('&').collect())
}
