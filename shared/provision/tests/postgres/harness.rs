//! One deployment, the in-memory cloud it goes to, and a worker that runs when it is told to.

use clouds::memory::{Command, Memory, Pace};
use clouds::{CommandResult, Found, FoundKind};
use domain::{DeploymentId, Status, StrandId, UserId};
use engine::{End, Label, Limits, Next, Program, Sender, Step, StepError};
use knowledge::Knowledge;
use provision::postgres::Postgres;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;
use store::{Deployment, News, OutboxMessage, Store, Wish};
use testkit::{Database, account_and_plan, deed, user};

const LIMITS: Limits = Limits { terms: testkit::TERMS, last_start: Duration::from_secs(30), patience: Duration::from_secs(900) };
/// More invocations than any deploy or destroy needs; beyond it the program runs in a circle.
const MOST_TURNS: usize = 80;
/// For how long a destroy can be undone, in seconds.
pub const DAY: u32 = 86_400;

static KNOWLEDGE: LazyLock<Arc<Knowledge>> = LazyLock::new(|| Arc::new(Knowledge::built_in().clone()));

/// The queue took every message; the harness wakes the strand itself.
struct Queue;

impl Sender for Queue {
    async fn send(&self, _: &OutboxMessage) -> bool {
        true
    }

    async fn tell(&self, _: &News) {}
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
    fn heeds(label: &str, stack: &Value) -> Option<Wish> {
        Postgres::<Memory>::heeds(label, stack)
    }

    fn way(wish: Wish, stack: &Value) -> Label {
        Postgres::<Memory>::way(wish, stack)
    }

    fn calls(&self) -> u32 {
        self.program.calls()
    }

