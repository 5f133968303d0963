//! Another machine in the place of the one that runs, where nothing less can be done: it is made from another image.
//!
//! The old machine is stopped, gives up the data volume and ends; only then is its address free for the new one. What is gone by then
//! is made again from the image of before, so that the way back is the same way with the other image as its goal. A machine whose
//! launch was cut off is learnt of before anything else is made: its token is stored before the call, and finds it again.

use super::look::gone;
use super::memory::{Base, Launch, Memory, Replacing, known};
use super::up::instance_spec;
use super::{Postgres, cloud_error, ready};
use clouds::{Cloud, CommandResult, FoundKind, Instance, InstanceState, VolumeState};
use domain::plan::FieldError;
use engine::{Label, Next, Step, StepError};
use std::time::Duration;
use transform::Changes;
use transform::aws::Design;

pub(super) const FIRST: Label = "replace";
pub(super) const LABELS: [&str; 8] =
    [FIRST, "replace_rest", "replace_rested", "replace_stop", "replace_detach", "replace_end", "replace_launch", "replace_managed"];

const SOON: Duration = Duration::from_secs(1);
/// For so long a machine that was just made may not be listed yet. One that has ended is listed for an hour.
pub(super) const UNSEEN_S: i64 = 60;
/// For so long PostgreSQL may take to come to rest by itself; then the machine's own shutdown stops it.
const REST_S: i64 = 120;
/// For so long an address may be held by the machine that has ended; then somebody else has got it.
const ADDRESS_S: i64 = 60;

impl<C: Cloud> Postgres<C> {
    /// Whether the machine is to be replaced, and from which images it goes where. What stands in the way is answered as fields: nothing
    /// was touched by then, and the image of the way back is looked for as well.
    pub(super) async fn replacement(
        &self,
        memory: &Memory,
        (changes, before, goal): (&Changes, &Design, &Design),
        there: Option<&Instance>,
    ) -> Result<Result<Option<Replacing>, FieldError>, StepError> {
        let wanted = changes.replaces_machine();
        let mut replacing = match (&memory.replacing, there) {
            (Some(earlier), _) => earlier.clone(),
            (None, Some(machine)) if wanted => match self.way_back(before, machine).await {
                Ok(from) => Replacing { to: from.clone(), from, address: machine.private_ip.clone(), ..Replacing::default() },
                Err(missing) => return field(missing).map(Err),
            },
            (None, _) => return Ok(Ok(None)),
        };
        replacing.made = None;
        replacing.to = replacing.from.clone();
        if wanted {
            match ready::image(&self.cloud, goal).await {
                Ok(image) => replacing.to = Base { image: image.id, root_device: image.root_device },
                Err(missing) => return field(missing).map(Err),
            }
        }
        // Another name for the image that runs is no reason to touch the machine.
        let same = memory.replacing.is_none() && there.is_some_and(|machine| machine.image == replacing.to.image);
        Ok(Ok((!same).then_some(replacing)))
    }

    /// The image that the machine was made from; where it was withdrawn since, the newest of its kind.
    async fn way_back(&self, before: &Design, machine: &Instance) -> Result<Base, ready::Missing> {
        let mut again = before.clone();
        again.image.wished = Some(machine.image.clone());
        let found = match ready::image(&self.cloud, &again).await {
            Err(ready::Missing::Field(_)) => {
                again.image.wished = None;
                ready::image(&self.cloud, &again).await
            }
            other => other,
        };
        found.map(|image| Base { image: image.id, root_device: image.root_device })
    }

    /// A change that ended at a person may have made a machine whose id nobody learnt. It is listed by now.
    pub(super) async fn learn(&self, step: &Step<'_>, memory: &mut Memory) -> Result<(), StepError> {
        if memory.replacing.as_ref().is_none_or(|replacing| replacing.launch.is_none()) {
            return Ok(());
        }
        let found = self.cloud.list_tagged(step.id().as_str(), &memory.name).await.map_err(cloud_error)?;
        let known = memory.instance.take();
        let mut machines = found.into_iter().filter(|found| found.kind == FoundKind::Instance).map(|found| found.id);
        memory.instance = machines.find(|id| known.as_ref() != Some(id)).or(known);
        memory.replacing_mut()?.launch = None;
        Ok(())
    }

