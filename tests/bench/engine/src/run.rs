//! One run: customers press Deploy, ten workers do the rest.

use crate::queue::Queue;
use crate::seen::{Invocation, Seen, Watched, locked};
use crate::sky::{Sky, boundary};
use clouds::access::monitor_role_arn;
use domain::{PlanId, StrandId, UserId};
use engine::{End, Limits, Sender, StepError};
use figures::Failure;
use futures_util::future::join_all;
use knowledge::Knowledge;
use provision::postgres::Postgres;
use serde_json::Value;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};
use store::{Leased, Store, Terms};
use testkit::{Database, deed, plan, user};
use tokio::sync::watch;

/// `maximum_concurrency` of the worker's event source.
pub(crate) const WORKERS: usize = 10;
/// Of these, as in the worker.
const SHARED_WORKERS: i32 = 6;
/// A bucket that is never empty, where calls are not what is measured.
pub(crate) const NO_LIMIT: config::Rate = config::Rate { per_second: 1e6, burst: 1e6 };

/// What a run has in common with the next.
pub(crate) struct Bench {
    pub(crate) knowledge: Arc<Knowledge>,
    /// How long a cloud in memory takes to answer a call.
    pub(crate) call: Duration,
    /// A run that takes longer has lost a strand: no sweep is played here, which would bring it back.
    pub(crate) patience: Duration,
}

/// A customer's deployments: into which cloud, and when each was asked for.
pub(crate) struct Customer<S> {
    pub(crate) owner: UserId,
    pub(crate) cloud: S,
    pub(crate) asked: Vec<(String, Instant)>,
}

/// What a run left.
pub(crate) struct Ran<S> {
    pub(crate) seen: Arc<Seen>,
    pub(crate) customers: Vec<Customer<S>>,
    pub(crate) took: Duration,
    pub(crate) sent: u64,
    pub(crate) delivered: u64,
}

impl<S: Sky> Ran<S> {
    /// From Deploy to running, of each deployment of a customer, in seconds.
    pub(crate) fn times(&self, customer: usize) -> Vec<f64> {
        let running = locked(&self.seen.running);
        let of = |(strand, asked): &(String, Instant)| Some(running.get(strand)?.duration_since(*asked).as_secs_f64());
        self.customers[customer].asked.iter().filter_map(of).collect()
    }

    /// How long the messages of a customer's deployments waited for a worker, in seconds.
    pub(crate) fn waited(&self, customer: usize) -> f64 {
        let waited = locked(&self.seen.waited);
        self.customers[customer].asked.iter().filter_map(|(strand, _)| waited.get(strand)).sum::<Duration>().as_secs_f64()
    }

    /// How many deployments there are, and what is wrong with what the clouds hold by their own lists.
    pub(crate) async fn made(&self) -> (usize, Vec<String>) {
        let mut wrong = locked(&self.seen.failed).clone();
        let mut count = 0;
        for customer in &self.customers {
            count += customer.asked.len();
            wrong.extend(customer.cloud.wrong(customer.asked.len()).await);
        }
        (count, wrong)
    }
}

