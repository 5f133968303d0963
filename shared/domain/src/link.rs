//! How a customer's cloud account is entered.

use crate::{DeploymentId, UserId};
use jiff::Timestamp;
use std::fmt;

/// The roles of a linked account, and what is shown to take them on.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Link {
    /// The provisioning role.
    pub role_arn: String,
    /// The monitoring role; `None` while it was never found to work. An account that was linked before there was one has a
    /// provisioning role from then, whose sessions can't carry tags.
    pub monitor_role_arn: Option<String>,
    /// Belongs to this account alone.
    pub external_id: String,
    /// When the roles were last found as they should be. Sessions from before that may be of roles that are gone.
    pub verified_at: Option<Timestamp>,
}

impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Link").field("role_arn", &self.role_arn).field("monitor_role_arn", &self.monitor_role_arn).finish_non_exhaustive()
    }
}

/// What a session in the account is for: its name and its tags in the account's own audit log.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Errand {
    /// 2 to 64 of `[A-Za-z0-9_=,.@-]`.
    pub name: String,
    /// Whose account it is.
    pub owner: UserId,
    /// The deployment, if it is for one.
    pub deployment: Option<DeploymentId>,
}

impl Errand {
    /// For a deployment: named after it.
    #[must_use]
    pub fn deployment(id: &DeploymentId, owner: &UserId) -> Self {
        Self { name: id.to_string(), owner: owner.clone(), deployment: Some(id.clone()) }
    }

    /// For what belongs to no deployment: `verify`, or a preview of what does not run yet.
    #[must_use]
    pub fn named(name: &str, owner: &UserId) -> Self {
        Self { name: name.to_owned(), owner: owner.clone(), deployment: None }
    }
}
