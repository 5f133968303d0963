//! One PostgreSQL on one machine.

mod down;
mod memory;
mod steps;
mod up;

use clouds::Cloud;
use engine::{Label, Next, Program, Step, StepError};
use jiff::Timestamp;
use knowledge::Knowledge;
use memory::Memory;
use std::sync::Arc;
use std::time::Duration;

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
    const DESTROY: Label = down::FIRST;

    fn is_destroying(label: &str) -> bool {
        down::LABELS.contains(&label)
    }

    async fn step(&self, label: &str, step: &mut Step<'_>) -> Result<Next, StepError> {
        let mut memory = Memory::read(step)?;
        // Health checks of what runs are no steps on its way up.
        let shown = !memory.ran || Self::is_destroying(label);
        let answer =
            if Self::is_destroying(label) { self.down(label, step, &mut memory).await } else { self.up(label, step, &mut memory).await };
        let answer = self.in_time(label, step, &memory, answer);
        if let Ok(Next::Hop(next) | Next::HopAfter(next, _)) = &answer
            && shown
        {
            steps::advance(step, label, next);
        }
        if let Ok(Next::Fail(_)) | Err(StepError::Fatal(_)) = &answer {
            steps::failed(step, label);
        }
        memory.write(step)?;
        answer
    }
}

impl<C: Cloud> Postgres<C> {
    /// A step of the way up that would wait once more after the deadline ends at a person instead.
    fn in_time(&self, label: &str, step: &Step<'_>, memory: &Memory, answer: Result<Next, StepError>) -> Result<Next, StepError> {
        let waits = matches!(&answer, Ok(Next::Nap(_) | Next::HopAfter(..)) | Err(StepError::Retry(_)));
        let spent = step.now.as_second() - memory.begun_at.unwrap_or(step.now).as_second();
        let late = u64::try_from(spent).unwrap_or(0) > self.deadline.as_secs();
        if !waits || !late || memory.ran || Self::is_destroying(label) {
            return answer;
        }
        let last = match answer {
            Err(StepError::Retry(reason)) => reason,
            _ => memory.progress.clone().unwrap_or_else(|| "the machine did not answer".to_owned()),
        };
        let minutes = self.deadline.as_secs().div_ceil(60);
        Ok(Next::Fail(format!(
            "{} did not end within {minutes} minutes ({last}). Deploy again to retry, or delete the deployment to clean up.",
            steps::title(label)
        )))
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

fn today_plus(days: u32) -> jiff::civil::Date {
    let today = Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
    today.saturating_add(jiff::Span::new().days(i64::from(days)))
}
