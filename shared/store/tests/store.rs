//! The store against a real PostgreSQL, through PgBouncer in transaction mode.

use domain::{PlanId, Status};
use std::time::Duration;
use store::{Change, Error, Fulfilled, Lease, NewEvent, NewResource, Outcome, Terms, Then, Wish};
use testkit::{Database, TERMS, account_and_plan, deed, new_account, plan, user};

fn strand_of(message: &store::OutboxMessage) -> domain::StrandId {
    let body: serde_json::Value = serde_json::from_str(&message.body).expect("a message is JSON");
    body["strand"].as_str().and_then(|id| id.parse().ok()).expect("a message names its strand")
}

fn outcome(then: Then) -> Outcome {
    let stack = serde_json::json!({"name": "x"});
    Outcome {
        label: "next".into(),
        moved: true,
        stack,
        then,
        change: Change::default(),
        heeded: None,
        fulfilled: Fulfilled::default(),
        calls: 0,
    }
}

#[tokio::test]
async fn what_belongs_to_another_user_is_not_there() {
    let database = Database::fresh().await;
    let store = database.store();
    let (owner, stranger) = (user(), user());
    let (account, plan_row) = account_and_plan(&store, &owner).await;
    let deployed = store.deploy(&deed(&owner), &plan_row, &account.id, &plan_row.plan).await.unwrap().deployment;
    assert!(matches!(store.account(&stranger, &account.id).await, Err(Error::NotFound)));
    assert!(matches!(store.plan(&stranger, &plan_row.id).await, Err(Error::NotFound)));
    assert!(matches!(store.deployment(&stranger, &deployed.id).await, Err(Error::NotFound)));
    assert!(matches!(store.events(&stranger, &deployed.id, 10, None).await, Err(Error::NotFound)));
    assert!(matches!(store.request_destroy(&deed(&stranger), &deployed.id, None).await, Err(Error::NotFound)));
    assert!(store.plans(&stranger, 10, None).await.unwrap().is_empty());
    assert!(store.default_account(&stranger).await.unwrap().is_none());
    assert_eq!(store.deployment(&owner, &deployed.id).await.unwrap().status, Status::Deploying);
}

#[tokio::test]
async fn an_account_is_linked_once_and_used_once_verified() {
    let database = Database::fresh().await;
    let store = database.store();
    let owner = user();
    let account = store.create_account(&deed(&owner), &new_account()).await.unwrap();
    assert_eq!(account.status, "pending");
    assert!(store.default_account(&owner).await.unwrap().is_none());
    let twice = store.create_account(&deed(&owner), &new_account()).await;
    assert!(matches!(twice, Err(Error::Conflict(name)) if name == "account_owner_aws_account_id_key"));
    let failed = store.set_account_failed(&deed(&owner), &account.id, "no external id").await.unwrap();
    assert_eq!((failed.status.as_str(), failed.reason.as_deref()), ("failed", Some("no external id")));
    store.set_account_verified(&deed(&owner), &account.id, "arn:aws:iam::222222222222:role/cloudsail/CloudsailMonitor-1").await.unwrap();
    assert_eq!(store.default_account(&owner).await.unwrap().unwrap().id, account.id);
}