impl Bench {
    /// A customer for each cloud, who deploys that many plans into it at once, one customer right behind the other.
    pub(crate) async fn run<S: Sky>(&self, database: &Database, asked: Vec<(S, usize)>, calls: config::Rate) -> Result<Ran<S>, Failure> {
        let (queue, seen, store) = (Arc::new(Queue::default()), Arc::new(Seen::default()), database.store());
        let mut prepared = Vec::new();
        for (cloud, count) in asked {
            let owner = user();
            let (deed, new) = (deed(&owner), cloud.account());
            let account = store.create_account(&deed, &new).await?;
            let account = store.set_account_verified(&deed, &account.id, &monitor_role_arn(&new.role_arn)).await?;
            let mut plans = Vec::new();
            while plans.len() < count {
                plans.push(store.create_plan(&deed, &PlanId::generate(), &plan()).await?);
            }
            prepared.push((owner, cloud, account, plans));
        }
        let (mut customers, mut messages) = (Vec::new(), Vec::new());
        for (owner, cloud, account, plans) in prepared {
            let mut strands = Vec::new();
            for plan in &plans {
                let deployed = store.deploy(&deed(&owner), plan, &account.id, &plan.plan).await?;
                strands.push(strand_of(&deployed.outbox[0].body)?.to_string());
                messages.extend(deployed.outbox);
            }
            customers.push((owner, cloud, strands));
        }
        // All at once: the rows are there, and now the messages come.
        let began = Instant::now();
        for message in &messages {
            queue.send(message).await;
            store.outbox_sent(&[message.id]).await?;
        }
        let all = messages.len();
        let customers: Vec<_> = customers
            .into_iter()
            .map(|(owner, cloud, strands)| Customer { owner, cloud, asked: strands.into_iter().map(|strand| (strand, began)).collect() })
            .collect();
        let terms = Terms { lease: Duration::from_secs(70), shared_workers: SHARED_WORKERS, calls };
        let limits = Limits { terms, last_start: Duration::from_secs(35), patience: self.patience };
        let (stop, stopped) = watch::channel(false);
        let workers = (0..WORKERS).map(|number| {
            let worker = Worker { number, store: database.store(), queue: &queue, seen: &seen, customers: &customers, bench: self, limits };
            let stopped = stopped.clone();
            async move { worker.work(stopped).await }
        });
        let watch = async {
            while locked(&seen.running).len() < all && began.elapsed() < self.patience {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            let took = (began.elapsed(), queue.counts());
            // None is cut off, so that no lease outlives the run.
            stop.send(true).map(|()| took)
        };
        let (_, took) = tokio::join!(join_all(workers), watch);
        let (took, (sent, delivered)) = took?;
        let missing = all - locked(&seen.running).len();
        if missing > 0 {
            locked(&seen.failed).push(format!("{missing} of {all} deployments do not run after {} s", self.patience.as_secs()));
        }
        Ok(Ran { seen, customers, took, sent, delivered })
    }
}

fn strand_of(body: &str) -> Result<StrandId, Failure> {
    let body: Value = serde_json::from_str(body)?;
    Ok(body["strand"].as_str().ok_or("a message names its strand")?.parse()?)
}

/// A Lambda function's process: one connection, one message at a time.
struct Worker<'a, S> {
    number: usize,
    store: Store,
    queue: &'a Queue,
    seen: &'a Seen,
    customers: &'a [Customer<S>],
    bench: &'a Bench,
    limits: Limits,
}

impl<S: Sky> Worker<'_, S> {
    async fn work(&self, mut stopped: watch::Receiver<bool>) {
        loop {
            let (receipt, body, waited) = tokio::select! {
                message = self.queue.receive() => message,
                _ = stopped.wait_for(|stopped| *stopped) => return,
            };
            match self.one(&body, waited).await {
                Ok(()) => self.queue.delete(&receipt),
                // As after a failed invocation: the message comes again.
                Err(error) => locked(&self.seen.failed).push(format!("a message was not handled: {error}")),
            }
        }
    }

    async fn one(&self, body: &str, waited: Duration) -> Result<(), Failure> {
        let (strand, invocation) = (strand_of(body)?, Invocation::default());
        *locked(&self.seen.waited).entry(strand.to_string()).or_default() += waited;
        let (before, start) = (self.store.round_trips(), Instant::now());
        let connect = async |leased: Leased| {
            let owner = &leased.deployment.owner;
            let gone = || StepError::Fatal(format!("{} is no customer", owner.as_str()));
            let customer = self.customers.iter().find(|customer| customer.owner == *owner).ok_or_else(gone)?;
            let program = Postgres {
                cloud: customer.cloud.connect(self.number, &leased).await?,
                knowledge: Arc::clone(&self.bench.knowledge),
                boundary_arn: boundary(&leased),
                deadline: self.bench.patience,
            };
            Ok(Watched { program, call: self.bench.call, invocation: &invocation, seen: self.seen })
        };
        let end = Box::pin(engine::run(&self.store, self.queue, &strand, self.limits, connect)).await?;
        let (done, round_trips) = (Instant::now(), self.store.round_trips() - before);
        let steps = invocation.steps(start, done);
        match end {
            End::InLine => drop(self.seen.in_line.fetch_add(1, Ordering::Relaxed)),
            End::PutOff => drop(self.seen.put_off.fetch_add(1, Ordering::Relaxed)),
            _ => {}
        }
        if !steps.is_empty() {
            self.seen.invocations.fetch_add(1, Ordering::Relaxed);
            let within = invocation.within.load(Ordering::Relaxed);
            let around = round_trips - within;
            self.seen.within.fetch_add(within, Ordering::Relaxed);
            self.seen.around.fetch_add(around, Ordering::Relaxed);
            // One for the lease, one for the outbox, one for each step's transition.
            self.seen.over.fetch_add(u64::from(around > steps.len() as u64 + 2), Ordering::Relaxed);
            locked(&self.seen.steps).extend(steps);
        }
        if invocation.runs.load(Ordering::Relaxed) {
            locked(&self.seen.running).entry(strand.to_string()).or_insert(done);
        }
        Ok(())
    }
}
