//! What a deployment, or a component of it, is doing, as a person sees it.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// Status of a deployment and of each component in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Nothing runs: never deployed, or destroyed. Gray.
    NotDeployed,
    /// The machine is stopped on purpose. Gray.
    Stopped,
    /// On its way to `running`. Orange.
    Deploying,
    /// A change is being applied. Orange.
    Changing,
    /// On its way back to the last state that worked. Orange.
    Cancelling,
    /// On its way to nothing. Orange.
    Destroying,
    /// A real query succeeded within the last two minutes. Green.
    Running,
    /// Something a person should act on; `reason` says what. Red.
    Issue,
}

const ALL: [(Status, &str); 8] = [
    (Status::NotDeployed, "not_deployed"),
    (Status::Stopped, "stopped"),
    (Status::Deploying, "deploying"),
    (Status::Changing, "changing"),
    (Status::Cancelling, "cancelling"),
    (Status::Destroying, "destroying"),
    (Status::Running, "running"),
    (Status::Issue, "issue"),
];

impl Status {
    /// The text that stands in the database and in the API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        ALL.iter().find(|(status, _)| *status == self).map_or("issue", |(_, text)| text)
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The text is not a status.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a status")]
pub struct InvalidStatus(String);

impl FromStr for Status {
    type Err = InvalidStatus;
    fn from_str(text: &str) -> Result<Self, InvalidStatus> {
        ALL.iter().find(|(_, name)| *name == text).map(|(status, _)| *status).ok_or_else(|| InvalidStatus(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_reads_back_and_json_agrees() {
        for (status, text) in ALL {
            assert_eq!(text.parse(), Ok(status));
            assert_eq!(serde_json::to_value(status).unwrap(), text);
        }
    }
}
