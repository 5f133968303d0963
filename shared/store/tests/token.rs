//! The token that opens a connection is the one that AWS's own library makes.

use aws_credential_types::Credentials;
use std::time::{Duration, UNIX_EPOCH};

/// botocore 1.43's `generate_db_auth_token` for these keys, its clock held at 2026-01-02T03:04:05Z.
const BOTOCORE: &str = "proxy.example.ca-central-1.rds.amazonaws.com:5432/?Action=connect&DBUser=cloudsail&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIDEXAMPLE%2F20260102%2Fca-central-1%2Frds-db%2Faws4_request&X-Amz-Date=20260102T030405Z&X-Amz-Expires=900&X-Amz-SignedHeaders=host&X-Amz-Security-Token=token%2Fwith%2Bsigns%3D%3D&X-Amz-Signature=8d8f576e528a4bde9597fd0cb04c68593ceab4f3e2a03847c2fd682ecea34380";

/// The parts in no order: the server sorts them before it checks the signature.
fn parts(token: &str) -> (&str, std::collections::BTreeSet<&str>) {
    let (host, query) = token.split_once('?').expect("a query");
    (host, query.split('&').collect())
}

#[test]
fn our_token_is_botocores() {
    let credentials =
        Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", Some("token/with+signs==".into()), None, "test");
    let now = UNIX_EPOCH + Duration::from_secs(1_767_323_045);
    let token =
        store::authentication_token(&credentials, "ca-central-1", "proxy.example.ca-central-1.rds.amazonaws.com", 5432, "cloudsail", now);
    assert_eq!(parts(&token.expect("a token")), parts(BOTOCORE));
}
