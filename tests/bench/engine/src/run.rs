//! One run: customers press Deploy, ten workers do the rest.

use crate::queue::Queue;
use crate::seen::{Invocation, Seen, Watched, locked};
use clouds::memory::{Command, Memory, Pace};
use clouds::{CommandResult, FoundKind};
use domain::{PlanId, StrandId};
use engine::{End, Limits, Sender};
use figures::Failure;
use knowledge::Knowledge;
use provision::postgres::Postgres;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use store::{Leased, Store, Terms};
use testkit::{Database, account_and_plan, deed, user};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// `maximum_concurrency` of the worker's event source.
const WORKERS: usize = 10;
/// Of these, as in the worker.
const SHARED_WORKERS: i32 = 6;
/// A bucket that is never empty, where calls are not what is measured.
pub(crate) const NO_LIMIT: config::Rate = config::Rate { per_second: 1e6, burst: 1e6 };
/// A run that takes longer has lost a strand: no sweep is played here, which would bring it back.
const PATIENCE: Duration = Duration::from_secs(300);

/// What a run has in common with the next.
pub(crate) struct Bench {
    pub(crate) knowledge: Arc<Knowledge>,
    /// How long the cloud takes to answer a call.
    pub(crate) call: Duration,
}

/// A customer's deployments: into which cloud, and when each was asked for.
pub(crate) struct Customer {
    pub(crate) cloud: Memory,
    pub(crate) asked: Vec<(String, Instant)>,
}

/// What a run left.
pub(crate) struct Ran {
    pub(crate) seen: Arc<Seen>,
    pub(crate) customers: Vec<Customer>,
    pub(crate) took: Duration,
    pub(crate) sent: u64,
    pub(crate) delivered: u64,
}

impl Ran {
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
    pub(crate) fn made(&self) -> (usize, Vec<String>) {
        let mut wrong = locked(&self.seen.failed).clone();
        let mut count = 0;
        for customer in &self.customers {
            let (expected, holdings) = (customer.asked.len(), customer.cloud.holdings());
            count += expected;
            let kinds = [FoundKind::Instance, FoundKind::Volume, FoundKind::SecurityGroup, FoundKind::Secret, FoundKind::Role];
            for kind in kinds {
                let held = holdings.iter().filter(|found| found.kind == kind).count();
                if held != expected {
                    wrong.push(format!("{held} of {} for {expected} deployments", kind.as_str()));
                }
            }
            if customer.cloud.made() != kinds.len() * expected {
                wrong.push(format!("{} things were made for {expected} deployments of {} each", customer.cloud.made(), kinds.len()));
            }
        }
        (count, wrong)
    }
}

/// What a machine that works answers.
fn machine(command: &Command) -> CommandResult {
    let answer = match command.earlier {
        0 => json!({"state": "booting", "step": "install"}),
        _ => json!({"state": "ready", "sql_ok": true, "address": "172.31.0.10", "ca": "-----BEGIN CERTIFICATE-----"}),
    };
    CommandResult::Done { exit_code: 0, stdout: answer.to_string(), stderr: String::new() }
}

impl Bench {
    /// A customer for each count, who deploys that many plans at once, one customer right behind the other.
    pub(crate) async fn run(&self, database: &Database, counts: &[usize], calls: config::Rate) -> Result<Ran, Failure> {
        let (queue, seen, store) = (Arc::new(Queue::default()), Arc::new(Seen::default()), database.store());
        let mut prepared = Vec::new();
        for count in counts {
            let owner = user();
            let (account, first) = account_and_plan(&store, &owner).await;
            let mut plans = vec![first];
            while plans.len() < *count {
                plans.push(store.create_plan(&deed(&owner), &PlanId::generate(), &plans[0].plan).await?);
            }
            prepared.push((owner, account, plans));
        }
        let mut customers = Vec::new();
        let mut messages = Vec::new();
        for (owner, account, plans) in prepared {
            let mut asked = Vec::new();
            for plan in &plans {
                let deployed = store.deploy(&deed(&owner), plan, &account.id, &plan.plan).await?;
                asked.push(strand_of(&deployed.outbox[0].body)?.to_string());
                messages.extend(deployed.outbox);
            }
            let cloud = Memory::new(Pace::default());
            cloud.on_command(machine);
            customers.push((owner, cloud, asked));
        }
        // All at once: the rows are there, and now the messages come.
        let asked_at = Instant::now();
        for message in &messages {
            queue.send(message).await;
            store.outbox_sent(&[message.id]).await?;
        }
        let clouds: Arc<HashMap<_, _>> =
            Arc::new(customers.iter().map(|(owner, cloud, _)| (owner.as_str().to_owned(), Mutex::new(cloud.clone()))).collect());
        let terms = Terms { lease: Duration::from_secs(70), shared_workers: SHARED_WORKERS, calls };
        let limits = Limits { terms, last_start: Duration::from_secs(35), patience: PATIENCE };
        let (stop, stopped) = watch::channel(false);
        let mut workers = JoinSet::new();
        for _ in 0..WORKERS {
            let worker = Worker {
                store: database.store(),
                queue: Arc::clone(&queue),
                seen: Arc::clone(&seen),
                clouds: Arc::clone(&clouds),
                knowledge: Arc::clone(&self.knowledge),
                call: self.call,
                limits,
            };
            let stopped = stopped.clone();
            workers.spawn(async move { worker.work(stopped).await });
        }
        let all: usize = counts.iter().sum();
        while locked(&seen.running).len() < all && asked_at.elapsed() < PATIENCE {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let took = asked_at.elapsed();
        let (sent, delivered) = queue.counts();
        // None is cut off, so that no lease outlives the run.
        stop.send(true)?;
        workers.join_all().await;
        let missing = all - locked(&seen.running).len();
        if missing > 0 {
            locked(&seen.failed).push(format!("{missing} of {all} deployments do not run after {} s", PATIENCE.as_secs()));
        }
        let customers = customers
            .into_iter()
            .map(|(_, cloud, asked)| Customer { cloud, asked: asked.into_iter().map(|strand| (strand, asked_at)).collect() })
            .collect();
        Ok(Ran { seen, customers, took, sent, delivered })
    }
}

fn strand_of(body: &str) -> Result<StrandId, Failure> {
    let body: Value = serde_json::from_str(body)?;
    Ok(body["strand"].as_str().ok_or("a message names its strand")?.parse()?)
}

/// A Lambda function's process: one connection, one message at a time.
struct Worker {
    store: Store,
    queue: Arc<Queue>,
    seen: Arc<Seen>,
    clouds: Arc<HashMap<String, Mutex<Memory>>>,
    knowledge: Arc<Knowledge>,
    call: Duration,
    limits: Limits,
}

impl Worker {
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
            let cloud = self.clouds.get(leased.deployment.owner.as_str()).map(|cloud| locked(cloud).clone());
            let program = Postgres {
                cloud: cloud.unwrap_or_default(),
                knowledge: Arc::clone(&self.knowledge),
                boundary_arn: "arn:aws:iam::222222222222:policy/b".to_owned(),
                deadline: PATIENCE,
            };
            Ok(Watched { program, call: self.call, invocation: &invocation, seen: &self.seen })
        };
        let end = Box::pin(engine::run(&self.store, &*self.queue, &strand, self.limits, connect)).await?;
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
