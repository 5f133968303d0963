//! The token that opens a connection is the one that AWS's own library makes.

use cache::authentication_token;
use testkit::{known_signer, token_parts};

/// botocore 1.43's presigned URL for the serverless cache, its clock held.
const SERVERLESS: &str = "cloudsail-prod/?Action=connect&User=cloudsail-prod&ResourceType=ServerlessCache&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIDEXAMPLE%2F20260102%2Fca-central-1%2Felasticache%2Faws4_request&X-Amz-Date=20260102T030405Z&X-Amz-Expires=900&X-Amz-SignedHeaders=host&X-Amz-Security-Token=token%2Fwith%2Bsigns%3D%3D&X-Amz-Signature=a0a6de09228ae6a2f739aa60b609af238daf0efaafc4d9b8e71e004de7131a2e";
/// The same for a replication group, which says nothing of its kind.
const NODE: &str = "cloudsail-prod/?Action=connect&User=cloudsail-prod&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIDEXAMPLE%2F20260102%2Fca-central-1%2Felasticache%2Faws4_request&X-Amz-Date=20260102T030405Z&X-Amz-Expires=900&X-Amz-SignedHeaders=host&X-Amz-Security-Token=token%2Fwith%2Bsigns%3D%3D&X-Amz-Signature=387b51c2d0d7c3ae84090f540ade495b887e591fc81e8ba0d19912da8e02c09b";

fn token(arn: &str) -> Result<String, String> {
    let (credentials, now) = known_signer();
    authentication_token(&credentials, arn, "cloudsail-prod", now).map_err(|error| error.to_string())
}

#[test]
fn our_token_is_botocores() {
    let serverless = token("arn:aws:elasticache:ca-central-1:000000000000:serverlesscache:cloudsail-prod").expect("a token");
    assert_eq!(token_parts(&serverless), token_parts(SERVERLESS));
    let node = token("arn:aws:elasticache:ca-central-1:000000000000:replicationgroup:cloudsail-prod").expect("a token");
    assert_eq!(token_parts(&node), token_parts(NODE));
}

#[test]
fn a_token_is_for_a_cache() {
    for arn in ["", "cloudsail-prod", "arn:aws:elasticache:ca-central-1:000000000000:user:cloudsail-prod", "arn:aws:s3:::cloudsail-prod"] {
        assert!(token(arn).is_err_and(|error| error.contains("CACHE_ARN")), "{arn}");
    }
}
