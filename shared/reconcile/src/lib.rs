#![doc = include_str!("../README.md")]

mod aws;
mod judge;

pub use aws::Aws;

use clouds::memory::Memory;
use clouds::{Cloud, Found, FoundKind, Inventory, Size};
use domain::DeploymentId;
use futures_util::future::{join_all, try_join};
use jiff::Timestamp;
use judge::{Book, Claim, Ghost, Seen, Stray, claim};
use knowledge::{Catalogue, Money};
use std::collections::{BTreeSet, HashMap};
use std::time::Duration;
use store::{Account, Finding, Known, Reconciliation, Store};

/// How long until an account's next turn.
pub const EVERY: Duration = Duration::from_secs(3600);
/// The same, where something is still to be removed: what held it is going.
const SOON: Duration = Duration::from_secs(120);
/// More of a list is counted and not stored.
const LISTED: usize = 100;

/// Sessions in one account.
pub trait Sessions: Send + Sync {
    /// What a session can do.
    type Cloud: Cloud + Inventory;

    /// To look.
    fn monitoring(&self, region: &str) -> impl Future<Output = clouds::Result<Self::Cloud>> + Send;

    /// To remove.
    fn provisioning(&self, region: &str) -> impl Future<Output = clouds::Result<Self::Cloud>> + Send;
}

/// Why an account could not be looked through.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The control plane's own database.
    #[error("the ledger could not be read or written")]
    Store(#[from] store::Error),
    /// The account.
    #[error("the account could not be looked through: {0}")]
    Cloud(#[from] clouds::Error),
}

/// One look through one account.
pub struct Look<'a, S> {
    /// The ledger.
    pub store: &'a Store,
    /// For the costs.
    pub catalogue: &'a Catalogue,
    /// Into the account.
    pub sessions: S,
    /// The account.
    pub account: &'a Account,
    /// The time now.
    pub now: Timestamp,
    /// What is younger is not judged: a call that was cut off takes effect within it, and lists lag by less.
    pub grace: Duration,
}

/// What was listed, and what could not be.
struct Listed {
    seen: Vec<Seen>,
    regions: Vec<String>,
    problem: Option<String>,
}

