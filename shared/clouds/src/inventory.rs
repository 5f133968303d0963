use std::future::Future;

use crate::{Found, Result};

/// What an account holds that is ours, whichever deployment it belongs to, by each service's own list: what carries our tag, and
/// what has a name that ours begin with, should the tag be gone. The calls only read.
pub trait Inventory: Send + Sync {
    /// Machines, volumes, security groups and secrets of the session's region.
    fn list_region(&self) -> impl Future<Output = Result<Vec<Found>>> + Send;

    /// Roles and instance profiles, which belong to no region. The two roles that the account's owner made for us are not listed.
    fn list_identities(&self) -> impl Future<Output = Result<Vec<Found>>> + Send;
}
