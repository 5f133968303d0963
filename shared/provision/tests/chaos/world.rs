//! One deployment in one account of the emulator, and a worker that runs when it is told to, and dies where it is told to.

use clouds::access;
use clouds::aws::{Access, Aws, Connector};
use domain::plan::Component;
use domain::{DeploymentId, Errand, Status, StrandId, UserId};
use emulator::{Emulator, Fault, Owner, REGION, Seen};
use engine::{End, Limits, Sender, StepError};
use futures_util::future::try_join_all;
use knowledge::Knowledge;
use provision::postgres::Postgres;
use serde_json::Value;
use std::cell::{Cell, RefCell};
use std::sync::{Arc, LazyLock};
use std::time::Duration;
use store::{Deployment, Leased, News, OutboxMessage, PlanRow, Store};
use testkit::{Database, deed};

const LIMITS: Limits = Limits { terms: testkit::TERMS, last_start: Duration::from_secs(30), patience: Duration::from_secs(900) };
/// More invocations than any piece of work needs; beyond it the program runs in a circle.
const MOST_TURNS: usize = 150;

/// Of Debian 13, as the emulator lists them, and the one before it.
pub const NEWEST_IMAGE: &str = "ami-0d13000000000001";
pub const EARLIER_IMAGE: &str = "ami-0d13000000000000";

static KNOWLEDGE: LazyLock<Arc<Knowledge>> = LazyLock::new(|| Arc::new(Knowledge::built_in().clone()));

/// The queue took every message; the test wakes the strand itself.
struct Queue;

impl Sender for Queue {
    async fn send(&self, _: &OutboxMessage) -> bool {
        true
    }

    async fn tell(&self, _: &News) {}
}

/// How often, and when, the queue brings a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivery {
    Once,
    /// Again once the first was handled, which is also late: the strand sleeps or is elsewhere by then.
    Again,
    /// To two workers at the same moment.
    Together,
}

/// An emulator's account that was linked, and the database of the control plane.
pub struct Ground {
    pub emulator: Emulator,
    pub database: Database,
    pub account: String,
    pub owner: Owner,
    linked: store::NewAccount,
    worker: aws_config::SdkConfig,
}

impl Ground {
    pub async fn new(emulator: Emulator, database: Database, account: String) -> Self {
        let linked = emulator.link(&account);
        let (owner, worker) = (Owner::new(&emulator.sdk(&account, "test", None).await), emulator.worker().await);
        Self { emulator, database, account, owner, linked, worker }
    }
}

pub struct World<'a> {
    pub ground: &'a Ground,
    pub store: Store,
    pub user: UserId,
    pub plan: PlanRow,
    pub id: DeploymentId,
    strand: StrandId,
    connector: RefCell<Connector>,
    /// Workers that died since faults were last asked for.
    killed: Cell<usize>,
    /// Whether one may still die.
    mortal: Cell<bool>,
}

impl<'a> World<'a> {
    /// Deploy was pressed; no worker has run yet.
    pub async fn deployed(ground: &'a Ground) -> Self {
        let (store, user) = (ground.database.store(), testkit::user());
        let deed = deed(&user);
        let new = store::NewAccount { id: domain::AccountId::generate(), ..ground.linked.clone() };
        let account = store.create_account(&deed, &new).await.unwrap();
        let account = store.set_account_verified(&deed, &account.id, &access::monitor_role_arn(&new.role_arn)).await.unwrap();
        let plan = store.create_plan(&deed, &domain::PlanId::generate(), &testkit::plan()).await.unwrap();
        let deployed = store.deploy(&deed, &plan, &account.id, &plan.plan).await.unwrap();
        let message: Value = serde_json::from_str(&deployed.outbox[0].body).unwrap();
        let strand = message["strand"].as_str().unwrap().parse().unwrap();
        Self {
            ground,
            store,
            user,
            plan,
            id: deployed.deployment.id,
            strand,
            connector: RefCell::new(Connector::new(ground.worker.clone())),
            killed: Cell::new(0),
            mortal: Cell::new(false),
        }
    }

