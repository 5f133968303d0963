//! From what runs to what its plan says now; and back, where that does not work or is cancelled.
//!
//! Every label looks at what is there and does what is missing, so that the way back is the same way with another goal. A volume
//! does not shrink and can't be changed again for hours, so the way back leaves it as it is. Where the machine must be another one,
//! `replace.rs` sees to it that it is there.

use super::look::gone;
use super::memory::{Changing, Memory, known};
use super::{Postgres, cloud_error, replace, steps, today_plus};
use clouds::{Cloud, CommandResult, InstanceState, VolumeShape};
use domain::Status;
use domain::plan::FieldError;
use engine::{Label, Next, Step, StepError};
use serde::Deserialize;
use std::time::Duration;
use store::{Target, Wish};
use transform::aws::Design;
use transform::{Document, How};

pub(super) const FIRST: Label = "change";
pub(super) const BACK: Label = "undo";
pub(super) const LABELS: [&str; 9] = [
    FIRST,
    BACK,
    "change_volume",
    "change_grown",
    "change_network",
    "change_machine",
    "change_managed",
    "change_settings",
    "change_applied",
];
/// Where a change whose machine is as it should be goes on.
const VERIFY: Label = "check";

const SOON: Duration = Duration::from_secs(1);

/// What `apply.sh` prints: one line of JSON.
#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Answer {
    Applied(String),
    Failed(String),
}

impl<C: Cloud> Postgres<C> {
    pub(super) async fn along(&self, label: &str, step: &mut Step<'_>, memory: &mut Memory) -> Result<Next, StepError> {
        match label {
            "change" => self.change(step, memory).await,
            "undo" => self.undo(step, memory),
            "change_volume" => self.change_volume(step, memory).await,
            "change_grown" => self.change_grown(step, memory).await,
            "change_network" => self.change_network(step, memory).await,
            "change_machine" | replace::FIRST => self.change_machine(step, memory).await,
            "change_managed" | "replace_managed" => self.change_managed(step, memory).await,
            "replace_rest" => self.replace_rest(step, memory).await,
            "replace_rested" => self.replace_rested(step, memory).await,
            "replace_stop" => self.replace_stop(memory).await,
            "replace_detach" => self.replace_detach(memory).await,
            "replace_end" => self.replace_end(memory).await,
            "replace_launch" => self.replace_launch(step, memory).await,
            "change_settings" => self.change_settings(step, memory).await,
            _ => self.change_applied(step, memory).await,
        }
    }

    /// What is to be reached: what was asked for, or what ran before.
    fn goal(&self, step: &Step<'_>, changing: &Changing) -> Result<Design, StepError> {
        match step.target {
            Some(target) if changing.undo.is_none() => Design::read(&read(&target.document)?).map_err(super::fatal),
            _ => self.design(step),
        }
    }

    async fn change(&self, step: &mut Step<'_>, memory: &mut Memory) -> Result<Next, StepError> {
        let Some((plan, version)) = step.store.wanted(step.id()).await? else { return Ok(Next::Hop(VERIFY)) };
        step.fulfilled.change = Some(version);
        let before = self.document(step)?;
        let preview = match transform::preview(&plan, Some(&before), &self.knowledge, today_plus(0)) {
            Ok(preview) => preview,
            Err(fields) => return Ok(refused(step, &fields)),
        };
        if let Some(fixed) = preview.changes.fixed() {
            return Ok(refused(step, &[stays(&fixed.id)]));
        }
        self.learn(step, memory).await?;
        let (from, to) = (Design::read(&before).map_err(super::fatal)?, Design::read(&preview.document).map_err(super::fatal)?);
        let machine = self.cloud.instance(known(&memory.instance, "machine")?).await.map_err(cloud_error)?;
        let as_it_should = |there: &clouds::Instance| there.state == InstanceState::Running && there.instance_type == to.instance_type;
        memory.replacing = match self.replacement(memory, (&preview.changes, &from, &to), machine.as_ref()).await? {
            Ok(replacing) => replacing,
            Err(field) => return Ok(refused(step, &[field])),
        };
        memory.command = None;
        memory.changing = Some(Changing {
            begun_at: step.now,
            volume: from.volume != to.volume,
            network: from.ingress != to.ingress || memory.closed,
            machine: memory.replacing.is_some() || !machine.as_ref().is_some_and(as_it_should),
            settings: from.configuration.tuned != to.configuration.tuned || from.volume.size_gib != to.volume.size_gib,
            undo: None,
        });
        step.change.status = Some(Status::Changing);
        let document = serde_json::to_value(&preview.document).map_err(|error| StepError::Fatal(error.to_string()))?;
        step.change.target = Some(Some(Target { plan, version, document }));
        steps::begin_anew(step);
        let effect = if memory.replacing.is_some() { Some(How::Replace) } else { preview.effect.min(Some(How::Reboot)) };
        step.event("info", Some("change"), announcement(effect));
        Ok(next(memory))
    }

