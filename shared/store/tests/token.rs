//! The token that opens a connection is the one that AWS's own library makes.

use testkit::{known_signer, token_parts};

/// botocore 1.43's `generate_db_auth_token` for the known keys, its clock held.
const BOTOCORE: &str = "proxy.example.ca-central-1.rds.amazonaws.com:5432/?Action=connect&DBUser=cloudsail&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIDEXAMPLE%2F20260102%2Fca-central-1%2Frds-db%2Faws4_request&X-Amz-Date=20260102T030405Z&X-Amz-Expires=900&X-Amz-SignedHeaders=host&X-Amz-Security-Token=token%2Fwith%2Bsigns%3D%3D&X-Amz-Signature=8d8f576e528a4bde9597fd0cb04c68593ceab4f3e2a03847c2fd682ecea34380";

#[test]
fn our_token_is_botocores() {
    let ((credentials, now), host) = (known_signer(), "proxy.example.ca-central-1.rds.amazonaws.com");
    let token = store::authentication_token(&credentials, "ca-central-1", host, 5432, "cloudsail", now);
    assert_eq!(token_parts(&token.expect("a token")), token_parts(BOTOCORE));
}