    /// What goes wrong from now on.
    pub async fn ask_for(&self, faults: &[Fault]) {
        self.ground.emulator.ask_for(&self.ground.account, faults).await;
        self.killed.set(0);
        self.mortal.set(faults.iter().any(|fault| fault.fault == "hold"));
    }

    /// The next process of the worker has no session yet.
    pub fn restart(&self) {
        self.connector.replace(Connector::new(self.ground.worker.clone()));
    }

    pub async fn seen(&self) -> Seen {
        self.ground.emulator.seen(&self.ground.account).await
    }

    /// One invocation of the worker. `None`: it died at a call to the cloud.
    pub async fn turn(&self) -> Option<End> {
        self.turns(1).await.map(|ends| ends[0])
    }

    /// Several workers, each with the same message, at the same moment.
    async fn turns(&self, workers: usize) -> Option<Vec<End>> {
        let run = |_| {
            let connector = self.connector.borrow().clone();
            Box::pin(engine::run(&self.store, &Queue, &self.strand, LIMITS, |leased| program(leased, connector)))
        };
        let all = try_join_all((0..workers).map(run));
        if !self.mortal.get() {
            return Some(all.await.unwrap());
        }
        // Whoever drops the future ends it between two instructions, as a signal that can't be caught does, and its connections with it.
        tokio::select! {
            ends = all => Some(ends.unwrap()),
            () = self.ground.emulator.held(&self.ground.account, self.killed.get() + 1) => {
                self.killed.set(self.killed.get() + 1);
                self.restart();
                None
            }
        }
    }

    pub async fn deliver(&self, delivery: Delivery) {
        match delivery {
            Delivery::Once => drop(self.turn().await),
            Delivery::Again => {
                self.turn().await;
                self.turn().await;
            }
            Delivery::Together => drop(self.turns(2).await),
        }
    }

    /// Runs the worker, and lets whatever it waits for come to pass, until one of these is reached.
    pub async fn drive(&self, to: &[Status], mut delivery: impl FnMut() -> Delivery, when: &str) -> Deployment {
        for _ in 0..MOST_TURNS {
            self.deliver(delivery()).await;
            let now = self.now().await;
            if to.contains(&now.status) {
                self.wake().await;
                return now;
            }
            self.wake().await;
        }
        let now = self.now().await;
        let calls = self.seen().await.calls;
        let last = &calls[calls.len().saturating_sub(15)..];
        panic!("{when}: {to:?} was not reached, it is {}: {:?}; the last calls were {last:?}", now.status, now.reason);
    }

    /// As the person sees it.
    pub async fn now(&self) -> Deployment {
        self.store.deployment(&self.user, &self.id).await.unwrap()
    }

    /// The strand's nap, and a dead worker's lease, are over.
    pub async fn wake(&self) {
        let sql = "UPDATE strand SET wake_at = now(), lease_until = least(lease_until, now() - interval '1 second')";
        self.ground.database.superuser().await.batch_execute(&format!("{sql} WHERE id = '{}'", self.strand)).await.unwrap();
    }

    /// Saves the plan as edited, and presses Deploy.
    pub async fn redeploy(&mut self, edit: impl FnOnce(&mut Component)) {
        let mut plan = self.plan.plan.clone();
        edit(&mut plan.components[0]);
        self.plan = self.store.update_plan(&deed(&self.user), &self.plan.id, self.plan.version, &plan).await.unwrap();
        self.press_deploy().await;
    }

    pub async fn press_deploy(&self) {
        let account = self.now().await.account_id;
        let again = self.store.deploy(&deed(&self.user), &self.plan, &account, &self.plan.plan).await.unwrap();
        assert_eq!((again.created, &again.deployment.id), (false, &self.id));
    }

