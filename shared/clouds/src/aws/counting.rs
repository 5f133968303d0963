//! How often an account is called.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use aws_sdk_ec2::config::interceptors::BeforeTransmitInterceptorContextRef;
use aws_sdk_ec2::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_ec2::error::BoxError;

/// Counts what the clients that share it send; a call that the SDK sends again counts again, as it does for AWS.
#[derive(Clone, Debug, Default)]
pub(super) struct Calls {
    own: Arc<AtomicU32>,
    /// Those of all sessions of the connector.
    all: Arc<AtomicU32>,
}

impl Calls {
    /// A session's, which count among the connector's.
    pub(super) fn of_a_session(&self) -> Self {
        Self { own: Arc::default(), all: Arc::clone(&self.all) }
    }

    pub(super) fn so_far(&self) -> u32 {
        self.own.load(Ordering::Relaxed)
    }

    pub(super) fn of_all_sessions(&self) -> u32 {
        self.all.load(Ordering::Relaxed)
    }
}

impl Intercept for Calls {
    fn name(&self) -> &'static str {
        "Calls"
    }

    fn read_before_attempt(
        &self,
        _: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        self.own.fetch_add(1, Ordering::Relaxed);
        self.all.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }
}
