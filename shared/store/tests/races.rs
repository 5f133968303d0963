//! What two people, or one person in two windows, ask for at the same moment.
#![expect(clippy::unwrap_used, reason = "a test that can't go on should stop where it stands")]

use store::{Error, Store};
use testkit::{Database, account_and_plan, deed, user};

/// Two statements at once, of which the first holds the account's row while the second waits for it.
async fn at_once(first: impl AsyncFn(&Store), second: impl AsyncFn(&Store), database: &Database) {
    let superuser = database.superuser().await;
    superuser.batch_execute("BEGIN; SELECT FROM account FOR UPDATE").await.unwrap();
    let watcher = database.superuser().await;
    let until = async |count: i64| {
        let waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
        while watcher.query_one(waiting, &[]).await.unwrap().get::<_, i64>(0) < count {
            tokio::task::yield_now().await;
        }
    };
    let (one, other) = (database.store(), database.store());
    let later = async {
        until(1).await;
        second(&other).await;
    };
    let release = async {
        until(2).await;
        superuser.batch_execute("COMMIT").await.unwrap();
    };
    tokio::join!(first(&one), later, release);
}

#[tokio::test]
async fn a_deploy_and_the_end_of_its_account_do_not_pass_each_other() {
    for account_first in [true, false] {
        let database = Database::fresh().await;
        let (store, owner) = (database.store(), user());
        let (account, row) = account_and_plan(&store, &owner).await;
        let deploy = async |store: &Store| {
            let deployed = store.deploy(&deed(&owner), &row, &account.id, &row.plan).await;
            assert_eq!(matches!(deployed, Err(Error::NotFound)), account_first, "{deployed:?}");
        };
        let unlink = async |store: &Store| {
            let removed = store.remove_account(&deed(&owner), &account.id).await;
            assert_eq!(matches!(removed, Err(Error::InUse(_))), !account_first, "{removed:?}");
        };
        if account_first {
            at_once(unlink, deploy, &database).await
        } else {
            at_once(deploy, unlink, &database).await
        }
        let live = store.running(&owner, &row.id).await.unwrap().is_some();
        assert_eq!((live, store.account(&owner, &account.id).await.is_ok()), (!account_first, !account_first));
    }
}

#[tokio::test]
async fn a_deploy_and_the_end_of_its_person_do_not_pass_each_other() {
    let database = Database::fresh().await;
    let (store, owner) = (database.store(), user());
    let (account, row) = account_and_plan(&store, &owner).await;
    let deploy = async |store: &Store| drop(store.deploy(&deed(&owner), &row, &account.id, &row.plan).await.unwrap());
    let leave = async |store: &Store| assert!(matches!(store.delete_person(&deed(&owner)).await, Err(Error::InUse(_))));
    at_once(deploy, leave, &database).await;
    assert!(store.plan(&owner, &row.id).await.is_ok() && store.account(&owner, &account.id).await.is_ok(), "all stays as it is");
}
