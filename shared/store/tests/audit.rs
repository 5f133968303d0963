//! The audit log: a line for each change, none without one, and nobody who could take it back.

use domain::{PlanId, Subject, UserId};
use store::{AuditLine, Deed, Error, Store};
use testkit::{Database, account_and_plan, deed, new_account, plan, user};
use tokio_postgres::error::SqlState;

const MONITOR: &str = "arn:aws:iam::222222222222:role/cloudsail/CloudsailMonitor";

/// Action and subject of all that the person did, oldest first.
async fn log(store: &Store, person: &UserId) -> Vec<(String, String)> {
    let mut lines = store.audit_lines(person, 100, None, None).await.expect("the log");
    lines.reverse();
    lines.into_iter().map(|line| (line.action, line.subject)).collect()
}

fn lines(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(action, subject)| ((*action).to_owned(), (*subject).to_owned())).collect()
}

#[tokio::test]
async fn each_change_leaves_one_line_and_what_changes_nothing_leaves_none() {
    let database = Database::fresh().await;
    let (store, owner) = (database.store(), user());
    let deed = deed(&owner);
    let account = store.create_account(&deed, &new_account()).await.unwrap().id;
    store.create_account(&deed, &new_account()).await.unwrap_err();
    for _ in 0..2 {
        let failed = store.set_account_failed(&deed, &account, "no external id").await.unwrap();
        assert_eq!((failed.status.as_str(), failed.reason.as_deref()), ("failed", Some("no external id")));
    }
    store.begin_reconcile(&deed, &account, std::time::Duration::ZERO).await.unwrap();
    store.set_account_verified(&deed, &account, MONITOR).await.unwrap();
    store.begin_reconcile(&deed, &account, std::time::Duration::ZERO).await.unwrap();

    let row = store.create_plan(&deed, &PlanId::generate(), &plan()).await.unwrap();
    let newer = store.update_plan(&deed, &row.id, row.version, &row.plan).await.unwrap();
    assert!(matches!(store.update_plan(&deed, &row.id, row.version, &row.plan).await, Err(Error::Stale(2))));

    let deployment = store.deploy(&deed, &newer, &account, &row.plan).await.unwrap().deployment.id;
    assert!(!store.deploy(&deed, &newer, &account, &row.plan).await.unwrap().created);
    assert!(matches!(store.delete_plan(&deed, &row.id).await, Err(Error::InUse(_))));
    assert!(matches!(store.remove_account(&deed, &account).await, Err(Error::InUse(_))));
    store.note_reveal(&deed, &deployment).await.unwrap();
    store.note_reveal(&deed, &deployment).await.unwrap();
    let superuser = database.superuser().await;
    superuser.batch_execute("UPDATE deployment SET status = 'issue'").await.unwrap();
    store.deploy(&deed, &newer, &account, &row.plan).await.unwrap();
    for _ in 0..2 {
        store.request_cancel(&deed, &deployment).await.unwrap();
    }
    for _ in 0..2 {
        store.request_destroy(&deed, &deployment, None).await.unwrap();
    }
    assert!(store.request_undelete(&deed, &deployment).await.unwrap().is_none());
    superuser.batch_execute("UPDATE deployment SET status = 'not_deployed', destroyed_at = now()").await.unwrap();
    store.request_destroy(&deed, &deployment, None).await.unwrap();
    store.delete_plan(&deed, &row.id).await.unwrap();
    store.delete_plan(&deed, &row.id).await.unwrap_err();
    store.remove_account(&deed, &account).await.unwrap();
    store.remove_account(&deed, &account).await.unwrap_err();

    let (account, plan, deployment) = (account.as_str(), row.id.as_str(), deployment.as_str());
    let expected = lines(&[
        ("account-create", account),
        ("account-verify", account),
        ("account-verify", account),
        ("account-reconcile", account),
        ("plan-create", plan),
        ("plan-update", plan),
        ("plan-deploy", deployment),
        ("deployment-connection-reveal", deployment),
        ("deployment-connection-reveal", deployment),
        ("plan-deploy", deployment),
        ("deployment-cancel", deployment),
        ("deployment-delete", deployment),
        ("plan-delete", plan),
        ("account-delete", account),
    ]);
    assert_eq!(log(&store, &owner).await, expected);
}

