use super::look::Look;
use domain::DeploymentId;
use engine::{Step, StepError};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What the program remembers between steps: ids, names and tokens, never a secret.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Memory {
    /// When the first step ran, for the deadline.
    pub begun_at: Option<Timestamp>,
    /// Begins the name of everything that is made.
    pub name: String,
    /// Makes the call that creates the secret safe to repeat.
    pub secret_token: String,
    /// Makes the call that creates the volume safe to repeat.
    pub volume_token: String,
    /// Makes the call that launches the machine safe to repeat.
    pub instance_token: String,
    pub image: Option<String>,
    pub root_device: Option<String>,
    pub subnet: Option<String>,
    pub vpc: Option<String>,
    pub zone: Option<String>,
    /// Zones that had no room for the machine type that is asked for now.
    pub full_zones: Vec<String>,
    /// Machine types that no zone had room for.
    pub full_types: Vec<String>,
    pub security_group: Option<String>,
    pub secret: Option<String>,
    pub profile: Option<String>,
    pub volume: Option<String>,
    pub instance: Option<String>,
    /// The command whose result is awaited.
    pub command: Option<String>,
    /// What the machine last said it was doing.
    pub progress: Option<String>,
    /// A query has succeeded once, so the volume holds somebody's data.
    pub ran: bool,
    /// When the disk last began to grow by itself.
    pub grown_at: Option<Timestamp>,
    /// People were told that the disk fills up.
    pub told_filling: bool,
    /// The security group lets nobody in, since a destroy can be undone.
    pub closed: bool,
    /// A look at the database beside what is done to it.
    pub look: Look,
    /// What is left to do of a change.
    pub changing: Option<Changing>,
    /// The machine may not be the one of before. It stays known until a query has succeeded, also where a change ended at a person.
    pub replacing: Option<Replacing>,
}

/// One machine in another's place.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Replacing {
    /// What ran before was made from it.
    pub from: Base,
    /// What is asked for.
    pub to: Base,
    /// The private address that goes from machine to machine; none once somebody else has it.
    pub address: Option<String>,
    /// The machine on which PostgreSQL was told to rest, or is about to be.
    pub resting: Option<String>,
    /// A machine that is being made.
    pub launch: Option<Launch>,
    /// The machine that was made for what is to be reached now.
    pub made: Option<String>,
    /// It rebuilds its indexes, which takes its time.
    pub rebuilds: bool,
}

impl Replacing {
    /// The one to be reached: on the way back, or forth.
    pub(super) fn base(&self, back: bool) -> &Base {
        if back { &self.from } else { &self.to }
    }
}

/// What a machine is made from.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Base {
    pub image: String,
    pub root_device: String,
}

/// Decided before the call that makes the machine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Launch {
    pub token: String,
    /// Like the one of before.
    pub back: bool,
}

/// A change of what runs, or the way back from one: which parts are still to be done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Changing {
    /// For the deadline.
    pub begun_at: Timestamp,
    pub volume: bool,
    pub network: bool,
    pub machine: bool,
    pub settings: bool,
    /// It goes back, and why.
    pub undo: Option<String>,
}

impl Memory {
    pub(super) fn read(step: &Step<'_>) -> Result<Self, StepError> {
        serde_json::from_value(step.stack.clone()).map_err(|error| StepError::Fatal(format!("the stack can't be read: {error}")))
    }

    pub(super) fn write(&self, step: &mut Step<'_>) -> Result<(), StepError> {
        *step.stack = serde_json::to_value(self).map_err(|error| StepError::Fatal(format!("the stack can't be written: {error}")))?;
        Ok(())
    }

    /// What a label of a change works on.
    pub(super) fn changing(&self) -> Result<&Changing, StepError> {
        self.changing.as_ref().ok_or_else(nothing_changes)
    }

    /// The same, to cross off what is done.
    pub(super) fn changing_mut(&mut self) -> Result<&mut Changing, StepError> {
        self.changing.as_mut().ok_or_else(nothing_changes)
    }

    /// What a label of a replacement works on.
    pub(super) fn replacing_mut(&mut self) -> Result<&mut Replacing, StepError> {
        self.replacing.as_mut().ok_or_else(|| StepError::Fatal("no machine is being replaced at this step".to_owned()))
    }

    /// Names and tokens, decided once and stored before any call uses them.
    pub(super) fn decide(&mut self, id: &DeploymentId) {
        if self.name.is_empty() {
            self.name = format!("cloudsail-{}", id.short());
            self.secret_token = uuid::Uuid::now_v7().to_string();
            self.make_anew();
        }
    }

    /// Another machine and another volume.
    pub(super) fn make_anew(&mut self) {
        (self.volume, self.instance, self.command) = (None, None, None);
        self.volume_token = uuid::Uuid::now_v7().to_string();
        self.instance_token = uuid::Uuid::now_v7().to_string();
    }
}

fn nothing_changes() -> StepError {
    StepError::Fatal("no change is under way at this step".to_owned())
}

/// What an earlier step must have stored; a missing one is a defect of ours.
pub(super) fn known<'a>(value: &'a Option<String>, what: &str) -> Result<&'a str, StepError> {
    value.as_deref().ok_or_else(|| StepError::Fatal(format!("the {what} is not known at this step")))
}