    /// A cancel, or a change that did not work.
    fn undo(&self, step: &mut Step<'_>, memory: &mut Memory) -> Result<Next, StepError> {
        memory.command = None;
        let cancelled = step.wish == Some(Wish::Cancel);
        let Some(changing) = &mut memory.changing else {
            // It had ended before the cancel was seen.
            step.fulfilled.cancel = cancelled;
            return Ok(Next::Hop(VERIFY));
        };
        let why = changing.undo.get_or_insert_with(|| "The change was cancelled".to_owned()).clone();
        let before = self.design(step)?;
        let target = step.target.map(|target| Design::read(&read(&target.document)?).map_err(super::fatal)).transpose()?;
        if let Some(replacing) = &mut memory.replacing {
            (replacing.made, replacing.rebuilds) = (None, false);
        }
        changing.begun_at = step.now;
        (changing.volume, changing.machine) = (false, true);
        changing.network = memory.closed || target.as_ref().is_none_or(|target| target.ingress != before.ingress);
        changing.settings = target.as_ref().is_none_or(|target| target.configuration != before.configuration);
        step.change.status = Some(if cancelled { Status::Cancelling } else { Status::Changing });
        step.event(if cancelled { "info" } else { "issue" }, Some("undo"), format!("{why}. Going back to what ran before."));
        Ok(next(memory))
    }

    async fn change_volume(&self, step: &Step<'_>, memory: &Memory) -> Result<Next, StepError> {
        let (changing, volume) = (memory.changing()?, known(&memory.volume, "volume")?);
        let wanted = self.goal(step, changing)?.volume;
        let shape = VolumeShape { size_gib: wanted.size_gib, iops: wanted.iops, throughput_mib_s: wanted.throughput_mib_s };
        self.cloud.modify_volume(volume, &shape).await.map_err(cloud_error)?;
        Ok(Next::Hop("change_grown"))
    }

    async fn change_grown(&self, step: &mut Step<'_>, memory: &mut Memory) -> Result<Next, StepError> {
        if self.cloud.volume_growing(known(&memory.volume, "volume")?).await.map_err(cloud_error)? {
            self.glance(step, memory).await?;
            return Ok(Next::Nap(SOON));
        }
        memory.changing_mut()?.volume = false;
        Ok(next(memory))
    }

    async fn change_network(&self, step: &Step<'_>, memory: &mut Memory) -> Result<Next, StepError> {
        let goal = self.goal(step, memory.changing()?)?;
        self.ensure_group(step, memory, &goal).await?;
        memory.closed = false;
        memory.changing_mut()?.network = false;
        Ok(next(memory))
    }

    /// Until the machine is of the right type and runs. It is stopped for nothing else.
    async fn change_machine(&self, step: &Step<'_>, memory: &mut Memory) -> Result<Next, StepError> {
        let goal = self.goal(step, memory.changing()?)?;
        let there = self.cloud.instance(known(&memory.instance, "machine")?).await.map_err(cloud_error)?;
        if memory.replacing.is_some()
            && let Some(next) = self.exchange(step, memory, there.as_ref()).await?
        {
            return Ok(next);
        }
        let Some(there) = there else { return Err(gone(memory)) };
        let id = there.id.as_str();
        let right = there.instance_type == goal.instance_type;
        match there.state {
            InstanceState::Running if right => {
                memory.changing_mut()?.machine = false;
                return Ok(Next::Hop(if memory.replacing.is_some() { "replace_managed" } else { "change_managed" }));
            }
            // What a large machine is set to may keep a small one from starting.
            InstanceState::Running if self.shrinks(&there.instance_type, &goal) && memory.changing()?.settings => {
                return Ok(Next::Hop("change_settings"));
            }
            InstanceState::Running => self.cloud.stop_instance(id).await.map_err(cloud_error)?,
            InstanceState::Stopped if right => self.cloud.start_instance(id).await.map_err(cloud_error)?,
            InstanceState::Stopped => self.cloud.set_instance_type(id, &goal.instance_type).await.map_err(cloud_error)?,
            InstanceState::Pending | InstanceState::Stopping => {}
            InstanceState::ShuttingDown | InstanceState::Terminated => return Err(gone(memory)),
        }
        Ok(Next::Nap(SOON))
    }

    fn shrinks(&self, from: &str, goal: &Design) -> bool {
        let memory = |name: &str| self.knowledge.catalogue.machine(name).map(|machine| machine.memory_mib);
        memory(&goal.instance_type) < memory(from)
    }

    async fn change_managed(&self, step: &Step<'_>, memory: &Memory) -> Result<Next, StepError> {
        if self.cloud.is_managed(known(&memory.instance, "machine")?).await.map_err(cloud_error)? {
            return Ok(next(memory));
        }
        self.booting(step, memory).await
    }

