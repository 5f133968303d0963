//! A person with a linked account in memory, and a deployment whose parts are made by hand.

use clouds::memory::{Memory, Pace};
use clouds::{
    Cloud, FoundKind, InstanceSpec, InstanceState, RoleSpec, Secret, SecretSpec, SecurityGroupSpec, TAG_DEPLOYMENT, TAG_RETAINED,
    TAG_RETAINED_UNTIL, Tags, VolumeShape, VolumeSpec,
};
use domain::{DeploymentId, UserId};
use jiff::{SignedDuration, Timestamp};
use knowledge::Knowledge;
use reconcile::{Error, Look, Sessions};
use std::sync::Arc;
use std::time::Duration;
use store::{Account, Finding, NewResource, Reconciliation, Store};
use testkit::{Database, account_and_plan, deed, user};

/// Both roles lead to the one account.
struct Doors(Memory);

impl Sessions for Doors {
    type Cloud = Memory;

    async fn monitoring(&self, _: &str) -> clouds::Result<Memory> {
        Ok(self.0.clone())
    }

    async fn provisioning(&self, _: &str) -> clouds::Result<Memory> {
        Ok(self.0.clone())
    }
}

pub struct World {
    pub database: Arc<Database>,
    pub store: Store,
    pub owner: UserId,
    pub account: Account,
    pub id: DeploymentId,
    pub cloud: Memory,
}

/// The ids of what was made.
pub struct Made {
    pub instance: String,
    pub volume: String,
    pub group: String,
    pub secret: String,
}

impl World {
    pub async fn new() -> Self {
        Self::on(Database::fresh().await.into()).await
    }

    pub async fn on(database: Arc<Database>) -> Self {
        let (store, owner) = (database.store(), user());
        let (account, plan) = account_and_plan(&store, &owner).await;
        let id = store.deploy(&deed(&owner), &plan, &account.id, &plan.plan).await.unwrap().deployment.id;
        let pace = Pace { running_after: 0, available_after: 0, ..Pace::default() };
        Self { database, store, owner, account, id, cloud: Memory::new(pace) }
    }

    /// An hour later, so that nothing is young.
    pub async fn look(&self) -> Result<Reconciliation, Error> {
        self.look_at(Timestamp::now() + SignedDuration::from_hours(1)).await
    }

    pub async fn look_at(&self, now: Timestamp) -> Result<Reconciliation, Error> {
        let account = self.store.account(&self.owner, &self.account.id).await.unwrap();
        let sessions = Doors(self.cloud.clone());
        let look = Look {
            store: &self.store,
            catalogue: &Knowledge::built_in().catalogue,
            sessions,
            account: &account,
            now,
            grace: Duration::from_secs(900),
        };
        let answer = look.reconcile().await;
        let stored = self.store.account(&self.owner, &self.account.id).await.unwrap().reconciliation;
        match &answer {
            Ok(found) => assert_eq!(stored.as_ref(), Some(found), "what is answered is what is shown later"),
            Err(Error::Cloud(_)) => assert!(stored.is_some_and(|stored| stored.problem.is_some()), "the reason is shown"),
            Err(_) => {}
        }
        answer
    }

    /// The deployment stands at rest.
    pub async fn status(&self, status: &str) {
        let destroyed = if status == "not_deployed" { "now()" } else { "NULL" };
        self.sql(&format!("UPDATE deployment SET status = '{status}', destroyed_at = {destroyed} WHERE id = '{}'", self.id)).await;
    }

    pub async fn sql(&self, sql: &str) {
        self.database.superuser().await.batch_execute(sql).await.unwrap();
    }

    pub fn tags(&self, deployment: &str) -> Tags {
        Tags::from([(TAG_DEPLOYMENT.to_owned(), deployment.to_owned()), ("Name".to_owned(), name(deployment))])
    }

    pub async fn volume(&self, deployment: &str, token: &str) -> String {
        let spec = VolumeSpec {
            client_token: token.into(),
            zone: "ca-central-1a".into(),
            shape: VolumeShape { size_gib: 20, iops: 3000, throughput_mib_s: 125 },
            encrypted: true,
            tags: self.tags(deployment),
        };
        self.cloud.ensure_volume(&spec).await.unwrap()
    }