    pub async fn cancel(&self) {
        self.store.request_cancel(&deed(&self.user), &self.id).await.unwrap();
    }

    /// Presses Destroy, which can be undone for a day.
    pub async fn destroy_later(&self) {
        self.store.request_destroy(&deed(&self.user), &self.id, Some(Duration::from_secs(86_400))).await.unwrap();
    }

    /// Presses Undo, in time.
    pub async fn undo(&self) {
        self.store.request_undelete(&deed(&self.user), &self.id).await.unwrap().expect("it can be undone");
    }

    pub async fn destroy(&self) {
        self.store.request_destroy(&deed(&self.user), &self.id, None).await.unwrap();
    }

    /// The machine, disk and group are as the plan that the deployment shows says.
    pub async fn assert_as_planned(&self, when: &str) {
        self.assert_one_of_each(when).await;
        let (now, there) = (self.now().await, self.ground.owner.shown().await);
        let component = &now.plan.components[0];
        let mut allowed: Vec<_> = component.network.allow.iter().map(ToString::to_string).collect();
        allowed.sort_unstable();
        assert_eq!((there.state.as_str(), &there.ranges), ("running", &allowed), "{when}");
        let image = component.aws.as_ref().and_then(|wishes| wishes.ami.as_deref()).unwrap_or(NEWEST_IMAGE);
        assert_eq!(there.image, image, "{when}");
        assert!(there.disk_gib >= i32::try_from(component.hardware.disk.size_gib).unwrap(), "{when}: {there:?}");
    }

    /// There is one of each thing that a PostgreSQL is made of, and the ledger says the same.
    pub async fn assert_one_of_each(&self, when: &str) {
        let expected = ["instance", "instance profile", "role", "secret", "security group", "volume"];
        assert_eq!(self.ground.owner.holds().await, expected, "{when}");
        self.ground.owner.assert_tagged(self.id.as_str(), when).await;
        let mut ledger: Vec<_> = self.store.ledger(&self.id).await.unwrap().into_iter().map(|line| (line.kind, line.state)).collect();
        ledger.sort_unstable();
        let present = ["instance", "role", "secret", "security_group", "volume"].map(|kind| (kind.to_owned(), "present".to_owned()));
        assert_eq!(ledger, present, "{when}");
    }

    /// The account holds nothing but the data volume, if there was data, and no ledger line is open. Then that goes, too.
    pub async fn assert_nothing_left(&self, when: &str) {
        // Health was seen, so there is data.
        let now = self.now().await;
        let data = now.last_ok_at.is_some();
        let expected: &[&str] = if data { &["kept volume"] } else { &[] };
        assert_eq!(self.ground.owner.holds().await, expected, "{when}");
        for line in self.store.ledger(&self.id).await.unwrap() {
            let expected = if data && line.kind == "volume" { "retained" } else { "gone" };
            assert_eq!(line.state, expected, "{} {when}", line.kind);
        }
        assert_eq!((now.retained.as_array().map_or(0, Vec::len), now.destroyed_at.is_some()), (usize::from(data), true), "{when}");
        self.ground.owner.let_go().await;
    }
}

/// As the worker's Lambda makes it.
async fn program(leased: Leased, connector: Connector) -> Result<Postgres<Aws>, StepError> {
    let (link, deployment) = (&leased.link, &leased.deployment);
    let access = Access::provisioning(link, REGION, &Errand::deployment(&deployment.id, &deployment.owner));
    let cloud = connector.connect(&access).await.map_err(|error| match access.lost(&error) {
        Some(lost) => StepError::Fatal(lost),
        None => StepError::Retry(error.to_string()),
    })?;
    let boundary_arn = access::boundary_arn(&link.role_arn);
    Ok(Postgres { cloud, knowledge: Arc::clone(&KNOWLEDGE), boundary_arn, deadline: Duration::from_secs(900) })
}
