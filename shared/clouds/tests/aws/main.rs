//! The AWS side against the local cloud: the template makes a role that allows every call of the trait, and little else.
//!
//! Runs where `CLOUDSAIL_LOCAL_CLOUD=1` and the variables of `.local/env` are set, and says so where it does not run. With
//! `CLOUDSAIL_LOCAL_CLOUD=no-machines` the steps inside a machine are left out, for an emulator whose machines don't boot.

#![expect(clippy::unwrap_used, reason = "a test that can't go on fails at that line")]

mod customer;
mod lifecycle;
mod refusals;

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;

pub(crate) const REGION: &str = "ca-central-1";

/// Where the tests run, from the environment.
#[derive(Clone)]
pub(crate) struct Ground {
    pub endpoint: String,
    pub customer_account: String,
    pub control_account: String,
    pub customer_keys: Credentials,
    pub control: SdkConfig,
    pub customer: SdkConfig,
    pub machines_boot: bool,
}

impl Ground {
    /// `None`, with a notice, where there is no local cloud.
    pub(crate) async fn find() -> Option<Self> {
        let mode = variable("CLOUDSAIL_LOCAL_CLOUD")?;
        let need = |name: &str| variable(name).unwrap_or_else(|| panic!("{name} is not set: source .local/env"));
        let keys = |id: String, secret: String| Credentials::new(id, secret, None, None, "tests");
        let customer_keys = keys(need("CLOUDSAIL_CUSTOMER_ACCESS_KEY_ID"), need("CLOUDSAIL_CUSTOMER_SECRET_ACCESS_KEY"));
        let control_keys = keys(need("AWS_ACCESS_KEY_ID"), need("AWS_SECRET_ACCESS_KEY"));
        let endpoint = need("AWS_ENDPOINT_URL");
        let base = aws_config::defaults(BehaviorVersion::v2026_01_12()).region(Region::new(REGION)).endpoint_url(&endpoint).load().await;
        let as_user = |keys: &Credentials| base.to_builder().credentials_provider(SharedCredentialsProvider::new(keys.clone())).build();
        Some(Self {
            control: as_user(&control_keys),
            customer: as_user(&customer_keys),
            customer_account: need("CLOUDSAIL_CUSTOMER_ACCOUNT_ID"),
            control_account: need("CLOUDSAIL_CONTROL_ACCOUNT_ID"),
            machines_boot: mode != "no-machines",
            customer_keys,
            endpoint,
        })
    }
}

#[expect(clippy::disallowed_methods, reason = "a test has no start at which cloudsail-config could read it")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

#[expect(clippy::print_stdout, reason = "a test that does not run has to say so")]
fn notice(text: &str) {
    println!("{text}");
}

#[tokio::test]
async fn the_template_allows_what_a_deployment_does_and_refuses_the_rest() {
    let Some(ground) = Ground::find().await else {
        notice("not run: the AWS tests need the local cloud (./scripts/dev up, source .local/env, CLOUDSAIL_LOCAL_CLOUD=1)");
        return;
    };
    let customer = customer::Customer::link(&ground).await;
    let found = customer.clone();
    // Apart, so that what the test made goes also when it fails.
    let outcome = tokio::spawn(async move {
        refusals::at_the_door(&found).await;
        lifecycle::every_call_twice(&found).await;
        refusals::inside(&found).await;
    })
    .await;
    customer.unlink().await;
    if let Err(failed) = outcome {
        std::panic::resume_unwind(failed.into_panic());
    }
}
