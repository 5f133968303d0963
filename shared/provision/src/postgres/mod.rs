//! One PostgreSQL on one machine.

mod capacity;
mod change;
mod down;
mod memory;
mod ready;
mod steps;
mod up;

pub use ready::{Problem, problems};

use clouds::Cloud;
use engine::{Label, Next, Program, Step, StepError};
use jiff::Timestamp;
use knowledge::Knowledge;
use memory::{Changing, Memory};
use serde_json::Value;
use std::sync::Arc;
use std::time::Duration;
use store::Wish;

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
            _ if is("parked") => None,
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
            // A first deploy has no earlier state that worked, so cancelling it leads to nothing.
            Wish::Cancel | Wish::Destroy => down::FIRST,
        }
    }

    async fn step(&self, label: &str, step: &mut Step<'_>) -> Result<Next, StepError> {
        let mut memory = Memory::read(step)?;
        let (down, along) = (down::LABELS.contains(&label), change::LABELS.contains(&label));
        let answer = if down {
            self.down(label, step, &mut memory).await
        } else if along {
            self.along(label, step, &mut memory).await
        } else {
            self.up(label, step, &mut memory).await
        };
        let answer = self.in_time(label, step, &memory, answer);
        let answer = or_back(&mut memory, answer);
        // Health checks of what runs are no steps on its way.
        let shown = !memory.ran || down || memory.changing.is_some();
        if let Ok(Next::Hop(next) | Next::HopAfter(next, _)) = &answer
            && shown
        {
            steps::advance(step, label, next, memory.ran);
        }
        if let Ok(Next::Fail(_)) | Err(StepError::Fatal(_)) = &answer {
            steps::failed(step, label);
            memory.parked = !down;
        }
        memory.write(step)?;
        answer
    }
}

impl<C: Cloud> Postgres<C> {
    /// A step of the way up, or of a change, that would wait once more after the deadline ends at a person instead.
    fn in_time(&self, label: &str, step: &Step<'_>, memory: &Memory, answer: Result<Next, StepError>) -> Result<Next, StepError> {
        let waits = matches!(&answer, Ok(Next::Nap(_) | Next::HopAfter(..)) | Err(StepError::Retry(_)));
        let begun = memory.changing.as_ref().map(|changing| changing.begun_at).or(memory.begun_at);
        let spent = step.now.as_second() - begun.unwrap_or(step.now).as_second();
        let late = u64::try_from(spent).unwrap_or(0) > self.deadline.as_secs();
        let at_rest = memory.ran && memory.changing.is_none();
        if !waits || !late || at_rest || down::LABELS.contains(&label) {
            return answer;
        }
        let last = match answer {
            Err(StepError::Retry(reason)) => reason,
            _ => memory.progress.clone().unwrap_or_else(|| "the machine did not answer".to_owned()),
        };
        let (minutes, title) = (self.deadline.as_secs().div_ceil(60), steps::title(label, memory.ran));
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

/// What a cloud's error means for a step.
fn cloud_error(error: clouds::Error) -> StepError {
    if clouds::memory::Memory::killed(&error) {
        return StepError::Cut;
    }
    if error.retryable() {
        return StepError::Retry(error.to_string());
    }
    StepError::Fatal(match &error {
        clouds::Error::Denied { .. } => {
            format!(
                "{error}. The role in your account does not allow this: update its stack from the template and verify the account again."
            )
        }
        _ => error.to_string(),
    })
}

fn fatal(error: transform::aws::Error) -> StepError {
    StepError::Fatal(error.to_string())
}

fn today_plus(days: u32) -> jiff::civil::Date {
    let today = Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
    today.saturating_add(jiff::Span::new().days(i64::from(days)))
}
