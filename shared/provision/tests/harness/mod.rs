//! One deployment, the in-memory cloud it goes to, and a worker that runs when it is told to.

use clouds::memory::{Memory, Pace};
use clouds::{CommandResult, Found};
use domain::{DeploymentId, Status, StrandId, UserId};
use engine::{End, Label, Limits, Next, Program, Sender, Step, StepError};
use knowledge::Knowledge;
use provision::postgres::Postgres;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use store::{Deployment, OutboxMessage, Store};
use testkit::{Database, account_and_plan, deed, user};

const LIMITS: Limits = Limits { lease: Duration::from_secs(60), last_start: Duration::from_secs(30) };
/// More invocations than any deploy or destroy needs; beyond it the program runs in a circle.
const MOST_TURNS: usize = 80;

/// The queue took every message; the harness wakes the strand itself.
struct Queue;

impl Sender for Queue {
    async fn send(&self, _: &OutboxMessage) -> bool {
        true
    }
}

/// What the steps of all invocations came to.
#[derive(Default)]
pub struct Counts {
    pub steps: AtomicU64,
    /// Statements that a step itself sent: the ledger's.
    pub within: AtomicU64,
    /// The most that one step sent.
    pub most_within: AtomicU64,
    /// Statements of everything else: lease, transition, outbox.
    pub around: AtomicU64,
    /// The labels in the order they ran.
    pub labels: Mutex<Vec<String>>,
}

/// The program, looked at from outside; with `twice`, each step runs once for nothing before the run that counts.
struct Watched<'a> {
    program: Postgres<Memory>,
    twice: bool,
    counts: &'a Counts,
}

impl Program for Watched<'_> {
    const DESTROY: Label = <Postgres<Memory> as Program>::DESTROY;

    fn is_destroying(label: &str) -> bool {
        Postgres::<Memory>::is_destroying(label)
    }

    async fn step(&self, label: &str, step: &mut Step<'_>) -> Result<Next, StepError> {
        if self.twice {
            let before = step.stack.clone();
            let _ = self.program.step(label, step).await;
            *step.stack = before;
            step.change = store::Change::default();
        }
        let before = step.store.round_trips();
        let answer = self.program.step(label, step).await;
        let sent = step.store.round_trips() - before;
        self.counts.steps.fetch_add(1, Ordering::Relaxed);
        self.counts.within.fetch_add(sent, Ordering::Relaxed);
        self.counts.most_within.fetch_max(sent, Ordering::Relaxed);
        self.counts.labels.lock().unwrap().push(label.to_owned());
        answer
    }
}

/// A person's deployment of a plan of their own.
pub struct World<'a> {
    database: &'a Database,
    pub store: Store,
    pub owner: UserId,
    pub plan: store::PlanRow,
    pub id: DeploymentId,
    strand: StrandId,
    pub cloud: Memory,
    pub deadline: Duration,
    pub twice: bool,
    pub counts: Counts,
}

impl<'a> World<'a> {
    /// Deploy was pressed; no worker has run yet. The machine answers `booting` once, then that it is ready.
    pub async fn deployed(database: &'a Database, pace: Pace) -> Self {
        let store = database.store();
        let owner = user();
        let (account, plan) = account_and_plan(&store, &owner).await;
        let deployed = store.deploy(&deed(&owner), &plan, &account.id, &plan.plan).await.unwrap();
        let message: Value = serde_json::from_str(&deployed.outbox[0].body).unwrap();
        let strand = message["strand"].as_str().unwrap().parse().unwrap();
        let cloud = Memory::new(pace);
        cloud.on_command(|command| says(if command.earlier == 0 { booting() } else { ready() }));
        let (id, deadline) = (deployed.deployment.id, Duration::from_secs(900));
        Self { database, store, owner, plan, id, strand, cloud, deadline, twice: false, counts: Counts::default() }
    }

    /// One invocation of the worker.
    pub async fn turn(&self) -> End {
        let program = Postgres {
            cloud: self.cloud.clone(),
            knowledge: Arc::new(Knowledge::built_in().clone()),
            boundary_arn: "arn:aws:iam::222222222222:policy/b".into(),
            deadline: self.deadline,
        };
        let watched = Watched { program, twice: self.twice, counts: &self.counts };
        let (before, within) = (self.store.round_trips(), self.counts.within.load(Ordering::Relaxed));
        let end = Box::pin(engine::run(&self.store, &Queue, &self.strand, LIMITS, |_| async { Ok(watched) })).await.unwrap();
        let within = self.counts.within.load(Ordering::Relaxed) - within;
        self.counts.around.fetch_add(self.store.round_trips() - before - within, Ordering::Relaxed);
        end
    }

