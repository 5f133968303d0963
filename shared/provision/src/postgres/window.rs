//! The time in which a destroy can be undone: the machine is stopped, nobody is let in, and everything stays.
//!
//! It begins from whatever was under way, a change included. Undoing it leads along the way back that a change has, so that what
//! runs then is what ran before, however far the change had come.

use super::memory::{Changing, Memory, known};
use super::{Postgres, change, cloud_error, replace, steps};
use clouds::{Cloud, InstanceState};
use domain::Status;
use engine::{Label, Next, Step, StepError};
use std::time::Duration;
use store::Wish;
use transform::aws::Design;

pub(super) const FIRST: Label = "stop";
pub(super) const LABELS: [&str; 4] = [FIRST, "stop_network", "stop_machine", "stopped"];

/// How often it is looked whether the machine is still stopped.
const LOOK_EVERY_S: i64 = 60;

impl<C: Cloud> Postgres<C> {
    pub(super) async fn window(&self, label: &str, step: &mut Step<'_>, memory: &mut Memory) -> Result<Next, StepError> {
        if step.wish < Some(Wish::Stop) {
            return self.restore(step, memory);
        }
        match label {
            "stop" => Ok(stop(step, memory)),
            "stop_network" => self.stop_network(step, memory).await,
            "stop_machine" => self.stop_machine(step, memory).await,
            _ => self.stopped(step, memory).await,
        }
    }

    async fn stop_network(&self, step: &Step<'_>, memory: &Memory) -> Result<Next, StepError> {
        let mut closed = self.design(step)?;
        closed.ingress.clear();
        self.ensure_group(step, memory, &closed).await?;
        Ok(Next::Hop("stop_machine"))
    }

    async fn stop_machine(&self, step: &mut Step<'_>, memory: &mut Memory) -> Result<Next, StepError> {
        // One whose launch was cut off is to be stopped as well, once its id is known.
        if memory.replacing.as_ref().is_some_and(|replacing| replacing.launch.is_some()) {
            return match self.replace_launch(step, memory).await {
                Ok(_) | Err(StepError::Fatal(_)) => Ok(Next::Nap(Duration::from_secs(1))),
                Err(other) => Err(other),
            };
        }
        let id = known(&memory.instance, "machine")?;
        match self.cloud.instance(id).await.map_err(cloud_error)?.map(|machine| machine.state) {
            Some(InstanceState::Stopped) => return Ok(Next::Hop("stopped")),
            Some(InstanceState::Running) => self.cloud.stop_instance(id).await.map_err(cloud_error)?,
            Some(InstanceState::Pending | InstanceState::Stopping) => {}
            None if memory.replacing.is_some() && step.seconds_here() < replace::UNSEEN_S => {}
            // It was about to be replaced: undoing makes another one like it.
            None | Some(InstanceState::ShuttingDown | InstanceState::Terminated) if memory.replacing.is_some() => {
                return Ok(Next::Hop("stopped"));
            }
            None | Some(InstanceState::ShuttingDown | InstanceState::Terminated) => return Ok(nothing_to_undo(step)),
        }
        if step.seconds_here() > self.deadline.as_secs().cast_signed() {
            return Err(StepError::Fatal("the machine does not stop; stop it in your account, or destroy the deployment now".to_owned()));
        }
        Ok(Next::Nap(Duration::from_secs(1)))
    }

    async fn stopped(&self, step: &mut Step<'_>, memory: &Memory) -> Result<Next, StepError> {
        let id = known(&memory.instance, "machine")?;
        let reason = match self.cloud.instance(id).await.map_err(cloud_error)?.map(|machine| machine.state) {
            Some(InstanceState::Stopped | InstanceState::Stopping) => None,
            Some(InstanceState::Running | InstanceState::Pending) => Some(
                "the machine was started outside Cloudsail, and costs; stop it in your account, undo the destroy, or destroy it now"
                    .to_owned(),
            ),
            None | Some(InstanceState::ShuttingDown | InstanceState::Terminated) if memory.replacing.is_some() => None,
            None | Some(InstanceState::ShuttingDown | InstanceState::Terminated) => return Ok(nothing_to_undo(step)),
        };
        if step.deployment.status != Status::Destroying || step.deployment.reason != reason {
            if let Some(reason) = &reason {
                step.event("issue", Some("window"), reason.clone());
            }
            (step.change.status, step.change.reason) = (Some(Status::Destroying), reason);
        }
        let left = step.deployment.destroy_at.map_or(LOOK_EVERY_S, |at| at.as_second() - step.now.as_second());
        Ok(Next::Nap(Duration::from_secs(left.clamp(1, LOOK_EVERY_S).cast_unsigned())))
    }

    /// The destroy was undone: back to what ran before, as after a change that was cancelled.
    fn restore(&self, step: &mut Step<'_>, memory: &mut Memory) -> Result<Next, StepError> {
        let before = self.design(step)?;
        let target = step.target.map(|target| Design::read(&change::read(&target.document)?).map_err(super::fatal)).transpose()?;
        memory.command = None;
        if let Some(replacing) = &mut memory.replacing {
            (replacing.made, replacing.rebuilds) = (None, false);
        }
        memory.changing = Some(Changing {
            begun_at: step.now,
            volume: false,
            network: true,
            machine: true,
            settings: target.is_some_and(|target| target.configuration != before.configuration),
            undo: Some("The destroy was undone".to_owned()),
        });
        step.change.status = Some(Status::Changing);
        steps::begin_anew(step);
        step.event("info", Some("undo"), "Undoing the destroy: what ran before starts again.");
        Ok(change::next(memory))
    }
}

/// Touches nothing yet: only once this is stored does undoing it know that there is something to undo.
fn stop(step: &mut Step<'_>, memory: &mut Memory) -> Next {
    steps::finish(step);
    (memory.command, memory.closed) = (None, true);
    step.change.status = Some(Status::Destroying);
    let until = step.deployment.destroy_at.map_or_else(String::new, |at| format!(" until {at}"));
    step.event(
        "info",
        None,
        format!("Stopping the machine, and letting nobody in. This can be undone{until}; the disk goes on costing. Then all is destroyed."),
    );
    Next::Hop("stop_network")
}

/// Without its machine nothing could run again, so there is nothing to wait for.
fn nothing_to_undo(step: &mut Step<'_>) -> Next {
    step.fulfilled.window = true;
    step.event("info", None, "The machine is not there any more, so there is nothing that could be undone.");
    Next::Hop(FIRST)
}
