//! Every call to the account failing in turn, and the function dying at every call.

use crate::world::{World, kinds};
use clouds::memory::{Fault, Moment};
use clouds::{ApiError, Error};
use std::sync::Arc;
use std::time::Duration;
use testkit::Database;

fn faults() -> [(&'static str, Moment, Fault); 5] {
    let cause = |code: &str| ApiError { code: code.into(), message: "told to".into(), request_id: None };
    let throttled = Fault::Answer(Error::Throttled { action: "any", cause: cause("RequestLimitExceeded") });
    let unavailable = Fault::Answer(Error::Unavailable { action: "any", cause: cause("InternalError") });
    [
        ("throttled", Moment::Before, throttled),
        ("5xx", Moment::Before, unavailable.clone()),
        ("time-out after the effect", Moment::After, unavailable),
        ("killed before", Moment::Before, Fault::Kill),
        ("killed after", Moment::After, Fault::Kill),
    ]
}

/// All of a destroyed deployment is there, but the volume that it keeps.
async fn littered(database: &Arc<Database>) -> (World, String) {
    let world = World::on(Arc::clone(database)).await;
    let made = world.make(world.id.as_str()).await;
    world.write_down(&made).await;
    world.store.ledger_retained(&world.id, "volume", "2999-01-01".parse().unwrap()).await.unwrap();
    world.status("not_deployed").await;
    (world, made.volume)
}

/// Looks until nothing is left to do; as the schedule does, each look goes on where the last one ended.
async fn settle(world: &World) -> usize {
    for look in 1..12 {
        if world.look().await.is_ok_and(|found| found.count == 0 && found.removed.is_empty()) {
            return look;
        }
    }
    panic!("it has no end: {:?}", world.held());
}

#[tokio::test]
async fn a_fault_at_any_call_leaves_nothing_but_what_is_kept() {
    let database = Arc::new(Database::fresh().await);
    let (whole, _) = littered(&database).await;
    let before = whole.cloud.calls().len();
    settle(&whole).await;
    let calls = whole.cloud.calls().len() - before;
    let mut tried = 0;
    for call in 0..calls {
        for (name, moment, fault) in faults() {
            let when = format!("call {call}: {name}");
            let (world, volume) = littered(&database).await;
            world.cloud.fail_at(world.cloud.calls().len() + call, moment, fault);
            settle(&world).await;
            assert_eq!(world.held(), ["volume"], "{when}");
            assert!(world.holds(&volume), "{when}");
            for (kind, state) in world.ledger().await {
                assert_eq!(state, if kind == "volume" { "retained" } else { "gone" }, "{kind} {when}");
            }
            tried += 1;
        }
    }
    println!("{calls} calls x {} faults: {tried} runs, all ended well", faults().len());
}

#[tokio::test]
async fn an_account_that_can_not_be_looked_at_keeps_what_was_found_and_says_why() {
    let (world, _) = littered(&Arc::new(Database::fresh().await)).await;
    world.status("running").await;
    world.sql("DELETE FROM resource").await;
    let found = world.look().await.unwrap();
    assert_eq!(kinds(&found.strays).len(), 6);
    let cause = ApiError { code: "AccessDenied".into(), message: "no".into(), request_id: None };
    world.cloud.fail_always("list_region", Error::Denied { action: "ec2:DescribeInstances", message: "no".into(), cause });
    world.look().await.unwrap_err();
    let shown = world.store.account(&world.owner, &world.account.id).await.unwrap().reconciliation.unwrap();
    assert_eq!((shown.count, shown.checked_at), (6, found.checked_at));
    assert!(shown.problem.unwrap().contains("ec2:DescribeInstances was refused"));
    world.cloud.heal();
    assert_eq!(world.look().await.unwrap().problem, None);
}

#[tokio::test]
async fn accounts_take_turns_the_one_that_waits_longest_first() {
    let world = World::new().await;
    let (other, _) = testkit::account_and_plan(&world.store, &testkit::user()).await;
    let hour = Duration::from_secs(3600);
    world.sql(&format!("UPDATE account SET reconcile_at = now() - interval '1 minute' WHERE id = '{}'", other.id)).await;
    let turn = async || world.store.next_to_reconcile(hour, testkit::TERMS.calls).await.unwrap().map(|account| account.id);
    assert_eq!([turn().await, turn().await, turn().await], [Some(other.id.clone()), Some(world.account.id.clone()), None]);
    world.sql("UPDATE account SET reconcile_at = now() - interval '1 minute', status = 'failed'").await;
    assert_eq!(turn().await, None, "an account whose roles do not work is not looked at");
    world.sql(&format!("UPDATE account SET status = 'verified', removed_at = now() WHERE id = '{}'", other.id)).await;
    world.sql("UPDATE account SET status = 'verified' WHERE removed_at IS NULL").await;
    assert_eq!([turn().await, turn().await], [Some(world.account.id.clone()), None], "one that is unlinked is not entered");
}