#[tokio::test]
async fn a_person_is_deleted_with_all_that_is_theirs_by_one_line_or_not_at_all() {
    let database = Database::fresh().await;
    let (store, owner) = (database.store(), user());
    let (account, row) = account_and_plan(&store, &owner).await;
    store.create_plan(&deed(&owner), &PlanId::generate(), &plan()).await.unwrap();
    let live = store.deploy(&deed(&owner), &row, &account.id, &row.plan).await.unwrap().deployment.id;
    let before = log(&store, &owner).await;
    let refused = store.delete_person(&deed(&owner)).await;
    assert!(matches!(refused, Err(Error::InUse(id)) if id == live.as_str()));
    assert_eq!((store.plans(&owner, 5, None).await.unwrap().len(), log(&store, &owner).await), (2, before.clone()));
    database.superuser().await.batch_execute("UPDATE deployment SET status = 'not_deployed', destroyed_at = now()").await.unwrap();
    for _ in 0..2 {
        store.delete_person(&deed(&owner)).await.unwrap();
    }
    assert!(store.plans(&owner, 5, None).await.unwrap().is_empty() && store.accounts(&owner, 5, None).await.unwrap().is_empty());
    assert_eq!(log(&store, &owner).await[before.len()..], lines(&[("me-delete", owner.as_str())]));
}

#[tokio::test]
async fn a_line_says_who_when_and_from_where() {
    let database = Database::fresh().await;
    let (store, owner) = (database.store(), user());
    let deed = Deed { actor: owner.clone(), request_id: "JKJaXmPLvHcESHA=".into(), address: Some("2001:db8::7".into()) };
    let begun = jiff::Timestamp::now();
    let id = store.create_plan(&deed, &PlanId::generate(), &plan()).await.unwrap().id;
    let nowhere = Deed { address: None, ..deed };
    store.delete_plan(&nowhere, &id).await.unwrap();
    let all = store.audit_lines(&owner, 10, None, None).await.unwrap();
    let said = |line: &AuditLine| (line.action.clone(), line.subject.clone(), line.request_id.clone(), line.address.clone());
    let (plan, request) = (id.to_string(), "JKJaXmPLvHcESHA=".to_owned());
    assert_eq!(said(&all[0]), ("plan-delete".into(), plan.clone(), request.clone(), None));
    assert_eq!(said(&all[1]), ("plan-create".into(), plan, request, Some("2001:db8::7".into())));
    // The clock is one: PostgreSQL runs on this machine.
    assert!(all.iter().all(|line| (begun..=jiff::Timestamp::now()).contains(&line.at)), "{all:?}");
}

#[tokio::test]
async fn what_a_stranger_is_refused_is_not_said_to_have_happened() {
    let database = Database::fresh().await;
    let (store, owner, stranger) = (database.store(), user(), user());
    let (account, row) = account_and_plan(&store, &owner).await;
    let deployment = store.deploy(&deed(&owner), &row, &account.id, &row.plan).await.unwrap().deployment.id;
    let before = log(&store, &owner).await;
    let theirs = deed(&stranger);
    let refused = [
        store.set_account_verified(&theirs, &account.id, MONITOR).await.map(drop),
        store.set_account_failed(&theirs, &account.id, "mine").await.map(drop),
        store.remove_account(&theirs, &account.id).await,
        store.update_plan(&theirs, &row.id, 1, &row.plan).await.map(drop),
        store.delete_plan(&theirs, &row.id).await,
        store.note_reveal(&theirs, &deployment).await,
        store.request_cancel(&theirs, &deployment).await.map(drop),
        store.request_destroy(&theirs, &deployment, None).await.map(drop),
        store.request_undelete(&theirs, &deployment).await.map(drop),
    ];
    for (place, refusal) in refused.iter().enumerate() {
        assert!(matches!(refusal, Err(Error::NotFound)), "{place}: {refusal:?}");
    }
    assert_eq!((log(&store, &owner).await, log(&store, &stranger).await), (before, vec![]));
}

#[tokio::test]
async fn a_protected_destroy_is_refused_and_not_noted() {
    let database = Database::fresh().await;
    let (store, owner) = (database.store(), user());
    let (account, row) = account_and_plan(&store, &owner).await;
    let deployment = store.deploy(&deed(&owner), &row, &account.id, &row.plan).await.unwrap().deployment.id;
    let mut plan = row.plan.clone();
    plan.components[0].protect = true;
    store.update_plan(&deed(&owner), &row.id, row.version, &plan).await.unwrap();
    assert!(matches!(store.request_destroy(&deed(&owner), &deployment, None).await, Err(Error::Protected(_))));
    assert!(!log(&store, &owner).await.iter().any(|(action, _)| action == "deployment-delete"));
}