#[tokio::test]
async fn plans_page_in_a_stable_order_while_others_are_added() {
    let database = Database::fresh().await;
    let store = database.store();
    let owner = user();
    let mut ids = Vec::new();
    for _ in 0..5 {
        ids.push(store.create_plan(&deed(&owner), &PlanId::generate(), &plan()).await.unwrap().id);
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    let first: Vec<_> = store.plans(&owner, 2, None).await.unwrap().into_iter().map(|p| p.id).collect();
    store.create_plan(&deed(&owner), &PlanId::generate(), &plan()).await.unwrap();
    let second: Vec<_> = store.plans(&owner, 2, first.last()).await.unwrap().into_iter().map(|p| p.id).collect();
    ids.reverse();
    assert_eq!([first, second].concat(), ids[..4]);
}

#[tokio::test]
async fn two_deploys_at_once_make_one_deployment() {
    let database = Database::fresh().await;
    let owner = user();
    let (account, row) = account_and_plan(&database.store(), &owner).await;
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..6 {
        let (store, owner, row, account) = (database.store(), owner.clone(), row.clone(), account.id.clone());
        tasks.spawn(async move { store.deploy(&deed(&owner), &row, &account, &row.plan).await.unwrap() });
    }
    let all = tasks.join_all().await;
    assert_eq!(all.iter().filter(|d| d.created).count(), 1);
    assert!(all.iter().all(|d| d.deployment.id == all[0].deployment.id));
    assert_eq!(database.store().plan(&owner, &row.id).await.unwrap().deployment, Some(all[0].deployment.id.clone()));
}

#[tokio::test]
async fn a_strand_is_run_by_one_worker_and_its_step_is_stored_whole() {
    let database = Database::fresh().await;
    let (one, two) = (database.store(), database.store());
    let owner = user();
    let (account, row) = account_and_plan(&one, &owner).await;
    let deployed = one.deploy(&deed(&owner), &row, &account.id, &row.plan).await.unwrap();
    let strand = strand_of(&deployed.outbox[0]);
    let leased = one.lease(&strand, "token-1", &TERMS).await.unwrap().held().unwrap();
    assert_eq!((leased.label.as_str(), leased.attempts, leased.link.external_id.as_str()), ("start", 1, "ext-1"));
    assert!(two.lease(&strand, "token-2", &TERMS).await.unwrap().held().is_none());

    let mut step = outcome(Then::Sleep(Duration::from_secs(5)));
    step.change.status = Some(Status::Running);
    step.change.healthy = true;
    step.change.events.push(NewEvent { kind: "info", step: None, message: "hello".into() });
    assert!(two.transition(&strand, "token-2", &TERMS, &step).await.unwrap().is_none(), "a lease that is not held stores nothing");
    assert_eq!(one.deployment(&owner, &leased.deployment.id).await.unwrap().status, Status::Deploying);

    let stored = one.transition(&strand, "token-1", &TERMS, &step).await.unwrap().unwrap();
    assert!(!stored.held);
    assert_eq!(stored.outbox[0].delay_s, 5);
    let after = one.deployment(&owner, &leased.deployment.id).await.unwrap();
    assert_eq!(after.status, Status::Running);
    assert!(after.last_ok_at.is_some());
    assert_eq!(one.events(&owner, &after.id, 10, None).await.unwrap()[0].message, "hello");
    assert!(one.lease(&strand, "token-3", &TERMS).await.unwrap().held().is_none(), "it sleeps");
}

#[tokio::test]
async fn a_lease_that_ended_is_taken_over() {
    let database = Database::fresh().await;
    let store = database.store();
    let owner = user();
    let (account, row) = account_and_plan(&store, &owner).await;
    let strand = strand_of(&store.deploy(&deed(&owner), &row, &account.id, &row.plan).await.unwrap().outbox[0]);
    let short = Terms { lease: Duration::from_millis(50), ..TERMS };
    store.lease(&strand, "dead", &short).await.unwrap().held().unwrap();
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(store.lease(&strand, "next", &TERMS).await.unwrap().held().unwrap().attempts, 2);
    assert!(store.transition(&strand, "dead", &TERMS, &outcome(Then::Continue)).await.unwrap().is_none());
}

#[tokio::test]
async fn what_its_plan_protects_is_not_destroyed() {
    let database = Database::fresh().await;
    let (store, owner) = (database.store(), user());
    let (account, row) = account_and_plan(&store, &owner).await;
    let id = store.deploy(&deed(&owner), &row, &account.id, &row.plan).await.unwrap().deployment.id;
    let mut plan = row.plan.clone();
    plan.components[0].protect = true;
    let row = store.update_plan(&deed(&owner), &row.id, row.version, &plan).await.unwrap();
    let refused = store.request_destroy(&deed(&owner), &id, None).await;
    assert!(matches!(&refused, Err(Error::Protected(plan)) if *plan == row.id.to_string()), "{refused:?}");
    assert_eq!(store.deployment(&owner, &id).await.unwrap().status, Status::Deploying);
    assert!(matches!(store.request_destroy(&deed(&user()), &id, None).await, Err(Error::NotFound)), "nobody else learns that it is there");

    plan.components[0].protect = false;
    store.update_plan(&deed(&owner), &row.id, row.version, &plan).await.unwrap();
    assert_eq!(store.request_destroy(&deed(&owner), &id, None).await.unwrap().deployment.status, Status::Destroying);
}

#[tokio::test]
async fn a_destroy_that_arrives_during_a_step_is_not_slept_through() {
    let database = Database::fresh().await;
    let store = database.store();
    let owner = user();
    let (account, row) = account_and_plan(&store, &owner).await;
    let deployed = store.deploy(&deed(&owner), &row, &account.id, &row.plan).await.unwrap();
    let strand = strand_of(&deployed.outbox[0]);
    store.lease(&strand, "token", &TERMS).await.unwrap().held().unwrap();
    let destroying = store.request_destroy(&deed(&owner), &deployed.deployment.id, None).await.unwrap();
    assert_eq!((destroying.deployment.status, destroying.outbox.len()), (Status::Destroying, 1));
    let mut step = outcome(Then::Sleep(Duration::from_secs(600)));
    step.change.status = Some(Status::Running);
    let stored = store.transition(&strand, "token", &TERMS, &step).await.unwrap().unwrap();
    assert!(stored.wish == Some(Wish::Destroy) && stored.held && stored.outbox.is_empty());
    assert_eq!(store.deployment(&owner, &deployed.deployment.id).await.unwrap().status, Status::Destroying);

    let mut last = outcome(Then::Exit);
    (last.heeded, last.change.status, last.change.destroyed) = (Some(Wish::Destroy), Some(Status::NotDeployed), true);
    store.transition(&strand, "token", &TERMS, &last).await.unwrap().unwrap();
    let gone = store.deployment(&owner, &deployed.deployment.id).await.unwrap();
    assert_eq!(gone.status, Status::NotDeployed);
    assert!(gone.destroyed_at.is_some());
    assert_eq!(store.request_destroy(&deed(&owner), &gone.id, None).await.unwrap().deployment.status, Status::NotDeployed);
    assert!(store.deploy(&deed(&owner), &row, &account.id, &row.plan).await.unwrap().created, "the plan can be deployed again");
}

#[tokio::test]
async fn deploying_again_wakes_what_stands_at_an_issue() {
    let database = Database::fresh().await;
    let store = database.store();
    let owner = user();
    let (account, row) = account_and_plan(&store, &owner).await;
    let strand = strand_of(&store.deploy(&deed(&owner), &row, &account.id, &row.plan).await.unwrap().outbox[0]);
    store.lease(&strand, "token", &TERMS).await.unwrap().held().unwrap();
    let mut step = outcome(Then::Sleep(Duration::from_secs(86_400)));
    (step.change.status, step.change.reason) = (Some(Status::Issue), Some("no capacity".into()));
    store.transition(&strand, "token", &TERMS, &step).await.unwrap().unwrap();
    let again = store.deploy(&deed(&owner), &row, &account.id, &row.plan).await.unwrap();
    assert_eq!((again.created, again.outbox.len(), again.deployment.status, again.deployment.reason), (false, 1, Status::Deploying, None));
    assert_eq!(store.lease(&strand, "next", &TERMS).await.unwrap().held().unwrap().label, "start");
}

#[tokio::test]
async fn the_sweep_finds_what_was_lost_and_leaves_what_is_under_way() {
    let database = Database::fresh().await;
    let store = database.store();
    let owner = user();
    let (account, row) = account_and_plan(&store, &owner).await;
    let deployed = store.deploy(&deed(&owner), &row, &account.id, &row.plan).await.unwrap();
    assert!(store.due(10).await.unwrap().is_empty(), "it is under way");
    let superuser = database.superuser().await;
    superuser.batch_execute("UPDATE outbox SET created_at = now() - interval '1 minute'").await.unwrap();
    superuser.batch_execute("UPDATE strand SET wake_at = now() - interval '1 minute'").await.unwrap();
    let due = store.due(10).await.unwrap();
    assert_eq!(due.len(), 1, "one message for one strand: {due:?}");
    store.outbox_sent(&[due[0].id]).await.unwrap();
    let asleep = store.due(10).await.unwrap();
    assert_eq!(strand_of(&asleep[0]), strand_of(&deployed.outbox[0]));
}

#[tokio::test]
async fn the_ledger_keeps_one_line_a_resource() {
    let database = Database::fresh().await;
    let store = database.store();
    let owner = user();
    let (account, row) = account_and_plan(&store, &owner).await;
    let id = store.deploy(&deed(&owner), &row, &account.id, &row.plan).await.unwrap().deployment.id;
    let volume = NewResource { kind: "volume", name: "data", client_token: "t" };
    store.ledger_plan(&id, volume).await.unwrap();
    store.ledger_plan(&id, volume).await.unwrap();
    store.ledger_present(&id, "volume", "data", "vol-1").await.unwrap();
    store.ledger_plan(&id, volume).await.unwrap();
    store.ledger_retained(&id, "volume", "2027-01-01".parse().unwrap()).await.unwrap();
    let ledger = store.ledger(&id).await.unwrap();
    assert_eq!(ledger.len(), 1);
    assert_eq!((ledger[0].state.as_str(), ledger[0].external_id.as_deref()), ("retained", Some("vol-1")));
}

#[tokio::test]
async fn a_database_that_is_gone_is_called_unavailable_and_comes_back() {
    let database = Database::fresh().await;
    let gone = database.store_that_is_gone();
    assert!(matches!(gone.plans(&user(), 1, None).await, Err(Error::Unavailable(_))));
    let store = database.store();
    store.plans(&user(), 1, None).await.unwrap();
    let superuser = database.superuser().await;
    let kill = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'cloudsail' AND datname = current_database()";
    superuser.batch_execute(kill).await.unwrap();
    let mut answers = Vec::new();
    for _ in 0..3 {
        answers.push(store.plans(&user(), 1, None).await);
    }
    assert!(answers.last().unwrap().is_ok(), "{answers:?}");
    assert!(answers.iter().all(|answer| !matches!(answer, Err(Error::Invalid(_)))), "{answers:?}");
}

/// Deployments of one customer in one account, by their strands.
async fn several(store: &store::Store, count: usize) -> Vec<domain::StrandId> {
    let owner = user();
    let (account, row) = account_and_plan(store, &owner).await;
    let mut strands = Vec::new();
    for _ in 0..count {
        let row = store.create_plan(&deed(&owner), &PlanId::generate(), &row.plan).await.expect("a plan");
        let deployed = store.deploy(&deed(&owner), &row, &account.id, &row.plan).await.expect("a deployment");
        strands.push(strand_of(&deployed.outbox[0]));
    }
    strands
}

#[tokio::test]
async fn a_customer_has_a_fair_share_of_the_workers_and_who_waits_comes_in_its_turn() {
    let database = Database::fresh().await;
    let store = database.store();
    let terms = Terms { shared_workers: 2, ..TERMS };
    let (many, one) = (several(&store, 5).await, several(&store, 1).await);
    for strand in &many[..2] {
        assert!(matches!(store.lease(strand, "a", &terms).await.unwrap(), Lease::Held(_)), "alone, a customer has all that is shared");
    }
    for strand in &many[2..] {
        assert!(matches!(store.lease(strand, "b", &terms).await.unwrap(), Lease::InLine));
    }
    assert!(matches!(store.lease(&one[0], "c", &terms).await.unwrap(), Lease::Held(_)), "another customer need not wait for them");

    let stored = store.transition(&many[0], "a", &terms, &outcome(Then::Sleep(Duration::from_secs(60)))).await.unwrap().unwrap();
    let told: Vec<_> = stored.outbox.iter().map(|message| (strand_of(message), message.delay_s)).collect();
    assert_eq!(told.len(), 2);
    for expected in [(many[0].clone(), 60), (many[2].clone(), 0)] {
        assert!(told.contains(&expected), "its own wake-up, and the oldest in line: {told:?}");
    }
    assert!(matches!(store.lease(&many[2], "d", &terms).await.unwrap(), Lease::InLine), "two customers have one each");
    store.transition(&one[0], "c", &terms, &outcome(Then::Exit)).await.unwrap().unwrap();
    database.superuser().await.batch_execute("UPDATE strand SET wake_at = now() WHERE place_in_line IS NOT NULL").await.unwrap();
    assert!(matches!(store.lease(&many[2], "d", &terms).await.unwrap(), Lease::Held(_)), "what nobody else wants is theirs again");
    assert!(matches!(store.lease(&many[3], "e", &terms).await.unwrap(), Lease::InLine));
}

#[tokio::test]
async fn an_account_that_was_called_enough_is_left_alone_until_that_is_paid() {
    let database = Database::fresh().await;
    let store = database.store();
    let terms = Terms { calls: config::Rate { per_second: 1.0, burst: 1000.0 }, ..TERMS };
    let (busy, other) = (several(&store, 3).await, several(&store, 1).await);
    let calls = |calls| Outcome { calls, ..outcome(Then::Continue) };
    store.lease(&busy[0], "a", &terms).await.unwrap().held().unwrap();
    store.lease(&busy[1], "b", &terms).await.unwrap().held().unwrap();
    assert!(store.transition(&busy[0], "a", &terms, &calls(700)).await.unwrap().unwrap().held, "that many are allowed at once");
    let Lease::PutOff(message) = store.lease(&busy[2], "c", &terms).await.unwrap() else {
        panic!("what has not begun leaves half of the calls to what has")
    };
    assert!((190..=220).contains(&message.delay_s), "200 more than half, and up to 20 s: {}", message.delay_s);

    let stored = store.transition(&busy[0], "a", &terms, &calls(400)).await.unwrap().unwrap();
    assert!(!stored.held, "100 more than are allowed: it goes on once they are paid");
    assert!((90..=100).contains(&stored.outbox[0].delay_s), "{}", stored.outbox[0].delay_s);
    let failed = Outcome { moved: false, ..calls(1) };
    assert!(!store.transition(&busy[1], "b", &terms, &failed).await.unwrap().unwrap().held, "whichever strand of the account it is");
    database.superuser().await.batch_execute("UPDATE strand SET wake_at = now()").await.unwrap();
    assert!(matches!(store.lease(&busy[0], "d", &terms).await.unwrap(), Lease::PutOff(_)), "woken too early, it waits on");
    assert!(matches!(store.lease(&other[0], "e", &terms).await.unwrap(), Lease::Held(_)), "another account has calls of its own");
}

#[tokio::test]
async fn what_calls_an_account_beside_deployments_is_paid_from_the_same_bucket() {
    let database = Database::fresh().await;
    let (store, owner) = (database.store(), user());
    let (account, plan) = account_and_plan(&store, &owner).await;
    let hour = Duration::from_secs(3600);
    let rate = config::Rate { per_second: 1.0, burst: 1000.0 };
    let due = "UPDATE account SET status = 'verified', monitor_role_arn = 'arn', reconcile_at = now()";
    database.superuser().await.batch_execute(due).await.unwrap();

    store.called(&account.id, 900, rate).await.unwrap();
    assert_eq!(store.calls_wait(&account.id, rate).await.unwrap(), None, "that many are allowed at once");
    store.called(&account.id, 300, rate).await.unwrap();
    let wait = store.calls_wait(&account.id, rate).await.unwrap().unwrap();
    assert!((190..=200).contains(&wait.as_secs()), "200 more than are allowed: {wait:?}");
    assert!(store.next_to_reconcile(hour, rate).await.unwrap().is_none(), "nobody looks through it until they are paid");
    store.deploy(&deed(&owner), &plan, &account.id, &plan.plan).await.unwrap();
    let strand = database.superuser().await.query_one("SELECT id FROM strand", &[]).await.unwrap().get::<_, String>(0).parse().unwrap();
    let terms = Terms { calls: rate, ..TERMS };
    assert!(matches!(store.lease(&strand, "a", &terms).await.unwrap(), Lease::PutOff(_)), "nor is anything deployed there");

    database.superuser().await.batch_execute("UPDATE account SET calls_until = now()").await.unwrap();
    assert_eq!(store.next_to_reconcile(hour, rate).await.unwrap().map(|account| account.id), Some(account.id));
}

#[tokio::test]
async fn a_row_that_is_locked_for_a_moment_is_waited_for() {
    let database = Database::fresh().await;
    let store = database.store();
    let strand = several(&store, 1).await.remove(0);
    let other = database.superuser().await;
    other.batch_execute(&format!("BEGIN; SELECT FROM strand WHERE id = '{strand}' FOR UPDATE")).await.unwrap();
    let leasing = tokio::spawn(async move { store.lease(&strand, "a", &TERMS).await.unwrap() });
    tokio::time::sleep(Duration::from_millis(100)).await;
    other.batch_execute("COMMIT").await.unwrap();
    assert!(matches!(leasing.await.unwrap(), Lease::Held(_)), "the message that asked for it would not come again");
}
