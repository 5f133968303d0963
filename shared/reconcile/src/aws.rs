use crate::Sessions;
use clouds::aws::{Access, Connector};
use clouds::{ApiError, Error, Result};
use domain::{Errand, Link};
use store::Account;

/// Sessions of the account's two roles.
pub struct Aws<'a> {
    connector: &'a Connector,
    link: Link,
    errand: Errand,
}

impl<'a> Aws<'a> {
    /// Of the account.
    #[must_use]
    pub fn new(connector: &'a Connector, account: &Account) -> Self {
        Self { connector, link: account.link(), errand: Errand::named("reconcile", &account.owner) }
    }
}

impl Sessions for Aws<'_> {
    type Cloud = clouds::aws::Aws;

    async fn monitoring(&self, region: &str) -> Result<Self::Cloud> {
        let access = Access::monitoring(&self.link, region, &self.errand).ok_or_else(unverified)?;
        self.connector.connect(&access).await
    }

    async fn provisioning(&self, region: &str) -> Result<Self::Cloud> {
        self.connector.connect(&Access::provisioning(&self.link, region, &self.errand)).await
    }
}

fn unverified() -> Error {
    let message = "the account's monitoring role was never found to work; verify the account".to_owned();
    let cause = ApiError { code: "NotVerified".into(), message: message.clone(), request_id: None };
    Error::Denied { action: "sts:AssumeRole", message, cause }
}
