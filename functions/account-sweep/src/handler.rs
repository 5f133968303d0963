//! Looks through linked accounts for what was left in them, the one that waits longest first.
//!
//! An account is taken when there is time for it, a few at once, so that a thousand of them are spread over the hour by their own turns,
//! and what one run does not get to waits for the next. One that can't be looked through has the reason stored with it, and stops no other.

use clouds::aws::Connector;
use futures_util::future::try_join_all;
use jiff::Timestamp;
use knowledge::Knowledge;
use lambda_runtime::{Error, LambdaEvent};
use reconcile::{Aws, EVERY, Look};
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use store::{Account, Store};

/// What the function is built from.
pub struct Deps {
    /// For the costs.
    pub knowledge: Knowledge,
    /// The rows.
    pub store: Store,
    /// Where sessions in customers' accounts come from.
    pub connector: Connector,
    /// What is not judged yet.
    pub reconcile: config::Reconcile,
    /// How often an account may be called.
    pub calls: config::Rate,
}

/// Looks that are under way at once; they wait for AWS nearly all of the time.
const AT_ONCE: usize = 8;
/// No look begins later. The function has two minutes more, and a look takes seconds.
const LAST_START: Duration = Duration::from_secs(120);

/// Answers how many accounts were looked through, and how many could not be.
pub async fn handle(deps: &Deps, _event: LambdaEvent<Value>) -> Result<Value, Error> {
    let begun = Instant::now();
    let done = try_join_all((0..AT_ONCE).map(|_| some(deps, begun))).await?;
    let (looked, failed) = done.into_iter().fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    tracing::info!(looked, failed, "swept");
    Ok(json!({"looked": looked, "failed": failed}))
}

/// One account after the other, until none is due.
async fn some(deps: &Deps, begun: Instant) -> Result<(u32, u32), store::Error> {
    let (mut looked, mut failed) = (0, 0);
    while begun.elapsed() < LAST_START {
        let Some(account) = deps.store.next_to_reconcile(EVERY, deps.calls).await? else { break };
        match one(deps, &account).await {
            Ok(_) => looked += 1,
            Err(reconcile::Error::Store(error)) => return Err(error),
            Err(reconcile::Error::Cloud(error)) => {
                tracing::warn!(account = %account.id, %error, "the account could not be looked through");
                failed += 1;
            }
        }
    }
    Ok((looked, failed))
}

async fn one(deps: &Deps, account: &Account) -> Result<store::Reconciliation, reconcile::Error> {
    let connector = deps.connector.counting();
    let (catalogue, sessions) = (&deps.knowledge.catalogue, Aws::new(&connector, account));
    let look = Look { store: &deps.store, catalogue, sessions, account, now: Timestamp::now(), grace: deps.reconcile.grace };
    // Boxed: the future holds every list and every removal.
    let answer = Box::pin(look.reconcile()).await;
    deps.store.called(&account.id, connector.calls(), deps.calls).await?;
    answer
}