impl<S: Sessions> Look<'_, S> {
    /// Lists, compares, removes what may go, and stores what was found. Where the account can't be looked through, the reason is stored
    /// beside what was found before.
    ///
    /// # Errors
    /// Those of the database and of the account.
    pub async fn reconcile(&self) -> Result<Reconciliation, Error> {
        let (found, again) = match self.compare().await {
            Err(Error::Cloud(error)) => {
                let earlier = self.account.reconciliation.clone().unwrap_or_else(|| self.nothing());
                let failed = Reconciliation { problem: Some(error.to_string()), removed: Vec::new(), ..earlier };
                self.store.reconciled(&self.account.id, &failed, EVERY).await?;
                return Err(error.into());
            }
            answer => answer?,
        };
        self.store.reconciled(&self.account.id, &found, again).await?;
        tracing::info!(
            account = %self.account.id, strays = found.count, ghosts = found.ghosts.len(), removed = found.removed.len(), "reconciled"
        );
        Ok(found)
    }

    async fn compare(&self) -> Result<(Reconciliation, Duration), Error> {
        let mut listed = self.list().await?;
        let mut known = self.known(&listed.seen).await?;
        let mut removed = Vec::new();
        let mut refused = HashMap::new();
        let going = self.book(&listed, &known).strays();
        if going.iter().any(|stray| stray.remove.is_some()) {
            (removed, refused) = self.remove(going).await?;
            // What is still listed now was not removed, whatever the calls answered; what is not, is known to be absent.
            listed = self.list().await?;
            known = self.known(&listed.seen).await?;
        }
        let book = self.book(&listed, &known);
        let mut strays = book.strays();
        strays.retain(|stray| {
            !removed.iter().any(|one: &Stray| one.seen.found.id == stray.seen.found.id && one.seen.found.kind == stray.seen.found.kind)
        });
        for stray in &mut strays {
            if let Some(why) = refused.remove(&(stray.seen.found.kind, stray.seen.found.id.clone())) {
                stray.why = why;
            }
        }
        let ghosts = self.settle(book.ghosts()).await?;
        let again = if strays.iter().any(|stray| stray.remove.is_some()) { SOON } else { EVERY };
        Ok((self.report(&strays, &ghosts, &removed, listed.problem), again))
    }

    fn book<'a>(&self, listed: &'a Listed, known: &'a [Known]) -> Book<'a> {
        Book { seen: &listed.seen, known, regions: &listed.regions, now: self.now, grace: self.grace }
    }

    /// Every region that something of ours is or was in. One that can't be looked at is left out with all that is in it.
    async fn list(&self) -> Result<Listed, Error> {
        let account = self.account;
        let deployed = self.store.deployed_regions(&account.owner, &account.aws_account_id).await?;
        let regions: BTreeSet<String> = deployed.into_iter().chain([account.region.clone()]).collect();
        let identities = async { self.sessions.monitoring(&account.region).await?.list_identities().await };
        let by_region = join_all(regions.iter().map(|region| async move { self.sessions.monitoring(region).await?.list_region().await }));
        let (identities, by_region) = try_join(identities, async { Ok(by_region.await) }).await?;
        let all = |region: Option<&String>, found: Vec<Found>| {
            let region = region.cloned();
            found.into_iter().map(move |found| Seen { found, region: region.clone() })
        };
        let mut listed = Listed { seen: all(None, identities).collect(), regions: Vec::new(), problem: None };
        for (region, answer) in regions.iter().zip(by_region) {
            match answer {
                Ok(found) => {
                    listed.seen.extend(all(Some(region), found));
                    listed.regions.push(region.clone());
                }
                // The account's own region is the one that has to be there.
                Err(error) if error.retryable() || *region == account.region => return Err(error.into()),
                Err(error) => listed.problem = Some(format!("{region} could not be looked at: {error}")),
            }
        }
        Ok(listed)
    }

    async fn known(&self, seen: &[Seen]) -> Result<Vec<Known>, Error> {
        let (mut ids, mut ends) = (BTreeSet::new(), BTreeSet::new());
        for seen in seen {
            match claim(&seen.found) {
                Claim::Whole(id) => drop(ids.insert(id)),
                Claim::End(end) => drop(ends.insert(end)),
                Claim::None => {}
            }
        }
        let (ids, ends): (Vec<_>, Vec<_>) = (ids.into_iter().collect(), ends.into_iter().collect());
        Ok(self.store.known_in(&self.account.owner, &self.account.aws_account_id, &ids, &ends).await?)
    }

    /// Removes what may go, in the order in which one thing holds another. One that can't be removed now stops no other.
    async fn remove(&self, strays: Vec<Stray>) -> Result<(Vec<Stray>, HashMap<(FoundKind, String), String>), Error> {
        let (mut removed, mut refused) = (Vec::new(), HashMap::new());
        let mut going: Vec<_> = strays.into_iter().filter_map(|stray| Some((stray.remove.clone()?, stray))).collect();
        going.sort_by_key(|(_, stray)| rank(stray.seen.found.kind));
        for (deployment, mut stray) in going {
            let found = &stray.seen.found;
            let region = stray.seen.region.as_ref().unwrap_or(&self.account.region);
            let answer = match self.sessions.provisioning(region).await {
                // A profile goes with the role of its name.
                Ok(_) if found.kind == FoundKind::InstanceProfile && gone_with(&removed, found) => Ok(()),
                Ok(cloud) => delete(&cloud, found).await,
                Err(error) => Err(error),
            };
            match answer {
                Ok(()) => {
                    self.tell(&deployment, found).await?;
                    stray.why = format!("{deployment} was destroyed, and this was left behind");
                    removed.push(stray);
                }
                Err(error) if Memory::killed(&error) => return Err(error.into()),
                Err(error) => {
                    let when =
                        if error.retryable() { "it is tried again within minutes" } else { "verify the account, or delete it there" };
                    let why = format!("{deployment} was destroyed, and this can't be removed: {error}; {when}");
                    refused.insert((found.kind, found.id.clone()), why);
                }
            }
        }
        Ok((removed, refused))
    }

    async fn tell(&self, deployment: &DeploymentId, found: &Found) -> Result<(), Error> {
        let what = format!("{} {}", found.kind.as_str(), found.id);
        tracing::info!(%deployment, what, "removed a stray");
        let message = format!("Removed the {what}, which was left in your account after the destroy.");
        Ok(self.store.tell(deployment, &message).await?)
    }

    /// Closes the lines of destroyed deployments whose absence was seen. What was never there is no ghost.
    async fn settle(&self, ghosts: Vec<Ghost>) -> Result<Vec<Ghost>, Error> {
        let mut shown = Vec::new();
        for ghost in ghosts {
            let closed = ghost.settle && self.store.ledger_settle(&ghost.deployment, &ghost.line).await?;
            if closed && ghost.line.state == "retained" {
                let message = format!("The {} {} that was kept is not in your account any more.", ghost.line.kind, id_of(&ghost.line));
                self.store.tell(&ghost.deployment, &message).await?;
            }
            if ghost.line.state != "planned" {
                shown.push(ghost);
            }
        }
        Ok(shown)
    }

    fn nothing(&self) -> Reconciliation {
        let currency = self.catalogue.aws().tariff(&self.account.region).map_or("USD", |tariff| tariff.currency);
        Reconciliation { monthly_cost: Money::default().to_string(), currency: currency.to_owned(), ..Reconciliation::default() }
    }

    fn report(&self, strays: &[Stray], ghosts: &[Ghost], removed: &[Stray], problem: Option<String>) -> Reconciliation {
        let monthly = strays.iter().filter_map(|stray| self.monthly(&stray.seen)).fold(Money::default(), Money::plus);
        Reconciliation {
            checked_at: Some(self.now),
            problem,
            count: u32::try_from(strays.len()).unwrap_or(u32::MAX),
            monthly_cost: monthly.to_string(),
            strays: strays.iter().take(LISTED).map(|stray| self.finding(stray)).collect(),
            ghosts: ghosts.iter().take(LISTED).map(of_ghost).collect(),
            removed: removed.iter().take(LISTED).map(|stray| self.finding(stray)).collect(),
            ..self.nothing()
        }
    }

    fn finding(&self, stray: &Stray) -> Finding {
        let found = &stray.seen.found;
        Finding {
            kind: found.kind.as_str().to_owned(),
            id: found.id.clone(),
            name: found.name.clone(),
            deployment: stray.deployment.clone(),
            region: stray.seen.region.clone(),
            created_at: found.created_at,
            monthly_cost: self.monthly(&stray.seen).map(|money| money.to_string()),
            why: stray.why.clone(),
        }
    }

    fn monthly(&self, seen: &Seen) -> Option<Money> {
        let region = seen.region.as_ref().unwrap_or(&self.account.region);
        match &seen.found.size {
            Size::Machine(_) if matches!(seen.found.state.as_str(), "stopping" | "stopped") => Some(Money::default()),
            Size::Free => Some(Money::default()),
            Size::Machine(kind) => self.catalogue.machine_month(region, kind),
            Size::Volume(shape) => self.catalogue.volume_month(region, shape.size_gib, shape.iops, shape.throughput_mib_s),
        }
    }
}