    /// What is to be done until the right machine is there and has the data volume. None: nothing.
    pub(super) async fn exchange(&self, step: &Step<'_>, memory: &mut Memory, there: Option<&Instance>) -> Result<Option<Next>, StepError> {
        let (back, id) = (memory.changing()?.undo.is_some(), known(&memory.instance, "machine")?.to_owned());
        let volume = known(&memory.volume, "volume")?.to_owned();
        let kept = gone(memory);
        let replacing = memory.replacing_mut()?;
        if replacing.launch.is_some() {
            return Ok(Some(Next::Hop("replace_launch")));
        }
        let made = replacing.made.as_ref() == Some(&id);
        let Some(machine) = there.filter(|machine| machine.state != InstanceState::Terminated) else {
            if there.is_none() && step.seconds_here() < UNSEEN_S {
                return Ok(Some(Next::Nap(SOON)));
            }
            if made {
                return Err(there
                    .and_then(|machine| machine.reason.as_ref())
                    .map_or(kept, |reason| StepError::Fatal(format!("the new machine stopped while it was starting ({reason})"))));
            }
            step.store.ledger_gone(step.id(), "instance").await?;
            replacing.launch = Some(Launch { token: uuid::Uuid::now_v7().to_string(), back });
            return Ok(Some(Next::Hop("replace_launch")));
        };
        let resting = replacing.resting.as_ref() == Some(&id);
        match machine.state {
            // Its address is free once it is gone.
            InstanceState::ShuttingDown => return Ok(Some(Next::Nap(SOON))),
            _ if machine.image != replacing.base(back).image => {
                replacing.resting = Some(id);
                return Ok(Some(Next::Hop("replace_rest")));
            }
            // PostgreSQL was told to rest there, and comes back with the machine.
            InstanceState::Running if resting => {
                self.cloud.stop_instance(&id).await.map_err(cloud_error)?;
                return Ok(Some(Next::Nap(SOON)));
            }
            InstanceState::Running | InstanceState::Stopped => {}
            _ => return Ok(Some(Next::Nap(SOON))),
        }
        replacing.resting = None;
        let Some(disk) = self.cloud.volume(&volume).await.map_err(cloud_error)? else { return Err(no_volume()) };
        match disk.attached_to {
            Some(holder) if holder == id => return Ok(None),
            None if disk.state == VolumeState::Available => self.cloud.attach_volume(&volume, &id).await.map_err(cloud_error)?,
            _ => {}
        }
        Ok(Some(Next::Nap(SOON)))
    }

    /// Files that were closed in order need no recovery on another machine. What does not answer is stopped all the same.
    pub(super) async fn replace_rest(&self, step: &Step<'_>, memory: &mut Memory) -> Result<Next, StepError> {
        let (id, script) = (known(&memory.instance, "machine")?, self.design(step)?.rest());
        memory.command = None;
        let state = self.cloud.instance(id).await.map_err(cloud_error)?.map(|machine| machine.state);
        if state != Some(InstanceState::Running) || !self.cloud.is_managed(id).await.map_err(cloud_error)? {
            return Ok(Next::Hop("replace_stop"));
        }
        match self.cloud.run_command(id, &script, "cloudsail rest").await {
            Ok(command) => {
                memory.command = Some(command);
                Ok(Next::Hop("replace_rested"))
            }
            Err(error @ (clouds::Error::Throttled { .. } | clouds::Error::Unavailable { .. })) => Err(cloud_error(error)),
            Err(error) => {
                tracing::info!(%error, "PostgreSQL could not be told to rest");
                Ok(Next::Hop("replace_stop"))
            }
        }
    }

    pub(super) async fn replace_rested(&self, step: &Step<'_>, memory: &Memory) -> Result<Next, StepError> {
        let (id, command) = (known(&memory.instance, "machine")?, known(&memory.command, "command")?);
        match self.cloud.command_result(id, command).await.map_err(cloud_error)? {
            CommandResult::Pending if step.seconds_here() < REST_S => Ok(Next::Nap(SOON)),
            CommandResult::Pending | CommandResult::Done { .. } => Ok(Next::Hop("replace_stop")),
        }
    }

    pub(super) async fn replace_stop(&self, memory: &Memory) -> Result<Next, StepError> {
        let id = known(&memory.instance, "machine")?;
        match self.cloud.instance(id).await.map_err(cloud_error)?.map(|machine| machine.state) {
            Some(InstanceState::Stopped) => return Ok(Next::Hop("replace_detach")),
            Some(InstanceState::Running) => self.cloud.stop_instance(id).await.map_err(cloud_error)?,
            Some(InstanceState::Pending | InstanceState::Stopping) => {}
            None | Some(InstanceState::ShuttingDown | InstanceState::Terminated) => return Ok(Next::Hop(FIRST)),
        }
        Ok(Next::Nap(SOON))
    }

