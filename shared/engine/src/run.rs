use crate::{Next, Program, Step, StepError};
use domain::{Status, StrandId};
use jiff::Timestamp;
use std::future::Future;
use std::time::{Duration, Instant};
use store::{Change, Fulfilled, Leased, NewEvent, OutboxMessage, Outcome, Store, Then, Wish};

/// Sends an outbox message to its queue.
pub trait Sender: Send + Sync {
    /// Answers whether the queue took it; one that is not taken now is sent by the sweep.
    fn send(&self, message: &OutboxMessage) -> impl Future<Output = bool> + Send;
}

/// How long a worker may hold a strand.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// How long nobody else may run the strand. Longer than the Lambda's timeout, so that two never run it at once.
    pub lease: Duration,
    /// No step begins after this much of the invocation.
    pub last_start: Duration,
}

/// How an invocation ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// Somebody else holds the strand, it sleeps, or it has ended.
    NotOurs,
    /// The strand sleeps.
    Asleep,
    /// The strand has ended.
    Exited,
    /// Time is nearly up; the strand was handed on.
    HandedOn,
    /// The lease was lost, or the step was cut off: whoever comes next goes on from what is stored.
    Lost,
}

/// How long a strand that waits for a person sleeps.
const PARKED: Duration = Duration::from_secs(24 * 3600);
/// A label that is tried this often without an answer ends at a person.
const MOST_ATTEMPTS: i32 = 60;

/// Leases the strand and runs it until it sleeps, ends, or time is nearly up. `connect` makes the program from what was leased.
///
/// # Errors
/// [`store::Error`] if the control plane's database fails; the queue's redelivery or the sweep brings the strand back.
pub async fn run<P: Program, F: Future<Output = Result<P, StepError>>>(
    store: &Store,
    sender: &impl Sender,
    id: &StrandId,
    limits: Limits,
    connect: impl FnOnce(Leased) -> F,
) -> Result<End, store::Error> {
    let began = Instant::now();
    let token = uuid::Uuid::now_v7().simple().to_string();
    let Some(mut strand) = store.lease(id, &token, limits.lease).await? else { return Ok(End::NotOurs) };
    let program = connect(strand.clone()).await;
    loop {
        if let Some(wish) = strand.wish
            && Some(wish) > P::heeds(&strand.label, &strand.stack)
        {
            strand.label = P::way(wish, &strand.stack).to_owned();
            strand.label_since = Timestamp::now();
            strand.attempts = 1;
        }
        let mut stack = strand.stack.clone();
        let mut step = Step {
            deployment: &strand.deployment,
            document: strand.document.as_ref(),
            target: strand.target.as_ref(),
            store,
            stack: &mut stack,
            change: Change::default(),
            wish: strand.wish,
            fulfilled: Fulfilled::default(),
            attempts: strand.attempts,
            label_since: strand.label_since,
            now: Timestamp::now(),
        };
        let answer = match &program {
            Ok(program) => program.step(&strand.label, &mut step).await,
            Err(StepError::Fatal(reason)) => Err(StepError::Fatal(reason.clone())),
            Err(error) => Err(StepError::Retry(error.to_string())),
        };
        // What could not be carried out changes nothing yet; what never can tells how it ended.
        let (mut change, fulfilled) = match &answer {
            Ok(_) => (step.change, step.fulfilled),
            Err(StepError::Fatal(_)) => (step.change, Fulfilled::default()),
            Err(_) => (Change::default(), Fulfilled::default()),
        };
        let heeded = P::heeds(&strand.label, &stack);
        let destroying = heeded == Some(Wish::Destroy);
        let next = match answer {
            Ok(next) => next,
            Err(StepError::Cut) => return Ok(End::Lost),
            Err(StepError::Store(error)) => return Err(error),
            Err(StepError::Fatal(reason)) => Next::Fail(reason),
            Err(StepError::Retry(reason)) if strand.attempts >= MOST_ATTEMPTS => Next::Fail(reason),
            Err(StepError::Retry(reason)) => {
                tracing::info!(strand = %id, label = strand.label, attempts = strand.attempts, reason, "the step is tried again");
                Next::Nap(Duration::from_secs(1 << strand.attempts.clamp(0, 5)))
            }
        };
        if let Next::Fail(reason) = &next {
            tracing::warn!(strand = %id, label = strand.label, reason, "the strand waits for a person");
            change.status = Some(Status::Issue);
            change.reason = Some(reason.clone());
            change.events.push(NewEvent { kind: "issue", step: Some(strand.label.clone()), message: reason.clone() });
        }
        let out_of_time = began.elapsed() >= limits.last_start;
        let then = match next {
            Next::Hop(_) if out_of_time => Then::Sleep(Duration::ZERO),
            Next::Hop(_) => Then::Continue,
            Next::Nap(time) | Next::HopAfter(_, time) => Then::Sleep(time),
            Next::Done => Then::Exit,
            // A destroy that failed is tried again by itself: what is left behind costs money.
            Next::Fail(_) if destroying => Then::Sleep(Duration::from_secs(300)),
            Next::Fail(_) => Then::Sleep(PARKED),
        };
        let label = match next {
            Next::Hop(label) | Next::HopAfter(label, _) => label.to_owned(),
            _ => strand.label.clone(),
        };
        let moved = matches!(next, Next::Hop(_) | Next::HopAfter(..));
        let outcome = Outcome { label, moved, stack, then, change, heeded, fulfilled };
        let Some(stored) = store.transition(id, &token, limits.lease, &outcome).await? else { return Ok(End::Lost) };
        if let Some(message) = &stored.outbox
            && sender.send(message).await
        {
            store.outbox_sent(&[message.id]).await?;
        }
        if outcome.then == Then::Exit {
            return Ok(End::Exited);
        }
        if !stored.held {
            return Ok(if out_of_time && moved { End::HandedOn } else { End::Asleep });
        }
        strand.wish = stored.wish;
        if moved {
            (strand.label_since, strand.attempts) = (Timestamp::now(), 0);
        }
        (strand.label, strand.stack) = (outcome.label, outcome.stack);
        strand.attempts += 1;
        if let Some(document) = &outcome.change.document {
            strand.document = Some(document.clone());
        }
        if let Some(target) = &outcome.change.target {
            strand.target.clone_from(target);
        }
        apply(&mut strand.deployment, &outcome.change);
    }
}

/// Keeps the copy in memory equal to the row, so that the next step need not read it.
fn apply(deployment: &mut store::Deployment, change: &Change) {
    if let Some(status) = change.status {
        deployment.status = status;
        deployment.reason.clone_from(&change.reason);
    }
    if let Some(steps) = &change.steps {
        deployment.steps.clone_from(steps);
    }
    if let Some((plan, version)) = &change.plan {
        (deployment.plan, deployment.plan_version) = (plan.clone(), *version);
    }
    if let Some(configuration) = &change.configuration {
        deployment.configuration.clone_from(configuration);
    }
    if let Some(connection) = &change.connection {
        deployment.connection = Some(connection.clone());
    }
}
