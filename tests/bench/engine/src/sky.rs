//! What customers deploy into.

use crate::run::WORKERS;
use clouds::access::boundary_arn;
use clouds::aws::{Access, Aws, Connector};
use clouds::memory::{Command, Memory, Pace};
use clouds::{Cloud, CommandResult, FoundKind};
use domain::Errand;
use emulator::{Emulator, Owner, REGION};
use engine::StepError;
use serde_json::json;
use std::sync::Arc;
use store::{Leased, NewAccount};

/// A customer's account in some cloud.
pub(crate) trait Sky {
    type Cloud: Cloud;

    /// As it is linked.
    fn account(&self) -> NewAccount;

    /// As a process of the worker connects to it, which `worker` is the number of.
    async fn connect(&self, worker: usize, leased: &Leased) -> Result<Self::Cloud, StepError>;

    /// What is wrong with what it holds, by its own lists, after that many deployments.
    async fn wrong(&self, deployments: usize) -> Vec<String>;
}

/// In memory.
pub(crate) struct InMemory(Memory);

impl InMemory {
    pub(crate) fn new() -> Self {
        let cloud = Memory::new(Pace::default());
        cloud.on_command(machine);
        Self(cloud)
    }
}

/// What a machine that works answers.
fn machine(command: &Command) -> CommandResult {
    let answer = match command.earlier {
        0 => json!({"state": "booting", "step": "install"}),
        _ => json!({"state": "ready", "sql_ok": true, "address": "172.31.0.10", "ca": "-----BEGIN CERTIFICATE-----"}),
    };
    CommandResult::Done { exit_code: 0, stdout: answer.to_string(), stderr: String::new() }
}

impl Sky for InMemory {
    type Cloud = Memory;

    fn account(&self) -> NewAccount {
        testkit::new_account()
    }

    async fn connect(&self, _: usize, _: &Leased) -> Result<Memory, StepError> {
        Ok(self.0.clone())
    }

    async fn wrong(&self, deployments: usize) -> Vec<String> {
        let holdings = self.0.holdings();
        let kinds = [FoundKind::Instance, FoundKind::Volume, FoundKind::SecurityGroup, FoundKind::Secret, FoundKind::Role];
        let held = |kind: FoundKind| holdings.iter().filter(|found| found.kind == kind).count();
        let mut wrong: Vec<_> = kinds.into_iter().filter_map(|kind| unequal(kind.as_str(), held(kind), deployments)).collect();
        wrong.extend(unequal("thing, all that was ever made,", self.0.made(), kinds.len() * deployments));
        wrong
    }
}

/// An account of the local cloud's AWS emulator, over HTTP, with the adapter that the worker has; its machines are records.
pub(crate) struct Local {
    /// Ends with the last of its accounts.
    _emulator: Arc<Emulator>,
    linked: NewAccount,
    owner: Owner,
    /// Of each process of the worker.
    connectors: Vec<Connector>,
}

impl Local {
    /// An account for each count, of one emulator.
    pub(crate) async fn accounts(counts: &[usize]) -> Vec<(Self, usize)> {
        let emulator = Arc::new(Emulator::start().await);
        let mut accounts = Vec::new();
        for (number, count) in counts.iter().enumerate() {
            let account = format!("30000000000{number}");
            let owner = Owner::new(&emulator.sdk(&account, "test", None).await);
            let worker = emulator.worker().await;
            let connectors = (0..WORKERS).map(|_| Connector::new(worker.clone())).collect();
            accounts.push((Self { linked: emulator.link(&account), owner, connectors, _emulator: Arc::clone(&emulator) }, *count));
        }
        accounts
    }
}

impl Sky for Local {
    type Cloud = Aws;

    fn account(&self) -> NewAccount {
        self.linked.clone()
    }

    async fn connect(&self, worker: usize, leased: &Leased) -> Result<Aws, StepError> {
        let access = Access::provisioning(&leased.link, REGION, &Errand::deployment(&leased.deployment.id, &leased.deployment.owner));
        self.connectors[worker].connect(&access).await.map_err(|error| StepError::Retry(error.to_string()))
    }

    async fn wrong(&self, deployments: usize) -> Vec<String> {
        let holds = self.owner.holds().await;
        let kinds = ["instance", "instance profile", "role", "secret", "security group", "volume"];
        let held = |kind: &str| holds.iter().filter(|found| **found == kind).count();
        let mut wrong: Vec<_> = kinds.into_iter().filter_map(|kind| unequal(kind, held(kind), deployments)).collect();
        wrong.extend(unequal("thing of another kind", holds.len() - kinds.iter().map(|kind| held(kind)).sum::<usize>(), 0));
        wrong.extend(unequal("machine, all that were ever made,", self.owner.machines_ever().await, deployments));
        wrong
    }
}

fn unequal(what: &str, found: usize, expected: usize) -> Option<String> {
    (found != expected).then(|| format!("{found} of {what} in place of {expected}"))
}

/// The boundary that the account's instance roles stand within.
pub(crate) fn boundary(leased: &Leased) -> String {
    boundary_arn(&leased.link.role_arn)
}