    /// Runs the worker, and lets whatever it waits for come to pass, until the deployment has the status.
    pub async fn drive(&self, status: Status) -> Deployment {
        for _ in 0..MOST_TURNS {
            self.turn().await;
            let now = self.now().await;
            if now.status == status {
                return now;
            }
            self.wake().await;
        }
        let now = self.now().await;
        let labels = self.counts.labels.lock().unwrap();
        let last = &labels[labels.len().saturating_sub(20)..];
        panic!("{status} was not reached, it is {}: {:?}; the last steps were {last:?}", now.status, now.reason);
    }

    /// As the person sees it.
    pub async fn now(&self) -> Deployment {
        self.store.deployment(&self.owner, &self.id).await.unwrap()
    }

    /// The strand's nap, and a dead worker's lease, are over.
    pub async fn wake(&self) {
        let sql = "UPDATE strand SET wake_at = now(), lease_until = least(lease_until, now() - interval '1 second')";
        self.sql(&format!("{sql} WHERE id = '{}'", self.strand)).await;
    }

    /// Time goes by: for the deadline, for the step's own clock, and for the last good answer.
    pub async fn pass(&self, seconds: u32) {
        let (by, strand, id) = (format!("interval '{seconds} seconds'"), &self.strand, &self.id);
        let begun = format!("to_jsonb((stack->>'begun_at')::timestamptz - {by})");
        self.sql(&format!(
            "UPDATE strand SET label_since = label_since - {by}, wake_at = wake_at - {by}, lease_until = lease_until - {by} WHERE id = '{strand}';
            UPDATE strand SET stack = jsonb_set(stack, '{{begun_at}}', {begun}) WHERE id = '{strand}' AND stack ? 'begun_at';
            UPDATE deployment SET last_ok_at = last_ok_at - {by} WHERE id = '{id}'"
        ))
        .await;
    }

    async fn sql(&self, sql: &str) {
        self.database.superuser().await.batch_execute(sql).await.unwrap();
    }

    /// Presses Destroy.
    pub async fn destroy(&self) {
        self.store.request_destroy(&deed(&self.owner), &self.id).await.unwrap();
    }

    /// There is one of each thing that a PostgreSQL is made of, nothing was made twice, and the ledger says the same.
    pub async fn assert_one_of_each(&self, when: &str) {
        let held = kinds(&self.cloud.holdings());
        assert_eq!(held, ["instance", "instance profile", "role", "secret", "security group", "volume"], "{when}");
        assert_eq!(self.cloud.made(), 5, "nothing was made twice, role and profile being one: {when}");
        let ledger = self.store.ledger(&self.id).await.unwrap();
        let lines: Vec<_> = ledger.iter().map(|line| (line.kind.as_str(), line.state.as_str())).collect();
        let present = ["security_group", "secret", "role", "volume", "instance"].map(|kind| (kind, "present"));
        assert_eq!(lines, present, "{when}");
    }

    /// The account holds nothing but the data volume, if there was data; and no ledger line is open.
    pub async fn assert_nothing_left(&self, data: bool, when: &str) {
        let holdings = self.cloud.holdings();
        let expected: &[&str] = if data { &["volume"] } else { &[] };
        assert_eq!(kinds(&holdings), expected, "{when}: {:?}", self.cloud.calls());
        assert!(holdings.iter().all(Found::retained), "{when}");
        for line in self.store.ledger(&self.id).await.unwrap() {
            let expected = if data && line.kind == "volume" { "retained" } else { "gone" };
            assert_eq!(line.state, expected, "{} {when}", line.kind);
        }
        let now = self.now().await;
        assert_eq!((now.retained.as_array().map_or(0, Vec::len), now.destroyed_at.is_some()), (usize::from(data), true), "{when}");
    }
}

fn kinds(holdings: &[Found]) -> Vec<&'static str> {
    let mut kinds: Vec<_> = holdings.iter().map(|found| found.kind.as_str()).collect();
    kinds.sort_unstable();
    kinds
}

/// What a health check prints.
pub fn says(line: Value) -> CommandResult {
    CommandResult::Done { exit_code: 0, stdout: line.to_string(), stderr: String::new() }
}

pub fn booting() -> Value {
    json!({"state": "booting", "step": "install"})
}

pub fn ready() -> Value {
    json!({"state": "ready", "sql_ok": true, "address": "172.31.0.10", "ca": "-----BEGIN CERTIFICATE-----"})
}