    pub(super) async fn replace_detach(&self, memory: &Memory) -> Result<Next, StepError> {
        let (id, volume) = (known(&memory.instance, "machine")?, known(&memory.volume, "volume")?);
        let Some(disk) = self.cloud.volume(volume).await.map_err(cloud_error)? else { return Err(no_volume()) };
        if disk.attached_to.as_deref() != Some(id) {
            return Ok(Next::Hop("replace_end"));
        }
        self.cloud.detach_volume(volume, id).await.map_err(cloud_error)?;
        Ok(Next::Nap(SOON))
    }

    pub(super) async fn replace_end(&self, memory: &Memory) -> Result<Next, StepError> {
        let id = known(&memory.instance, "machine")?;
        match self.cloud.instance(id).await.map_err(cloud_error)?.map(|machine| machine.state) {
            None | Some(InstanceState::Terminated) => return Ok(Next::Hop(FIRST)),
            Some(InstanceState::ShuttingDown) => {}
            Some(_) => self.cloud.terminate_instance(id).await.map_err(cloud_error)?,
        }
        Ok(Next::Nap(SOON))
    }

    pub(super) async fn replace_launch(&self, step: &mut Step<'_>, memory: &mut Memory) -> Result<Next, StepError> {
        let back = memory.changing()?.undo.is_some();
        let replacing = memory.replacing_mut()?.clone();
        let Some(launch) = replacing.launch else { return Ok(Next::Hop(FIRST)) };
        let design = match step.target.filter(|_| !launch.back) {
            Some(target) => Design::read(&super::change::read(&target.document)?).map_err(super::fatal)?,
            None => self.design(step)?,
        };
        let (base, wanted) = (if launch.back { replacing.from } else { replacing.to }, launch.back == back);
        let spec = instance_spec(step, memory, &design.with_todays_script(), (&launch.token, base, replacing.address)).await?;
        let answer = self.cloud.ensure_instance(&spec).await;
        let replacing = memory.replacing_mut()?;
        match answer {
            Ok(id) => {
                step.store.ledger_present(step.id(), "instance", &memory.name, &id).await?;
                let replacing = memory.replacing_mut()?;
                (replacing.launch, replacing.made) = (None, wanted.then(|| id.clone()));
                memory.instance = Some(id);
                // It boots with the settings that are wanted.
                memory.changing_mut()?.settings &= !wanted;
                Ok(Next::Hop(FIRST))
            }
            Err(error) if address_is_taken(&error) && step.seconds_here() >= ADDRESS_S => {
                let lost = replacing.address.take().unwrap_or_default();
                // The same token can't be used for a request that differs.
                replacing.launch = Some(Launch { token: uuid::Uuid::now_v7().to_string(), back: launch.back });
                step.event("issue", Some("replace"), format!("{lost} was taken by another machine: PostgreSQL gets another address."));
                Ok(Next::Hop("replace_launch"))
            }
            Err(error) => match cloud_error(error) {
                StepError::Fatal(why) => {
                    replacing.launch = None;
                    if wanted { Err(StepError::Fatal(why)) } else { Ok(Next::Hop(FIRST)) }
                }
                other => Err(other),
            },
        }
    }
}

/// The change, or the way back, has ended.
pub(super) fn settled(memory: &mut Memory, back: bool) {
    if let Some(replacing) = memory.replacing.take() {
        let Base { image, root_device } = replacing.base(back).clone();
        (memory.image, memory.root_device) = (Some(image), Some(root_device));
    }
}

fn address_is_taken(error: &clouds::Error) -> bool {
    error.cause().code == "InvalidIPAddress.InUse"
}

fn no_volume() -> StepError {
    StepError::Fatal("the data volume is not there any more; delete the deployment to clean up".to_owned())
}

/// What stands in the way, unless it passes.
fn field(missing: ready::Missing) -> Result<FieldError, StepError> {
    match missing {
        ready::Missing::Field(field) => Ok(field),
        ready::Missing::Cloud(error) => match cloud_error(error) {
            StepError::Fatal(why) => Ok(FieldError::new("/components/0/os", why)),
            other => Err(other),
        },
    }
}
