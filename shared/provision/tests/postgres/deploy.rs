//! The program of a single PostgreSQL, with every call to the cloud failing in turn, and the worker dying at every call.

use crate::harness::{World, booting, ready, says};
use clouds::memory::{Fault, Moment, Pace};
use clouds::{ApiError, Cloud, Error};
use domain::Status;
use serde_json::json;
use std::sync::atomic::Ordering;
use testkit::{Database, deed};

fn cause(code: &str) -> ApiError {
    ApiError { code: code.into(), message: "told to".into(), request_id: None }
}

/// What can go wrong with any call and be over a moment later.
pub fn faults() -> [(&'static str, Moment, Fault); 5] {
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

/// How many calls a deploy, and the destroy after it, make when nothing goes wrong.
async fn calls(database: &Database) -> (usize, usize) {
    let world = World::deployed(database, Pace::default()).await;
    world.drive(Status::Running).await;
    world.assert_one_of_each("nothing went wrong").await;
    let deploy = world.cloud.calls().len();
    world.destroy().await;
    world.drive(Status::NotDeployed).await;
    world.assert_nothing_left(true, "nothing went wrong").await;
    (deploy, world.cloud.calls().len())
}

#[tokio::test]
async fn a_fault_at_any_call_changes_neither_what_runs_nor_what_is_left() {
    let database = Database::fresh().await;
    let (deploy, all) = calls(&database).await;
    let mut tried = 0;
    for call in 0..all {
        for (name, moment, fault) in faults() {
            let world = World::deployed(&database, Pace::default()).await;
            world.cloud.fail_at(call, moment, fault);
            let running = world.drive(Status::Running).await;
            let when = format!("call {call} of the deploy and destroy: {name}");
            world.assert_one_of_each(&when).await;
            assert_eq!(running.connection.unwrap().host, "172.31.0.10", "{when}");
            world.destroy().await;
            world.drive(Status::NotDeployed).await;
            world.assert_nothing_left(true, &when).await;
            assert!(world.cloud.calls().len() > call, "the fault was met: {when}");
            tried += 1;
        }
    }
    println!("{deploy} calls of deploy and {} of destroy x {} faults: {tried} runs, all ended well", all - deploy, faults().len());
}

#[tokio::test]
async fn the_ledger_knows_of_each_thing_before_it_is_made() {
    let database = Database::fresh().await;
    let world = World::deployed(&database, Pace::default()).await;
    world.drive(Status::Running).await;
    let calls = world.cloud.calls();
    let made = [
        ("ensure_security_group", "security_group"),
        ("ensure_secret", "secret"),
        ("ensure_role", "role"),
        ("ensure_volume", "volume"),
        ("ensure_instance", "instance"),
    ];
    for (call, kind) in made {
        let world = World::deployed(&database, Pace::default()).await;
        world.cloud.fail_at(calls.iter().position(|made| *made == call).unwrap(), Moment::After, Fault::Kill);
        while world.turn().await != engine::End::Lost {
            world.wake().await;
        }
        let ledger = world.store.ledger(&world.id).await.unwrap();
        let line = ledger.iter().find(|line| line.kind == kind).unwrap_or_else(|| panic!("{call}: no line, though it is made"));
        assert_eq!((line.state.as_str(), &line.external_id), ("planned", &None), "{call}");
    }
}

#[tokio::test]
async fn what_comes_next_is_told_and_nothing_of_it_once_it_is_over() {
    let database = Database::fresh().await;
    let world = World::deployed(&database, Pace::default()).await;
    let told = async || {
        let steps = world.now().await.steps;
        let word = |step: &serde_json::Value| format!("{} {}", step["name"].as_str().unwrap(), step["state"].as_str().unwrap());
        steps.as_array().unwrap().iter().map(word).collect::<Vec<_>>()
    };
    world.drive_to("attach").await;
    let begun = ["prepare done", "network done", "secret done", "role done", "volume done"];
    assert_eq!(told().await, [&begun[..], &["machine running", "boot waiting", "install waiting"]].concat());
    world.drive(Status::Running).await;
    assert_eq!(told().await, [&begun[..], &["machine done", "boot done", "install done"]].concat());
    world.destroy().await;
    world.drive_to("destroy_machine").await;
    assert_eq!(told().await[8..], ["terminate running", "keep waiting", "clean waiting", "prove waiting"]);
}

#[tokio::test]
async fn every_step_may_run_twice() {
    let database = Database::fresh().await;
    let mut world = World::deployed(&database, Pace::default()).await;
    world.twice = true;
    world.drive(Status::Running).await;
    world.assert_one_of_each("each step ran twice").await;
    world.destroy().await;
    world.drive(Status::NotDeployed).await;
    world.assert_nothing_left(true, "each step ran twice").await;
}

#[tokio::test]
async fn a_destroy_pre_empts_a_deploy_at_any_call() {
    let database = Database::fresh().await;
    let (deploy, _) = calls(&database).await;
    for call in 0..deploy {
        for moment in [Moment::Before, Moment::After] {
            let world = World::deployed(&database, Pace::default()).await;
            world.cloud.fail_at(call, moment, Fault::Kill);
            while world.turn().await != engine::End::Lost {
                world.wake().await;
            }
            world.destroy().await;
            world.wake().await;
            let gone = world.drive(Status::NotDeployed).await;
            world.assert_nothing_left(false, &format!("destroyed at call {call} of the deploy, {moment:?}")).await;
            assert_eq!(gone.last_ok_at, None);
        }
    }
}

#[tokio::test]
async fn a_step_costs_at_most_three_round_trips_beside_its_ledger_writes() {
    let database = Database::fresh().await;
    let world = World::deployed(&database, Pace::default()).await;
    world.drive(Status::Running).await;
    world.destroy().await;
    world.drive(Status::NotDeployed).await;
    let counts = &world.counts;
    let (steps, around) = (counts.steps.load(Ordering::Relaxed), counts.around.load(Ordering::Relaxed));
    println!("{steps} steps: {around} round trips beside {} ledger writes", counts.within.load(Ordering::Relaxed));
    assert!(steps > 10 && around <= 3 * steps, "{around} round trips for {steps} steps");
    // A step writes a line before its call and one after it; the last part of a destroy closes three.
    assert_eq!(counts.most_within.load(Ordering::Relaxed), 3);
    // A nap is a whole invocation for one step: lease, transition, outbox. It is the dearest there is.
    world_that_naps(&database).await;
}

async fn world_that_naps(database: &Database) {
    let world = World::deployed(database, Pace { running_after: 1000, ..Pace::default() }).await;
    for _ in 0..3 {
        world.turn().await;
        world.wake().await;
    }
    let before = (world.counts.steps.load(Ordering::Relaxed), world.counts.around.load(Ordering::Relaxed));
    world.turn().await;
    let after = (world.counts.steps.load(Ordering::Relaxed), world.counts.around.load(Ordering::Relaxed));
    assert_eq!((after.0 - before.0, after.1 - before.1), (1, 3));
}

#[tokio::test]
async fn a_machine_that_never_comes_up_is_an_issue_by_the_deadline_and_can_be_deleted() {
    let database = Database::fresh().await;
    let slow = |pace: Pace| World::deployed(&database, pace);
    let never_runs = slow(Pace { running_after: 1000, ..Pace::default() }).await;
    let never_managed = slow(Pace { managed_after: 1000, ..Pace::default() }).await;
    let never_ready = slow(Pace::default()).await;
    never_ready.cloud.on_command(|_| says(booting()));
    let never_answers = slow(Pace { command_after: 1000, ..Pace::default() }).await;
    for (world, says) in [
        (never_runs, "Starting the machine"),
        (never_managed, "did not answer"),
        (never_ready, "install"),
        (never_answers, "Installing and starting PostgreSQL"),
    ] {
        for _ in 0..5 {
            world.turn().await;
            world.wake().await;
        }
        assert_eq!(world.now().await.status, Status::Deploying, "{says}: it is waited for");
        world.pass(901).await;
        let issue = world.drive(Status::Issue).await;
        let reason = issue.reason.unwrap();
        assert!(reason.contains("within 15 minutes") && reason.contains(says) && reason.contains("delete the deployment"), "{reason}");
        assert_eq!(issue.steps.as_array().unwrap().last().unwrap()["state"], "failed");
        world.destroy().await;
        world.drive(Status::NotDeployed).await;
        world.assert_nothing_left(false, says).await;
    }
}

#[tokio::test]
async fn what_is_at_an_issue_goes_on_where_it_stood_once_deployed_again() {
    let database = Database::fresh().await;
    let world = World::deployed(&database, Pace::default()).await;
    let denied = Error::Denied { action: "ec2:RunInstances", message: "not allowed".into(), cause: cause("UnauthorizedOperation") };
    world.cloud.fail_always("ensure_instance", denied);
    let issue = world.drive(Status::Issue).await;
    assert!(issue.reason.unwrap().contains("update its stack from the template"));
    world.cloud.heal();
    let account = issue.account_id;
    let again = world.store.deploy(&deed(&world.owner), &world.plan, &account, &world.plan.plan).await.unwrap();
    assert_eq!((again.created, again.deployment.id), (false, world.id.clone()));
    world.drive(Status::Running).await;
    world.assert_one_of_each("the retry went on").await;
}

/// The job rows, the outbox, the events, the audit log and all others, at each stage of a life.
#[tokio::test]
async fn neither_the_password_nor_the_external_id_is_in_any_row() {
    let database = Database::fresh().await;
    let world = World::deployed(&database, Pace::default()).await;
    let superuser = database.superuser().await;
    let external_id = "0a1b2c3d4e5f60718293a4b5c6d7e8f9";
    superuser.batch_execute(&format!("UPDATE account SET external_id = '{external_id}'")).await.unwrap();
    let (mut password, mut looked) = (None, 0);
    for stage in [Status::Running, Status::NotDeployed] {
        world.drive(stage).await;
        if stage == Status::Running {
            let arn = world.now().await.connection.unwrap().secret_arn;
            let secret = world.cloud.read_secret(&arn).await.unwrap();
            let login: serde_json::Value = serde_json::from_str(secret.expose()).unwrap();
            password = login["password"].as_str().map(str::to_owned);
            world.destroy().await;
        }
        let password = password.as_deref().filter(|password| password.len() > 12).expect("a password to look for");
        for (table, rows) in testkit::every_row(&superuser).await {
            looked += usize::from(!rows.is_empty());
            assert!(!rows.contains(password), "the password stands in {table} when it is {stage}");
            // The account's own column, from which the worker presents it.
            assert_eq!(rows.contains(external_id), table == "account", "the external id, {table}, {stage}");
        }
    }
    assert!(looked > 12, "only {looked} tables held rows");
}

#[tokio::test]
async fn an_installation_that_fails_says_why() {
    let database = Database::fresh().await;
    let world = World::deployed(&database, Pace::default()).await;
    world.cloud.on_command(|_| says(json!({"state": "failed", "step": "install", "reason": "the package mirror does not answer"})));
    let issue = world.drive(Status::Issue).await;
    assert!(issue.reason.unwrap().contains("the package mirror does not answer"));
    world.destroy().await;
    world.drive(Status::NotDeployed).await;
    world.assert_nothing_left(false, "the installation failed").await;
}

#[tokio::test]
async fn a_running_machine_that_is_lost_is_an_issue_and_its_data_stays() {
    let database = Database::fresh().await;
    let world = World::deployed(&database, Pace::default()).await;
    world.drive(Status::Running).await;
    let machine = world.cloud.holdings().into_iter().find(|found| found.kind == clouds::FoundKind::Instance).unwrap().id;
    world.cloud.lose_instance(&machine, "Client.UserInitiatedShutdown");
    let issue = world.drive(Status::Issue).await;
    assert!(issue.reason.unwrap().contains("terminated outside Cloudsail"));
    world.destroy().await;
    world.drive(Status::NotDeployed).await;
    world.assert_nothing_left(true, "the machine was lost").await;
}

#[tokio::test]
async fn a_running_database_turns_red_after_two_minutes_of_silence_and_green_again() {
    let database = Database::fresh().await;
    let world = World::deployed(&database, Pace::default()).await;
    world.drive(Status::Running).await;
    world.cloud.on_command(|_| says(json!({"state": "ready", "sql_ok": false, "reason": "connection refused"})));
    for _ in 0..4 {
        world.wake().await;
        world.turn().await;
    }
    assert_eq!(world.now().await.status, Status::Running, "one bad look is not an issue yet");
    world.pass(121).await;
    let issue = world.drive(Status::Issue).await;
    assert_eq!(issue.reason.unwrap(), "PostgreSQL does not answer: connection refused");
    world.cloud.on_command(|_| says(ready()));
    let running = world.drive(Status::Running).await;
    assert_eq!(running.reason, None);
    world.assert_one_of_each("it answers again").await;
}

#[tokio::test]
async fn a_full_zone_leads_to_another_and_full_zones_to_the_next_type() {
    let database = Database::fresh().await;
    let (first, next) = ("t3a.medium", "t3.medium");
    let zones = ["ca-central-1a", "ca-central-1b"];
    for full in [&zones[..1], &zones[..]] {
        let world = World::deployed(&database, Pace::default()).await;
        full.iter().for_each(|zone| world.cloud.fill(zone, first));
        world.drive(Status::Running).await;
        let expected = if full.len() == 1 { first } else { next };
        assert_eq!(world.cloud.machine().unwrap().0, expected);
        let volumes = world.cloud.holdings().into_iter().filter(|found| found.kind == clouds::FoundKind::Volume).count();
        assert_eq!(volumes, 1, "the volume in the full zone is gone");
        let events = world.store.events(&world.owner, &world.id, 500, None).await.unwrap();
        assert!(events.iter().any(|event| event.message.contains("ca-central-1a has no room for t3a.medium: trying ca-central-1b")));
        world.wake().await;
        world.press_deploy().await;
        world.drive(Status::Running).await;
        assert_eq!(world.cloud.machine().unwrap().0, expected, "a deploy of the same plan moves nothing");
        world.destroy().await;
        world.drive(Status::NotDeployed).await;
        world.assert_nothing_left(true, "a full zone").await;
    }
}

#[tokio::test]
async fn a_region_without_room_is_an_issue_that_says_so_and_a_retry_goes_on() {
    let database = Database::fresh().await;
    let world = World::deployed(&database, Pace::default()).await;
    let full =
        Error::NoCapacity { action: "ec2:RunInstances", message: "we are full".into(), cause: cause("InsufficientInstanceCapacity") };
    world.cloud.fail_always("ensure_instance", full);
    let issue = world.drive(Status::Issue).await.reason.unwrap();
    assert!(issue.contains("no zone of ca-central-1 has room") && issue.contains("try again later"), "{issue}");
    world.cloud.heal();
    world.press_deploy().await;
    world.drive(Status::Running).await;
    world.destroy().await;
    world.drive(Status::NotDeployed).await;
    world.assert_nothing_left(true, "retried").await;
}
