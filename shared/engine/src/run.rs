use crate::{Next, Program, Step, StepError};
use domain::{Status, StrandId};
use jiff::Timestamp;
use std::future::Future;
use std::time::{Duration, Instant};
use store::{Change, Fulfilled, Lease, Leased, NewEvent, News, OutboxMessage, Outcome, Store, Terms, Then};

/// Sends what a step has to say, once it is stored.
pub trait Sender: Send + Sync {
    /// To its queue. Answers whether the queue took it; one that is not taken now is sent by the sweep.
    fn send(&self, message: &OutboxMessage) -> impl Future<Output = bool> + Send;

    /// To the owner's pages that are open. One that is not told finds the change by itself.
    fn tell(&self, news: &News) -> impl Future<Output = ()> + Send;
}

/// How long a worker may hold a strand.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// The lease is longer than the Lambda's timeout, so that two never run a strand at once.
    pub terms: Terms,
    /// No step begins after this much of the invocation.
    pub last_start: Duration,
    /// How long a label whose step fails is tried, where the program sets no earlier end.
    pub patience: Duration,
}

/// How an invocation ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// Somebody else holds the strand, it sleeps, or it has ended.
    NotOurs,
    /// The owner has a fair share of the workers: the strand stands in line for the next of them.
    InLine,
    /// The account has been called as often as it may be: the strand sleeps until that is paid.
    PutOff,
    /// The strand sleeps.
    Asleep,
    /// The strand sleeps, and its step has failed so often that somebody should see why.
    Failing,
    /// The strand has ended.
    Exited,
    /// Time is nearly up; the strand was handed on.
    HandedOn,
    /// The lease was lost, or the step was cut off: whoever comes next goes on from what is stored.
    Lost,
}

/// How long a strand sleeps whose step failed.
const FAILED: Duration = Duration::from_secs(300);
/// How soon a strand that waits for a person looks around.
const LOOK: Duration = Duration::from_secs(60);
/// Between tries of a step that fails, at most.
const LONGEST_WAIT: Duration = Duration::from_secs(600);
/// From this try on a step that fails is more than what passes: the tries before take two minutes, as a rule.
const FAILING_FROM: i32 = 8;

/// How long a step that failed waits: any time up to twice as long as after the try before ("full jitter", AWS Architecture Blog),
/// so that strands that failed together do not come back together.
fn backoff(attempts: i32) -> Duration {
    let most = LONGEST_WAIT.as_secs_f64().min(2f64.powi(attempts.clamp(0, 30)));
    // Without randomness it waits for the whole of it.
    let part = getrandom::u64().map_or(1.0, |bits| bits as f64 / u64::MAX as f64);
    Duration::from_secs_f64(most * part)
}

/// Tells the queue, and takes what it took off the outbox, in one round trip.
async fn deliver(store: &Store, sender: &impl Sender, messages: &[OutboxMessage]) -> Result<(), store::Error> {
    let mut sent = Vec::new();
    for message in messages {
        if sender.send(message).await {
            sent.push(message.id);
        }
    }
    if sent.is_empty() { Ok(()) } else { store.outbox_sent(&sent).await }
}

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
    let mut strand = match store.lease(id, &token, &limits.terms).await? {
        Lease::Held(strand) => *strand,
        Lease::PutOff(message) => return deliver(store, sender, &[message]).await.map(|()| End::PutOff),
        Lease::InLine => return Ok(End::InLine),
        Lease::NotOurs => return Ok(End::NotOurs),
    };
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
            tried_until: strand.label_since + limits.patience,
        };
        let called = program.as_ref().map_or(0, Program::calls);
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
        let calls = program.as_ref().map_or(0, Program::calls).saturating_sub(called);
        let (now, tried_until) = (step.now, step.tried_until);
        let mut failing = false;
        let next = match answer {
            Ok(next) => next,
            Err(StepError::Cut) => return Ok(End::Lost),
            Err(StepError::Store(error)) => return Err(error),
            Err(StepError::Fatal(reason)) => Next::Fail(reason),
            Err(StepError::Retry(reason)) if now > tried_until => Next::Fail(reason),
            Err(StepError::Retry(reason)) => {
                tracing::info!(strand = %id, label = strand.label, attempts = strand.attempts, reason, "the step is tried again");
                failing = strand.attempts >= FAILING_FROM;
                // The last try is just past the end, so that a person is told then and not a wait later.
                let left = Duration::try_from(tried_until.duration_since(now)).unwrap_or_default() + Duration::from_secs(1);
                Next::Nap(backoff(strand.attempts).min(left))
            }
        };
        if let Next::Fail(reason) | Next::Park(_, reason) = &next {
            tracing::warn!(strand = %id, label = strand.label, reason, "the strand waits for a person");
            change.status = Some(Status::Issue);
            // What fails again as before is no news.
            if strand.deployment.status != Status::Issue || strand.deployment.reason.as_ref() != Some(reason) {
                change.events.push(NewEvent { kind: "issue", step: Some(strand.label.clone()), message: reason.clone() });
            }
            change.reason = Some(reason.clone());
        }
        let out_of_time = began.elapsed() >= limits.last_start;
        let then = match next {
            Next::Hop(_) if out_of_time => Then::Sleep(Duration::ZERO),
            Next::Hop(_) => Then::Continue,
            Next::Nap(time) | Next::HopAfter(_, time) => Then::Sleep(time),
            Next::Done => Then::Exit,
            Next::Fail(_) => Then::Sleep(FAILED),
            Next::Park(..) => Then::Sleep(LOOK),
        };
        let label = match next {
            Next::Hop(label) | Next::HopAfter(label, _) | Next::Park(label, _) => label.to_owned(),
            _ => strand.label.clone(),
        };
        let moved = matches!(next, Next::Hop(_) | Next::HopAfter(..) | Next::Park(..));
        let heeded = P::heeds(&label, &stack);
        let outcome = Outcome { label, moved, stack, then, change, heeded, fulfilled, calls };
        let Some(stored) = store.transition(id, &token, &limits.terms, &outcome).await? else { return Ok(End::Lost) };
        if let Some(news) = &stored.news {
            sender.tell(news).await;
        }
        deliver(store, sender, &stored.outbox).await?;
        if outcome.then == Then::Exit {
            return Ok(End::Exited);
        }
        if failing {
            return Ok(End::Failing);
        }
        if !stored.held {
            return Ok(if out_of_time && moved { End::HandedOn } else { End::Asleep });
        }
        strand.wish = stored.wish;
        strand.deployment.destroy_at = stored.destroy_at;
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
            strand.deployment.target_version = target.as_ref().map(|target| target.version);
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

#[cfg(test)]
mod tests {
    use super::backoff;
    use std::time::Duration;

    #[test]
    fn waits_are_random_grow_and_end_at_ten_minutes() {
        for (attempts, most) in [(1, 2), (5, 32), (9, 512), (10, 600), (1000, 600), (i32::MAX, 600)] {
            let waits: Vec<_> = (0..200).map(|_| backoff(attempts)).collect();
            let (least, longest) = (waits.iter().min().unwrap(), waits.iter().max().unwrap());
            let most = Duration::from_secs(most);
            assert!(*longest <= most && *longest > most / 2 && *least < most / 4, "try {attempts}: {least:?} to {longest:?}");
        }
    }
}
