//! A cloud in memory, for tests of programs that use a [`Cloud`](crate::Cloud).
//!
//! It keeps the rules that programs trip over: a machine is pending, running and managed only after it was looked at a few
//! times; a group in use can't be deleted; the same client token makes one resource; terminated machines stay listed. It
//! counts every call, and a [`Fault`] can be set for any one of them, before or after it took effect.

mod machines;
mod rest;
mod state;

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::{ApiError, CommandResult, Error, Found, Identity, InstanceState, Result, VolumeShape};
use state::State;

/// How many looks a change takes to be seen. A look is one `instance`, `volume`, `is_managed` or
/// `command_result` call, and for a machine that is shutting down also a list and a delete that it stands in the way of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// Looks until a machine is running.
    pub running_after: u32,
    /// Looks until a running machine takes commands.
    pub managed_after: u32,
    /// Looks until a new volume is available.
    pub available_after: u32,
    /// Looks until a command has ended.
    pub command_after: u32,
    /// Looks until a machine that is shutting down is terminated.
    pub terminated_after: u32,
    /// Looks until a volume has its new size.
    pub grown_after: u32,
}

impl Default for Pace {
    fn default() -> Self {
        Self { running_after: 2, managed_after: 1, available_after: 1, command_after: 1, terminated_after: 2, grown_after: 2 }
    }
}

/// Whether a failing call took effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// The call never reached the cloud.
    Before,
    /// The cloud did it, and the answer was lost.
    After,
}

/// What goes wrong with a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// The call answers this error.
    Answer(Error),
    /// The caller is to behave as if it was killed here: see [`Memory::killed`].
    Kill,
}

/// A script and the machine it ran on, as [`Memory::on_command`] sees them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    /// The machine.
    pub instance: String,
    /// The script.
    pub script: String,
    /// How many commands the machine was sent before this one.
    pub earlier: usize,
}

type Responder = Arc<dyn Fn(&Command) -> CommandResult + Send + Sync>;

/// The cloud. Clones share one state; each is a session of its own, whose calls are also counted apart.
pub struct Memory {
    inner: Arc<Mutex<Inner>>,
    sent: AtomicU32,
}

impl Clone for Memory {
    fn clone(&self) -> Self {
        Self { inner: Arc::clone(&self.inner), sent: AtomicU32::new(0) }
    }
}

