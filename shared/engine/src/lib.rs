#![doc = include_str!("../README.md")]

mod run;

pub use run::{End, Limits, Sender, run};

use domain::DeploymentId;
use jiff::Timestamp;
use serde_json::Value;
use std::future::Future;
use std::time::Duration;
use store::{Change, Deployment, Fulfilled, NewEvent, Store, Target, Wish};

/// Where a strand stands in its program.
pub type Label = &'static str;

/// What a step wants to happen next.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub enum Next {
    /// Go on at this label at once.
    Hop(Label),
    /// Come back to the same label after this long.
    Nap(Duration),
    /// Go on at this label after this long.
    HopAfter(Label, Duration),
    /// The program has ended.
    Done,
    /// A person should look. It is tried again by and by: what stands in the way may be gone then.
    Fail(String),
    /// A person should look, and the strand waits for one at this label, for a reason.
    Park(Label, String),
}

/// Why a step could not be carried out.
#[derive(Debug, thiserror::Error)]
pub enum StepError {
    /// Trying again later may work.
    #[error("{0}")]
    Retry(String),
    /// Trying again changes nothing; the text tells a person what to do.
    #[error("{0}")]
    Fatal(String),
    /// The step was cut off as if the process had ended: nothing may be stored.
    #[error("the step was cut off")]
    Cut,
    /// The control plane's own database.
    #[error("the ledger could not be written")]
    Store(#[from] store::Error),
}

/// What a step sees and may change.
pub struct Step<'a> {
    /// What the strand works on, as it was when it was leased.
    pub deployment: &'a Deployment,
    /// What the cloud is asked for, once that was decided.
    pub document: Option<&'a Value>,
    /// What it is being changed to.
    pub target: Option<&'a Target>,
    /// For the ledger.
    pub store: &'a Store,
    /// What the program remembers.
    pub stack: &'a mut Value,
    /// What becomes of the deployment.
    pub change: Change,
    /// What somebody wants meanwhile.
    pub wish: Option<Wish>,
    /// Wishes that this step fulfills.
    pub fulfilled: Fulfilled,
    /// Tries of this label, this one included.
    pub attempts: i32,
    /// When the label was reached.
    pub label_since: Timestamp,
    /// The time now.
    pub now: Timestamp,
    /// If the step fails after this, a person is told; a program with a deadline of its own sets an earlier time.
    pub tried_until: Timestamp,
}

impl Step<'_> {
    /// The deployment's id.
    #[must_use]
    pub fn id(&self) -> &DeploymentId {
        &self.deployment.id
    }

    /// Tells people something.
    pub fn event(&mut self, kind: &'static str, step: Option<&str>, message: impl Into<String>) {
        self.change.events.push(NewEvent { kind, step: step.map(str::to_owned), message: message.into() });
    }

    /// Seconds since the label was reached.
    #[must_use]
    pub fn seconds_here(&self) -> i64 {
        self.now.as_second() - self.label_since.as_second()
    }
}

/// A program: one function a label.
pub trait Program: Send + Sync {
    /// The strongest wish that is acted on at this label, or has to wait there; a stronger one turns the strand.
    fn heeds(label: &str, stack: &Value) -> Option<Wish>;

    /// The label that a wish leads to.
    fn way(wish: Wish, stack: &Value) -> Label;

    /// How often the customer's account was called so far, repetitions of a call included.
    fn calls(&self) -> u32;

    /// Runs the label once. It may be run again after any part of it.
    fn step(&self, label: &str, step: &mut Step<'_>) -> impl Future<Output = Result<Next, StepError>> + Send;
}
