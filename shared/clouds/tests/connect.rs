//! What a session shows of itself, and what it says when nobody answers.

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use clouds::Error;
use clouds::aws::{Access, Connector};

fn access() -> Access {
    Access {
        role_arn: "arn:aws:iam::222222222222:role/cloudsail/CloudsailAccess".into(),
        external_id: Some("ext-hunter2".into()),
        region: "ca-central-1".into(),
        session_name: "dep_1".into(),
        session_tags: vec![("cloudsail:owner", "user-1".into())],
        verified_at: None,
    }
}

fn connector(endpoint: &str) -> Connector {
    let keys = Credentials::new("AKIAHUNTER2", "secret-hunter2", None, None, "test");
    let config = SdkConfig::builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .region(Region::new("ca-central-1"))
        .endpoint_url(endpoint)
        .credentials_provider(SharedCredentialsProvider::new(keys))
        .build();
    Connector::new(config)
}

#[tokio::test]
async fn a_cloud_that_is_not_there_is_unavailable_and_worth_another_try() {
    // A port that was free a moment ago: nobody listens.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let error = connector(&format!("http://127.0.0.1:{port}")).connect(&access()).await.unwrap_err();
    assert!(matches!(error, Error::Unavailable { action: "sts:AssumeRole", .. }), "{error:?}");
    assert!(error.retryable());
}

#[test]
fn nothing_secret_is_shown() {
    let shown = format!("{:?} {:?}", access(), connector("http://127.0.0.1:1"));
    assert!(!shown.to_lowercase().contains("hunter2"), "{shown}");
}
