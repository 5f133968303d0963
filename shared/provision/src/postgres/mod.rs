//! One PostgreSQL on one machine.

mod capacity;
mod change;
mod disk;
mod down;
mod health;
mod look;
mod memory;
mod ready;
mod replace;
mod steps;
mod up;
mod window;

pub use ready::{Problem, problems};
pub use steps::labels;

use clouds::Cloud;
use engine::{Label, Next, Program, Step, StepError};
use jiff::Timestamp;
use knowledge::Knowledge;
use memory::{Changing, Memory};
use serde_json::Value;
use std::sync::Arc;
use std::time::Duration;
use store::{Fulfilled, Wish};

/// The program of a single PostgreSQL.
pub struct Postgres<C> {
    /// The customer's account.
    pub cloud: C,
    /// What the design is derived from.
    pub knowledge: Arc<Knowledge>,
    /// Where the permissions boundary of every role stands.
    pub boundary_arn: String,
    /// From accepted to `running`; past it the deployment turns to `issue`.
    pub deadline: Duration,
}

impl<C: Cloud> Program for Postgres<C> {
    fn heeds(label: &str, stack: &Value) -> Option<Wish> {
        let is = |what: &str| stack[what].as_bool().unwrap_or(false);
        match &stack["changing"] {
            _ if down::LABELS.contains(&label) => Some(Wish::Destroy),
            _ if window::LABELS.contains(&label) => Some(Wish::Stop),
            _ if label == look::PARKED => None,
            Value::Object(changing) if !changing["undo"].is_null() => Some(Wish::Cancel),
            Value::Object(_) => Some(Wish::Change),
            // A first deploy ends before a change of it begins.
            _ => (!is("ran")).then_some(Wish::Change),
        }
    }

    fn way(wish: Wish, stack: &Value) -> Label {
        match wish {
            Wish::Change => change::FIRST,
            Wish::Cancel if stack["ran"] == Value::Bool(true) => change::BACK,
            Wish::Stop if stack["ran"] == Value::Bool(true) => window::FIRST,
            // A first deploy has no earlier state that worked: cancelling it leads to nothing, and there is nothing to undo.
            Wish::Cancel | Wish::Stop | Wish::Destroy => down::FIRST,
        }
    }

    fn calls(&self) -> u32 {
        self.cloud.calls()
    }

    async fn step(&self, label: &str, step: &mut Step<'_>) -> Result<Next, StepError> {
        let mut memory = Memory::read(step)?;
        let (down, window) = (down::LABELS.contains(&label), window::LABELS.contains(&label));
        let ending = down || window;
        let mut answer = if down {
            self.down(label, step, &mut memory).await
        } else if window {
            self.window(label, step, &mut memory).await
        } else if label == look::PARKED {
            self.parked(step, &mut memory).await
        } else if change::LABELS.contains(&label) || replace::LABELS.contains(&label) {
            self.along(label, step, &mut memory).await
        } else {
            self.up(label, step, &mut memory).await
        };
        if let Some(begun) = self.counts_from(label, step, &memory) {
            step.tried_until = begun + self.patience(step, &memory);
        }
        if !ending && label != look::PARKED {
            answer = self.in_time(label, step, &memory, answer);
            answer = or_back(&mut memory, answer);
        }
        // Health checks of what runs are no steps on its way.
        let shown = !memory.ran || ending || memory.changing.is_some();
        if let Ok(Next::Hop(next) | Next::HopAfter(next, _)) = &answer
            && shown
        {
            steps::advance(step, label, next, memory.ran);
        }
        let answer = match answer {
            Ok(Next::Fail(why)) | Err(StepError::Fatal(why)) => {
                steps::failed(step);
                step.fulfilled = Fulfilled::default();
                // What ends is tried again by itself: what is left behind costs money.
                Ok(if ending { Next::Fail(why) } else { Next::Park(look::PARKED, why) })
            }
            other => other,
        };
        memory.write(step)?;
        answer
    }
}

impl<C: Cloud> Postgres<C> {
    /// When the way up, or the change, began that the deadline is of; `None` on the way down and for what runs.
    fn counts_from(&self, label: &str, step: &Step<'_>, memory: &Memory) -> Option<Timestamp> {
        let at_rest = memory.ran && memory.changing.is_none();
        if at_rest || down::LABELS.contains(&label) || window::LABELS.contains(&label) || label == look::PARKED {
            return None;
        }
        Some(memory.changing.as_ref().map(|changing| changing.begun_at).or(memory.begun_at).unwrap_or(step.now))
    }

    /// How long it may take. A machine that rebuilds indexes reads and writes the whole disk at worst: a minute for each GiB is slow for any.
    fn patience(&self, step: &Step<'_>, memory: &Memory) -> Duration {
        let disk = step.deployment.plan.postgres().map(|component| &component.hardware.disk);
        let gib = disk.map_or(0, |disk| disk.grow_to_gib.unwrap_or_default().max(disk.size_gib));
        let rebuilds = memory.replacing.as_ref().is_some_and(|replacing| replacing.rebuilds);
        if rebuilds { self.deadline + Duration::from_secs(60 * u64::from(gib)) } else { self.deadline }
    }

    /// A step of the way up, or of a change, that would wait once more after the deadline ends at a person instead.
    fn in_time(&self, label: &str, step: &Step<'_>, memory: &Memory, answer: Result<Next, StepError>) -> Result<Next, StepError> {
        let waits = matches!(&answer, Ok(Next::Nap(_) | Next::HopAfter(..)) | Err(StepError::Retry(_)));
        let patience = self.patience(step, memory);
        let late = self.counts_from(label, step, memory).is_some_and(|begun| step.now > begun + patience);
        if !waits || !late {
            return answer;
        }
        let last = match answer {
            Err(StepError::Retry(reason)) => reason,
            _ => memory.progress.clone().unwrap_or_else(|| "the machine did not answer".to_owned()),
        };
        let (minutes, title) = (patience.as_secs().div_ceil(60), steps::title(label, memory.ran));
        Ok(Next::Fail(format!(
            "{title} did not end within {minutes} minutes ({last}). Deploy again to retry, or delete the deployment to clean up."
        )))
    }
}

/// A change that can't go on goes back; where that can't go on either, a person should look.
fn or_back(memory: &mut Memory, answer: Result<Next, StepError>) -> Result<Next, StepError> {
    let Some(changing @ Changing { undo: None, .. }) = &mut memory.changing else { return answer };
    match answer {
        Ok(Next::Fail(why)) | Err(StepError::Fatal(why)) => {
            changing.undo = Some(format!("The change was not made: {}", why.trim_end_matches('.')));
            Ok(Next::Hop(change::BACK))
        }
        other => other,
    }
}

/// Of the administrator's password.
fn secret_name(step: &Step<'_>) -> String {
    format!("cloudsail/{}/postgres", step.id())
}

/// What a cloud's error means for a step.
fn cloud_error(error: clouds::Error) -> StepError {
    if clouds::memory::Memory::killed(&error) {
        return StepError::Cut;
    }
    if error.retryable() {
        return StepError::Retry(error.to_string());
    }
    StepError::Fatal(match error.remedy() {
        Some(remedy) => format!("{error}. {remedy}."),
        None => error.to_string(),
    })
}

fn fatal(error: transform::aws::Error) -> StepError {
    StepError::Fatal(error.to_string())
}

fn today_plus(days: u32) -> jiff::civil::Date {
    let today = Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
    today.saturating_add(jiff::Span::new().days(i64::from(days)))
}
