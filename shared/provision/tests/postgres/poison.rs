//! A deployment whose step always fails.

use crate::harness::World;
use clouds::memory::Pace;
use clouds::{ApiError, Error};
use domain::Status;
use engine::End;
use testkit::Database;

/// Its strand's wait until the next try, in seconds.
async fn wait(database: &Database, world: &World<'_>) -> f64 {
    let sql = format!("SELECT extract(epoch FROM wake_at - now())::float8 FROM strand WHERE deployment_id = '{}'", world.id);
    database.superuser().await.query_one(&sql, &[]).await.unwrap().get(0)
}

async fn poisoned(database: &Database) -> World<'_> {
    let world = World::deployed(database, Pace::default()).await;
    let cause = ApiError { code: "InternalError".into(), message: "told to".into(), request_id: None };
    world.cloud.fail_always("ensure_role", Error::Unavailable { action: "iam:CreateRole", cause });
    world
}

#[tokio::test]
async fn a_step_that_always_fails_is_tried_less_and_less_often_raises_an_alarm_and_ends_at_a_person() {
    let database = Database::fresh().await;
    let mut world = poisoned(&database).await;
    world.deadline = std::time::Duration::from_secs(86_400);
    let (mut longest, mut alarms) = (0.0, 0);
    for attempt in 1..=30 {
        let end = world.turn().await;
        // The first came in an invocation that had run other labels, and is not counted.
        assert_eq!(end == End::Failing, attempt > 8, "try {attempt} ended as {end:?}");
        alarms += u32::from(end == End::Failing);
        let wait = wait(&database, &world).await;
        let most = 2f64.powi(attempt).min(600.0);
        assert!(wait <= most, "try {attempt} waits {wait} s of at most {most} s");
        longest = wait.max(longest);
        world.wake().await;
    }
    assert!(longest > 60.0 && alarms == 22, "the longest wait of 30 was {longest} s, {alarms} alarms");
    assert_eq!(world.now().await.status, Status::Deploying, "until its deadline it is tried");
    world.pass(86_401).await;
    let reason = world.drive(Status::Issue).await.reason.unwrap();
    assert!(reason.contains("Making the machine's role did not end within 1440 minutes") && reason.contains("iam:CreateRole"), "{reason}");
}

#[tokio::test]
async fn no_wait_goes_beyond_the_deadline() {
    let database = Database::fresh().await;
    let world = poisoned(&database).await;
    for _ in 0..12 {
        world.turn().await;
        world.wake().await;
    }
    world.pass(890).await;
    world.turn().await;
    let wait = wait(&database, &world).await;
    assert!(wait < 11.5, "10 s before the deadline, the next try is {wait} s away");
    world.pass(12).await;
    world.turn().await;
    assert_eq!(world.now().await.status, Status::Issue);
}

#[tokio::test]
async fn a_strand_that_fails_holds_up_no_other() {
    let database = Database::fresh().await;
    let (poisoned, well) = (poisoned(&database).await, World::deployed(&database, Pace::default()).await);
    for _ in 0..9 {
        poisoned.turn().await;
        poisoned.wake().await;
    }
    well.drive(Status::Running).await;
    let held = "SELECT count(*) FROM strand WHERE lease_until > now()";
    let held: i64 = database.superuser().await.query_one(held, &[]).await.unwrap().get(0);
    assert_eq!(held, 0, "between its tries it holds no worker");
}
