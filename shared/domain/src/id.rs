//! Ids that people can read: a prefix that names the kind, then a UUIDv7 in hexadecimal.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use uuid::Uuid;

/// The text is not an id of the kind that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not an id of the form {prefix}…")]
pub struct InvalidId {
    text: String,
    prefix: &'static str,
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The prefix with its underscore.
            pub const PREFIX: &'static str = $prefix;

            /// A new id; later ids sort after earlier ones.
            #[must_use]
            pub fn generate() -> Self {
                Self(format!("{}{}", $prefix, Uuid::now_v7().simple()))
            }

            /// The whole text, prefix included.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The last eight characters, for names of limited length. They are the random end of the UUID.
            #[must_use]
            pub fn short(&self) -> &str {
                &self.0[self.0.len() - 8..]
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;
            fn from_str(text: &str) -> Result<Self, InvalidId> {
                text.strip_prefix($prefix)
                    .filter(|rest| rest.len() == 32 && !rest.contains(|c: char| !matches!(c, '0'..='9' | 'a'..='f')))
                    .map(|_| Self(text.to_owned()))
                    .ok_or_else(|| InvalidId { text: text.to_owned(), prefix: $prefix })
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidId;
            fn try_from(text: String) -> Result<Self, InvalidId> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )+};
}

ids! {
    /// A customer's cloud account that is linked to a user.
    AccountId = "acct_";
    /// A plan.
    PlanId = "plan_";
    /// One deployment of a plan.
    DeploymentId = "dep_";
    /// The long-running work behind a deployment.
    StrandId = "strand_";
    /// A line of the ledger: one external resource.
    ResourceId = "res_";
    /// An event that a deployment shows.
    EventId = "evt_";
}

/// A user, by the `sub` claim of the identity provider.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct UserId(pub String);

impl UserId {
    /// The claim as it stands.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What the audit log has a line about: the id of an account, a plan or a deployment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject(String);

impl Subject {
    /// The id as it stands.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Subject {
    type Err = InvalidId;
    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let account = text.parse::<AccountId>().map(String::from);
        let any = account.or_else(|_| text.parse::<PlanId>().map(String::from)).or_else(|_| text.parse::<DeploymentId>().map(String::from));
        any.map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_and_sorts_by_age() {
        let first = PlanId::generate();
        assert_eq!(first.as_str().parse(), Ok(first.clone()));
        assert_eq!(first.short().len(), 8);
        std::thread::sleep(std::time::Duration::from_millis(2));
        assert!(first < PlanId::generate());
    }

    #[test]
    fn another_kind_or_another_shape_is_refused() {
        for text in ["", "plan_", "dep_0198", "plan_ABCDEF00000000000000000000000000", "plan_zz"] {
            let error = text.parse::<PlanId>().unwrap_err();
            assert!(error.to_string().contains("plan_"), "{error}");
        }
    }
}
