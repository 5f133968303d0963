//! Looks at what is there while something else is done to it, or waited for.

use super::health::Check;
use super::memory::{Memory, known};
use super::{Postgres, cloud_error};
use clouds::{Cloud, CommandResult, InstanceState};
use engine::{Label, Next, Step, StepError};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Where a strand waits for a person.
pub(super) const PARKED: Label = "parked";

/// How often one looks at what answers, and how soon again at what does not.
const EVERY_S: i64 = 60;
const AGAIN_S: i64 = 10;
/// A look that has not ended by then found nothing.
const LONGEST_S: i64 = 30;
/// Silence is told after this long, so that it is known within two minutes.
const SILENCE_S: i64 = 90;
/// Of the tries of a wait for a machine that boots, every so many-th looks whether it is still there.
const LOOK_AT_EACH: i32 = 15;

/// The look that is under way, and what the last ones came to.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Look {
    command: Option<String>,
    sent_at: Option<Timestamp>,
    /// The database does not answer, and people know.
    told: bool,
    /// The next look is due soon.
    soon: bool,
}

impl<C: Cloud> Postgres<C> {
    /// A look at a database that should answer while a label waits: one that does not is told once, and so is its return. It never
    /// holds up what it looks at.
    pub(super) async fn glance(&self, step: &mut Step<'_>, memory: &mut Memory) -> Result<(), StepError> {
        let instance = known(&memory.instance, "machine")?;
        let since = |at: Option<Timestamp>| at.map_or(i64::MAX, |at| step.now.as_second() - at.as_second());
        let age = since(memory.look.sent_at);
        let look = &mut memory.look;
        let found = match look.command.take().filter(|_| age < EVERY_S) {
            None if age < if look.soon { AGAIN_S } else { EVERY_S } => return Ok(()),
            None => {
                look.sent_at = Some(step.now);
                match self.cloud.run_command(instance, transform::aws::CHECK, "cloudsail health check").await {
                    Ok(command) => {
                        look.command = Some(command);
                        return Ok(());
                    }
                    Err(error) => Err(error),
                }
            }
            Some(command) => match self.cloud.command_result(instance, &command).await {
                Ok(CommandResult::Pending) if age < LONGEST_S => {
                    look.command = Some(command);
                    return Ok(());
                }
                other => other,
            },
        };
        let silence = match found {
            Ok(CommandResult::Done { stdout, stderr, .. }) => match Check::read(&stdout) {
                Some(check) if check.well() => None,
                other => Some(other.and_then(|check| check.reason).unwrap_or(stderr)),
            },
            Ok(CommandResult::Pending) => Some("the health check did not end".to_owned()),
            Err(error) => match cloud_error(error) {
                StepError::Cut => return Err(StepError::Cut),
                other => Some(other.to_string()),
            },
        };
        look.soon = silence.is_some();
        let quiet_s = since(step.deployment.last_ok_at).min(step.seconds_here());
        match silence {
            None => {
                step.change.healthy = true;
                if std::mem::take(&mut look.told) {
                    step.event("info", None, "PostgreSQL answers again.");
                }
            }
            Some(why) if quiet_s >= SILENCE_S && !look.told => {
                look.told = true;
                step.event("issue", None, format!("PostgreSQL does not answer: {}", why.trim()));
            }
            Some(_) => {}
        }
        Ok(())
    }

    /// Waits for a machine that boots, which may be lost meanwhile.
    pub(super) async fn booting(&self, step: &Step<'_>, memory: &Memory) -> Result<Next, StepError> {
        if step.attempts % LOOK_AT_EACH == 0 {
            self.still_there(memory).await?;
        }
        Ok(Next::Nap(Duration::from_secs(1)))
    }

    async fn still_there(&self, memory: &Memory) -> Result<(), StepError> {
        let machine = self.cloud.instance(known(&memory.instance, "machine")?).await.map_err(cloud_error)?;
        match machine.map(|machine| machine.state) {
            None | Some(InstanceState::ShuttingDown | InstanceState::Terminated) => Err(gone(memory)),
            Some(_) => Ok(()),
        }
    }

    /// Something failed, and a person is waited for. Where nothing was under way, all is well as soon as it answers.
    pub(super) async fn parked(&self, step: &mut Step<'_>, memory: &mut Memory) -> Result<Next, StepError> {
        if memory.ran && memory.changing.is_none() {
            return Ok(Next::Hop("check"));
        }
        if memory.instance.is_none() {
            return Ok(Next::Nap(Duration::from_secs(3600)));
        }
        if memory.ran {
            self.glance(step, memory).await?;
        }
        // What was made is paid for, and what is lost should be known. A machine that was to be replaced is gone on purpose.
        if memory.replacing.is_none() {
            self.still_there(memory).await?;
        }
        let soon = memory.ran && (memory.look.soon || memory.look.command.is_some());
        Ok(Next::Nap(Duration::from_secs(if soon { AGAIN_S } else { EVERY_S }.cast_unsigned())))
    }
}

pub(super) fn gone(memory: &Memory) -> StepError {
    let kept = if memory.ran { "; its data volume is kept" } else { "" };
    StepError::Fatal(format!("the machine is not there any more{kept}. Delete the deployment to clean up"))
}