    /// One of each kind, with the deployment's tag; the machine has the volume.
    pub async fn make(&self, deployment: &str) -> Made {
        let (cloud, tags, name) = (&self.cloud, self.tags(deployment), name(deployment));
        let subnet = cloud.subnets(None).await.unwrap().remove(0);
        let group = SecurityGroupSpec {
            name: name.clone(),
            vpc_id: subnet.vpc_id.clone(),
            description: "test".into(),
            ingress_cidrs: Vec::new(),
            port: 5432,
            tags: tags.clone(),
        };
        let group = cloud.ensure_security_group(&group).await.unwrap();
        let secret = SecretSpec {
            name: format!("cloudsail/{deployment}/postgres"),
            client_token: format!("token-of-{deployment}"),
            description: "test".into(),
            value: Secret::new("x"),
            tags: tags.clone(),
        };
        let secret = cloud.ensure_secret(&secret).await.unwrap();
        let role = RoleSpec {
            name: name.clone(),
            boundary_arn: "arn:aws:iam::222222222222:policy/b".into(),
            trust: "{}".into(),
            managed_policies: Vec::new(),
            policies: Vec::new(),
            tags: tags.clone(),
        };
        let role = cloud.ensure_role(&role).await.unwrap();
        let volume = self.volume(deployment, &format!("volume-of-{deployment}")).await;
        let instance = InstanceSpec {
            client_token: format!("instance-of-{deployment}"),
            image: "ami-1".into(),
            root_device: "/dev/xvda".into(),
            root_volume_gib: 8,
            instance_type: "t3.medium".into(),
            subnet: subnet.id,
            private_ip: None,
            security_group: group.clone(),
            profile: role.profile,
            user_data: Vec::new(),
            tags,
        };
        let instance = cloud.ensure_instance(&instance).await.unwrap();
        assert_eq!(cloud.instance(&instance).await.unwrap().unwrap().state, InstanceState::Running);
        cloud.volume(&volume).await.unwrap();
        cloud.attach_volume(&volume, &instance).await.unwrap();
        Made { instance, volume, group, secret }
    }

    /// The ledger has all of it, as a deploy writes it.
    pub async fn write_down(&self, made: &Made) {
        let name = name(self.id.as_str());
        let role = format!("arn:aws:iam::222222222222:role/cloudsail/{name}");
        for (kind, id) in [
            ("instance", &made.instance),
            ("volume", &made.volume),
            ("security_group", &made.group),
            ("secret", &made.secret),
            ("role", &role),
        ] {
            self.store.ledger_plan(&self.id, NewResource { kind, name: &name, client_token: "t" }).await.unwrap();
            self.store.ledger_present(&self.id, kind, &name, id).await.unwrap();
        }
    }

    /// The tag that a destroy leaves on what it keeps.
    pub async fn retain(&self, volume: &str, until: &str) {
        let tags = [(TAG_RETAINED, "true"), (TAG_RETAINED_UNTIL, until)].map(|(key, value)| (key.to_owned(), value.to_owned()));
        self.cloud.retain_volume(volume, &Tags::from(tags)).await.unwrap();
    }

    /// What is in the account, in words.
    pub fn held(&self) -> Vec<&'static str> {
        let going = |found: &clouds::Found| !found.going();
        let mut kinds: Vec<_> = self.cloud.holdings().iter().filter(|found| going(found)).map(|found| found.kind.as_str()).collect();
        kinds.sort_unstable();
        kinds
    }

    pub fn holds(&self, id: &str) -> bool {
        self.cloud.holdings().iter().any(|found| found.id == id && found.kind != FoundKind::InstanceProfile)
    }

    /// By kind: the state of each line of the ledger.
    pub async fn ledger(&self) -> Vec<(String, String)> {
        self.store.ledger(&self.id).await.unwrap().into_iter().map(|line| (line.kind, line.state)).collect()
    }

    pub async fn events(&self) -> Vec<String> {
        self.store.events(&self.owner, &self.id, 100, None).await.unwrap().into_iter().map(|event| event.message).collect()
    }
}

/// What a deploy calls its things.
pub fn name(deployment: &str) -> String {
    format!("cloudsail-{}", &deployment[deployment.len() - 8..])
}

pub fn kinds(findings: &[Finding]) -> Vec<&str> {
    let mut kinds: Vec<_> = findings.iter().map(|finding| finding.kind.as_str()).collect();
    kinds.sort_unstable();
    kinds
}

pub const ALL: [&str; 6] = ["instance", "instance profile", "role", "secret", "security group", "volume"];