struct Inner {
    pace: Pace,
    state: State,
    calls: Vec<&'static str>,
    faults: Vec<(usize, Moment, Fault)>,
    standing: Vec<(&'static str, Error)>,
    once: Vec<(&'static str, Error)>,
    responder: Responder,
}

impl Default for Memory {
    fn default() -> Self {
        Self::new(Pace::default())
    }
}

impl Memory {
    /// An empty account with a default subnet in each of two zones, and one Debian image.
    #[must_use]
    pub fn new(pace: Pace) -> Self {
        let responder: Responder = Arc::new(|_| CommandResult::Done { exit_code: 0, stdout: String::new(), stderr: String::new() });
        let inner = Inner {
            pace,
            state: State::default(),
            calls: Vec::new(),
            faults: Vec::new(),
            standing: Vec::new(),
            once: Vec::new(),
            responder,
        };
        Self { inner: Arc::new(Mutex::new(inner)), sent: AtomicU32::new(0) }
    }

    /// Decides what commands answer once they have ended.
    pub fn on_command(&self, responder: impl Fn(&Command) -> CommandResult + Send + Sync + 'static) {
        self.lock().responder = Arc::new(responder);
    }

    /// Lets the call of that number fail (from 0, as counted by [`Memory::calls`]), once.
    pub fn fail_at(&self, call: usize, moment: Moment, fault: Fault) {
        self.lock().faults.push((call, moment, fault));
    }

    /// The zone has no machine of the type left.
    pub fn fill(&self, zone: &str, instance_type: &str) {
        self.lock().state.full.insert((zone.into(), instance_type.into()));
    }

    /// The zone's subnet has no address left.
    pub fn take_addresses(&self, zone: &str) {
        self.lock().state.without_address.insert(zone.to_owned());
    }

    /// Somebody else has the private address.
    pub fn take_address(&self, address: &str) {
        self.lock().state.taken_addresses.insert(address.to_owned());
    }

    /// The image is not to be had any more.
    pub fn withdraw_image(&self, id: &str) {
        self.lock().state.withdrawn.insert(id.to_owned());
    }

    /// The account may have so many GiB of disks.
    pub fn limit_storage(&self, gib: u32) {
        self.lock().state.storage_gib = Some(gib);
    }

    /// Lets the next call of that name fail before it takes effect.
    pub fn fail_once(&self, call: &'static str, error: Error) {
        self.lock().once.push((call, error));
    }

    /// Lets every call of that name fail before it takes effect, until [`Memory::heal`].
    pub fn fail_always(&self, call: &'static str, error: Error) {
        self.lock().standing.push((call, error));
    }

    /// Removes all faults.
    pub fn heal(&self) {
        let mut inner = self.lock();
        inner.faults.clear();
        inner.standing.clear();
    }

    /// The names of the trait's functions in the order they were called.
    #[must_use]
    pub fn calls(&self) -> Vec<&'static str> {
        self.lock().calls.clone()
    }

    /// Everything that exists in the account, of all deployments. Not a call: it is not counted and never fails.
    #[must_use]
    pub fn holdings(&self) -> Vec<Found> {
        self.lock().state.found(None)
    }

    /// The type and state of the machine that is there. Not a call.
    #[must_use]
    pub fn machine(&self) -> Option<(String, InstanceState)> {
        self.lock().state.machine().map(|machine| (machine.instance_type.clone(), machine.state))
    }

    /// The image that the machine was made from, and its private address. Not a call.
    #[must_use]
    pub fn image_and_address(&self) -> Option<(String, String)> {
        self.lock().state.machine().map(|machine| (machine.image.clone(), machine.private_ip.clone()))
    }

    /// The machine that has the data volume. Not a call.
    #[must_use]
    pub fn holder(&self) -> Option<String> {
        self.lock().state.volumes.values().next()?.attached_to.clone()
    }

    /// The data volume as it is, and the ranges that may connect. Not a call.
    #[must_use]
    pub fn disk_and_ranges(&self) -> Option<(VolumeShape, Vec<String>)> {
        let guard = self.lock();
        let group = guard.state.groups.values().next()?;
        Some((guard.state.volumes.values().next()?.shape, group.cidrs.clone()))
    }

    /// How many resources were ever made, of each kind that a repeated step could make twice.
    #[must_use]
    pub fn made(&self) -> usize {
        self.lock().state.made
    }

    /// A machine's end that nobody here asked for, as when a person terminates it in the console.
    pub fn lose_instance(&self, id: &str, reason: &str) {
        self.lock().state.lose_instance(id, reason);
    }

    /// Whether an error is the mark of [`Fault::Kill`]: a test's worker then drops all it holds in memory and stops.
    #[must_use]
    pub fn killed(error: &Error) -> bool {
        error.cause().code == KILLED
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        // A test that panicked while it held the lock has failed already; what follows may as well look.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One counted call: faults before it, its effect, faults after it.
    fn call<T>(&self, name: &'static str, effect: impl FnOnce(&mut State, &Pace) -> Result<T>) -> Result<T> {
        self.sent.fetch_add(1, Ordering::Relaxed);
        let mut guard = self.lock();
        let inner = &mut *guard;
        let number = inner.calls.len();
        inner.calls.push(name);
        if let Some((_, error)) = inner.standing.iter().find(|(call, _)| *call == name) {
            return Err(error.clone());
        }
        if let Some(at) = inner.once.iter().position(|(call, _)| *call == name) {
            return Err(inner.once.remove(at).1);
        }
        if let Some(fault) = inner.take_fault(number, Moment::Before) {
            return Err(fault.into_error(name));
        }
        let answer = effect(&mut inner.state, &inner.pace);
        match inner.take_fault(number, Moment::After) {
            Some(fault) => Err(fault.into_error(name)),
            None => answer,
        }
    }

    fn respond(&self, command: &Command) -> CommandResult {
        // Called without the lock, so that it may look at the cloud itself.
        let responder = Arc::clone(&self.lock().responder);
        responder(command)
    }

    fn identity() -> Identity {
        Identity { account_id: "222222222222".into(), arn: "arn:aws:sts::222222222222:assumed-role/CloudsailAccess/memory".into() }
    }
}

const KILLED: &str = "Killed";

impl Inner {
    fn take_fault(&mut self, number: usize, moment: Moment) -> Option<Fault> {
        let at = self.faults.iter().position(|(call, when, _)| *call == number && *when == moment)?;
        Some(self.faults.remove(at).2)
    }
}

impl Fault {
    fn into_error(self, action: &'static str) -> Error {
        match self {
            Self::Answer(error) => error,
            Self::Kill => {
                let cause = ApiError { code: KILLED.into(), message: "the test ends the caller here".into(), request_id: None };
                Error::Unavailable { action, cause }
            }
        }
    }
}