fn id_of(line: &store::Resource) -> &str {
    line.external_id.as_deref().unwrap_or(&line.name)
}

/// It is not there, so it costs nothing.
fn of_ghost(ghost: &Ghost) -> Finding {
    Finding {
        kind: ghost.line.kind.replace('_', " "),
        id: id_of(&ghost.line).to_owned(),
        name: ghost.line.name.clone(),
        deployment: Some(ghost.deployment.to_string()),
        region: ghost.region.clone().filter(|_| ghost.line.kind != "role"),
        created_at: Some(ghost.line.created_at),
        monthly_cost: Some(Money::default().to_string()),
        why: ghost.why.clone(),
    }
}

/// What is held comes after what holds it.
fn rank(kind: FoundKind) -> u8 {
    match kind {
        FoundKind::Instance => 0,
        FoundKind::Role => 1,
        FoundKind::InstanceProfile => 2,
        FoundKind::Secret => 3,
        FoundKind::SecurityGroup => 4,
        FoundKind::Volume => 5,
    }
}

fn gone_with(removed: &[Stray], profile: &Found) -> bool {
    removed.iter().any(|one| one.seen.found.kind == FoundKind::Role && one.seen.found.id == profile.id)
}

async fn delete(cloud: &impl Cloud, found: &Found) -> clouds::Result<()> {
    match found.kind {
        FoundKind::Instance => cloud.terminate_instance(&found.id).await,
        // Both of the name, in IAM's order.
        FoundKind::InstanceProfile | FoundKind::Role => cloud.delete_role(&found.id).await,
        FoundKind::Secret => cloud.delete_secret(&found.id).await,
        FoundKind::SecurityGroup => cloud.delete_security_group(&found.id).await,
        FoundKind::Volume => cloud.delete_volume(&found.id).await,
    }
}