#[tokio::test]
async fn of_many_at_once_the_one_that_changes_something_is_noted() {
    let database = Database::fresh().await;
    let (store, owner) = (database.store(), user());
    let (account, row) = account_and_plan(&store, &owner).await;
    let mut deploys = tokio::task::JoinSet::new();
    for _ in 0..6 {
        let (store, deed, row, account) = (database.store(), deed(&owner), row.clone(), account.id.clone());
        deploys.spawn(async move { store.deploy(&deed, &row, &account, &row.plan).await.unwrap().deployment.id });
    }
    let deployment = deploys.join_all().await.remove(0);
    // All of them have begun before the first can end.
    let superuser = database.superuser().await;
    superuser.batch_execute("BEGIN; SELECT FROM deployment FOR UPDATE").await.unwrap();
    let mut destroys = tokio::task::JoinSet::new();
    for _ in 0..6 {
        let (store, deed, id) = (database.store(), deed(&owner), deployment.clone());
        destroys.spawn(async move { store.request_destroy(&deed, &id, None).await.unwrap() });
    }
    let watcher = database.superuser().await;
    let waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    while watcher.query_one(waiting, &[]).await.unwrap().get::<_, i64>(0) < 6 {
        tokio::task::yield_now().await;
    }
    superuser.batch_execute("COMMIT").await.unwrap();
    assert!(destroys.join_all().await.iter().all(|asked| asked.deployment.status == domain::Status::Destroying));
    let actions: Vec<_> = log(&store, &owner).await.into_iter().map(|(action, _)| action).collect();
    assert_eq!(actions, ["account-create", "account-verify", "plan-create", "plan-deploy", "deployment-delete"]);
}

#[tokio::test]
async fn lines_page_newest_first_and_by_subject_and_are_ones_own() {
    let database = Database::fresh().await;
    let (store, owner, other) = (database.store(), user(), user());
    let deed = deed(&owner);
    let (first, second) = (PlanId::generate(), PlanId::generate());
    store.create_plan(&deed, &first, &plan()).await.unwrap();
    account_and_plan(&store, &other).await;
    store.create_plan(&deed, &second, &plan()).await.unwrap();
    store.delete_plan(&deed, &first).await.unwrap();
    let page = store.audit_lines(&owner, 2, None, None).await.unwrap();
    store.delete_plan(&deed, &second).await.unwrap();
    let rest = store.audit_lines(&owner, 2, page.last().map(|line| line.place), None).await.unwrap();
    let subjects: Vec<_> = page.iter().chain(&rest).map(|line| line.subject.as_str()).collect();
    assert_eq!(subjects, [first.as_str(), second.as_str(), first.as_str()], "and not what came after the first page");
    let subject: Subject = first.as_str().parse().unwrap();
    let of_one = store.audit_lines(&owner, 10, None, Some(&subject)).await.unwrap();
    assert_eq!(of_one.iter().map(|line| line.action.as_str()).collect::<Vec<_>>(), ["plan-delete", "plan-create"]);
    assert!(store.audit_lines(&other, 10, None, Some(&subject)).await.unwrap().is_empty());
}

#[tokio::test]
async fn the_functions_may_add_to_the_log_and_read_it_and_no_more() {
    let database = Database::fresh().await;
    let (store, owner) = (database.store(), user());
    account_and_plan(&store, &owner).await;
    let superuser = database.superuser().await;
    let forbidden =
        ["CREATE TABLE public.x (i int)", "DROP TABLE plan", "DELETE FROM audit", "UPDATE audit SET actor = 'you'", "TRUNCATE audit"];
    for sql in forbidden {
        let error = superuser.batch_execute(&format!("SET ROLE cloudsail; {sql}")).await.expect_err(sql);
        assert_eq!(error.code(), Some(&SqlState::INSUFFICIENT_PRIVILEGE), "{sql}");
        superuser.batch_execute("RESET ROLE").await.unwrap();
    }
    assert_eq!(log(&store, &owner).await.len(), 3);
}