    async fn change_settings(&self, step: &Step<'_>, memory: &mut Memory) -> Result<Next, StepError> {
        let (goal, machine) = (self.goal(step, memory.changing()?)?, known(&memory.instance, "machine")?);
        if !self.cloud.is_managed(machine).await.map_err(cloud_error)? {
            return Ok(Next::Nap(SOON));
        }
        let sent = self.cloud.run_command(machine, &goal.apply(), "cloudsail settings").await;
        memory.command = Some(sent.map_err(cloud_error)?);
        Ok(Next::Hop("change_applied"))
    }

    async fn change_applied(&self, step: &mut Step<'_>, memory: &mut Memory) -> Result<Next, StepError> {
        let (instance, command) = (known(&memory.instance, "machine")?, known(&memory.command, "command")?);
        let (stdout, stderr) = match self.cloud.command_result(instance, command).await.map_err(cloud_error)? {
            CommandResult::Pending => {
                self.glance(step, memory).await?;
                return Ok(Next::Nap(SOON));
            }
            CommandResult::Done { stdout, stderr, .. } => (stdout, stderr),
        };
        match stdout.lines().rev().find_map(|line| serde_json::from_str::<Answer>(line).ok()) {
            Some(Answer::Applied(how)) if how == "restart" => step.event("info", Some("settings"), "PostgreSQL was restarted."),
            Some(Answer::Applied(_)) => step.event("info", Some("settings"), "PostgreSQL read its settings again; nobody was cut off."),
            Some(Answer::Failed(why)) => return Err(StepError::Fatal(why)),
            None => return Err(StepError::Fatal(format!("the settings could not be applied: {}", stderr.trim()))),
        }
        memory.changing_mut()?.settings = false;
        Ok(next(memory))
    }

    /// The change, or the way back, has ended: a real query has just succeeded.
    pub(super) async fn settle(&self, step: &mut Step<'_>, memory: &Memory, changing: Changing) -> Result<(), StepError> {
        step.change.target = Some(None);
        match (changing.undo, step.target) {
            (None, Some(target)) => {
                let design = Design::read(&read(&target.document)?).map_err(super::fatal)?;
                step.change.plan = Some((target.plan.clone(), target.version));
                step.change.document = Some(target.document.clone());
                step.change.configuration = Some(super::up::settings(&design)?);
                step.event("info", None, "The change is made, and PostgreSQL answers.");
            }
            (Some(why), _) => {
                step.fulfilled.cancel = true;
                let mut document = self.document(step)?;
                let there = self.cloud.volume(known(&memory.volume, "volume")?).await.map_err(cloud_error)?;
                if let Some(VolumeShape { size_gib, iops, throughput_mib_s }) = there.map(|volume| volume.shape)
                    && transform::aws::keep_volume(&mut document, size_gib, iops, throughput_mib_s)
                {
                    step.event(
                        "info",
                        None,
                        format!("The disk has {size_gib} GiB by now, and a disk does not shrink: ask for as much in the plan."),
                    );
                    step.change.document = Some(serde_json::to_value(&document).map_err(|error| StepError::Fatal(error.to_string()))?);
                }
                step.event("info", None, format!("What ran before runs again. {why}."));
            }
            (None, None) => {}
        }
        Ok(())
    }
}

/// The next thing that is to be done.
pub(super) fn next(memory: &Memory) -> Next {
    Next::Hop(match &memory.changing {
        Some(Changing { volume: true, .. }) => "change_volume",
        Some(Changing { network: true, .. }) => "change_network",
        Some(Changing { machine: true, .. }) if memory.replacing.is_some() => replace::FIRST,
        Some(Changing { machine: true, .. }) => "change_machine",
        Some(Changing { settings: true, .. }) => "change_settings",
        _ => VERIFY,
    })
}

pub(super) fn read(document: &serde_json::Value) -> Result<Document, StepError> {
    Document::deserialize(document).map_err(|error| StepError::Fatal(format!("the document can't be read: {error}")))
}

fn stays(id: &str) -> FieldError {
    FieldError::new("/components/0", format!("{id} can't be made anew while it is in use; deploy another plan, and move the data"))
}

/// Nothing was touched: what runs goes on.
fn refused(step: &mut Step<'_>, fields: &[FieldError]) -> Next {
    let why: Vec<_> = fields.iter().map(|field| format!("{}: {}", field.pointer, field.message)).collect();
    step.event("issue", Some("change"), format!("Nothing was changed: {}.", why.join("; ")));
    Next::Hop(VERIFY)
}

fn announcement(effect: Option<How>) -> &'static str {
    match effect {
        None | Some(How::InPlace) => "Changing what runs; nobody is cut off.",
        Some(How::Reload) => "Changing what runs; PostgreSQL reads its settings again, and nobody is cut off.",
        Some(How::Restart) => "Changing what runs; PostgreSQL restarts once, which cuts connections for some seconds.",
        Some(How::Reboot) => "Changing what runs; the machine is stopped and started, which cuts connections for some minutes.",
        Some(How::Replace) => {
            "Changing what runs; another machine takes over the data volume and the address, which cuts connections for some minutes."
        }
    }
}