    async fn step(&self, label: &str, step: &mut Step<'_>) -> Result<Next, StepError> {
        if self.twice {
            let before = step.stack.clone();
            let _ = self.program.step(label, step).await;
            *step.stack = before;
            (step.change, step.fulfilled) = (store::Change::default(), store::Fulfilled::default());
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
        cloud.on_command(answer);
        let (id, deadline) = (deployed.deployment.id, Duration::from_secs(900));
        Self { database, store, owner, plan, id, strand, cloud, deadline, twice: false, counts: Counts::default() }
    }

    /// One invocation of the worker.
    pub async fn turn(&self) -> End {
        let program = Postgres {
            cloud: self.cloud.clone(),
            knowledge: Arc::clone(&KNOWLEDGE),
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
        self.sql(&format!(
            "UPDATE strand SET label_since = label_since - {by}, wake_at = wake_at - {by}, lease_until = lease_until - {by} WHERE id = '{strand}';
            UPDATE strand SET stack = jsonb_set(stack, path, to_jsonb((stack#>>path)::timestamptz - {by}))
                FROM (VALUES ('{{begun_at}}'::text[]), ('{{changing,begun_at}}')) AS clock (path) WHERE id = '{strand}' AND stack#>>path IS NOT NULL
                AND (path = '{{changing,begun_at}}' OR stack#>>'{{changing,begun_at}}' IS NULL);
            UPDATE strand SET stack = jsonb_set(stack, '{{grown_at}}', to_jsonb((stack->>'grown_at')::timestamptz - {by}))
                WHERE id = '{strand}' AND stack->>'grown_at' IS NOT NULL;
            UPDATE strand SET stack = jsonb_set(stack, '{{look,sent_at}}', to_jsonb((stack#>>'{{look,sent_at}}')::timestamptz - {by}))
                WHERE id = '{strand}' AND stack#>>'{{look,sent_at}}' IS NOT NULL;
            UPDATE strand SET destroy_at = destroy_at - {by} WHERE id = '{strand}';
            UPDATE deployment SET last_ok_at = last_ok_at - {by}, destroy_at = destroy_at - {by} WHERE id = '{id}'"
        ))
        .await;
    }

    async fn sql(&self, sql: &str) {
        self.database.superuser().await.batch_execute(sql).await.unwrap();
    }

    /// Chooses to destroy it now.
    pub async fn destroy(&self) {
        self.store.request_destroy(&deed(&self.owner), &self.id, None).await.unwrap();
    }

    /// Presses Destroy, which can be undone for a day.
    pub async fn destroy_later(&self) {
        self.store.request_destroy(&deed(&self.owner), &self.id, Some(Duration::from_secs(DAY.into()))).await.unwrap();
    }

    /// Presses Undo, in time.
    pub async fn undo(&self) {
        self.store.request_undelete(&deed(&self.owner), &self.id).await.unwrap().expect("it can be undone");
    }

    /// The label that ran last.
    pub fn label(&self) -> String {
        self.counts.labels.lock().unwrap().last().cloned().unwrap_or_default()
    }

    /// Runs the worker, and lets whatever it waits for come to pass, until this label has run.
    pub async fn drive_to(&self, label: &str) {
        for _ in 0..MOST_TURNS {
            self.turn().await;
            if self.label() == label {
                return;
            }
            self.wake().await;
        }
        panic!("`{label}` was not reached: {:?}", self.counts.labels.lock().unwrap());
    }

    /// What people were told, the oldest first.
    pub async fn messages(&self) -> Vec<String> {
        let events = self.store.events(&self.owner, &self.id, 500, None).await.unwrap();
        events.into_iter().map(|event| event.message).collect()
    }

    /// The machine's id.
    pub fn machine(&self) -> String {
        self.cloud.holdings().into_iter().find(|found| found.kind == FoundKind::Instance).unwrap().id
    }

    /// Saves the plan as edited, and presses Deploy.
    pub async fn redeploy(&mut self, edit: impl FnOnce(&mut domain::plan::Component)) {
        let mut plan = self.plan.plan.clone();
        edit(&mut plan.components[0]);
        self.plan = self.store.update_plan(&deed(&self.owner), &self.plan.id, self.plan.version, &plan).await.unwrap();
        self.press_deploy().await;
    }

    /// Presses Deploy; a plan that is deployed already answers the deployment there is.
    pub async fn press_deploy(&self) {
        let account = self.now().await.account_id;
        let again = self.store.deploy(&deed(&self.owner), &self.plan, &account, &self.plan.plan).await.unwrap();
        assert_eq!((again.created, &again.deployment.id), (false, &self.id));
    }

    /// Presses Cancel.
    pub async fn cancel(&self) {
        self.store.request_cancel(&deed(&self.owner), &self.id).await.unwrap();
    }

    /// There is one of each thing that a PostgreSQL is made of, nothing was made twice, and the ledger says the same.
    pub async fn assert_one_of_each(&self, when: &str) {
        assert_eq!(self.cloud.made(), 5, "nothing was made twice, role and profile being one: {when}");
        self.assert_there(when).await;
    }

    /// There is one of each thing, however many machines came one after the other, and the data volume is where the machine is.
    pub async fn assert_there(&self, when: &str) {
        let held = kinds(&self.cloud.holdings());
        assert_eq!(held, ["instance", "instance profile", "role", "secret", "security group", "volume"], "{when}");
        let ledger = self.store.ledger(&self.id).await.unwrap();
        let lines: Vec<_> = ledger.iter().map(|line| (line.kind.as_str(), line.state.as_str())).collect();
        let present = ["security_group", "secret", "role", "volume", "instance"].map(|kind| (kind, "present"));
        assert_eq!(lines, present, "{when}");
        assert_eq!(ledger[4].external_id, Some(self.machine()), "{when}");
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

/// What a machine that works answers: a health check, or that settings were applied.
pub fn answer(command: &Command) -> CommandResult {
    match command.earlier {
        _ if command.script.contains("apply.lock") => says(json!({"applied": "restart"})),
        0 => says(booting()),
        _ => says(ready()),
    }
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
