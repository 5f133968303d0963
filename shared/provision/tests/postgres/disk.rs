//! A data disk that fills up while PostgreSQL runs.

use crate::harness::{World, answer, ready, says};
use clouds::memory::{Fault, Moment, Pace};
use clouds::{ApiError, Error};
use domain::Status;
use knowledge::Knowledge;
use testkit::Database;

/// Health checks answer that the disk is this full from now on.
pub fn fills(world: &World<'_>, percent: u32) {
    world.cloud.on_command(move |command| {
        if command.script.contains("apply.lock") {
            return answer(command);
        }
        let mut ready = ready();
        ready["disk_used"] = percent.into();
        says(ready)
    });
}

/// A disk of 20 GiB that runs, and may grow to 45.
async fn running(database: &Database) -> World<'_> {
    let mut world = World::deployed(database, Pace::default()).await;
    world.drive(Status::Running).await;
    world.wake().await;
    world.redeploy(|component| component.hardware.disk.grow_to_gib = Some(45)).await;
    world.drive(Status::Running).await;
    world.wake().await;
    world
}

pub fn size(world: &World<'_>) -> u32 {
    world.cloud.disk_and_ranges().unwrap().0.size_gib
}

/// Some looks at the machine, an hour after what was before them, and whatever they lead to.
pub async fn looks(world: &World<'_>) {
    world.pass(3601).await;
    for _ in 0..20 {
        world.turn().await;
        world.wake().await;
    }
    world.drive(Status::Running).await;
    world.wake().await;
}

async fn told(world: &World<'_>) -> Vec<String> {
    let events = world.store.events(&world.owner, &world.id, 500, None).await.unwrap();
    events.into_iter().map(|event| event.message).filter(|message| message.contains("% full")).collect()
}

#[tokio::test]
async fn a_disk_that_fills_up_grows_to_its_ceiling_and_not_beyond() {
    let database = Database::fresh().await;
    let mut world = running(&database).await;
    let from = world.cloud.calls().len();
    fills(&world, 79);
    looks(&world).await;
    assert_eq!((size(&world), told(&world).await.len()), (20, 0));
    fills(&world, 83);
    for (expected, events) in [(30, 1), (40, 2), (45, 4), (45, 4)] {
        looks(&world).await;
        assert_eq!((size(&world), told(&world).await.len()), (expected, events));
    }
    let last = told(&world).await;
    assert!(last.iter().any(|message| message.contains("as large as the plan lets it become (45 GiB)")), "{last:?}");
    let calls = world.cloud.calls()[from..].to_vec();
    assert!(!calls.contains(&"stop_instance"), "{calls:?}");
    world.assert_one_of_each("grown").await;
    let running = world.store.running(&world.owner, &world.plan.id).await.unwrap().unwrap();
    let document = transform::running(&running.plan, running.document.as_ref(), Knowledge::built_in()).unwrap();
    let today = jiff::civil::date(2026, 11, 22);
    assert_eq!(transform::preview(&world.plan.plan, Some(&document), Knowledge::built_in(), today).unwrap().kind, "none");
    // The plan says what the disk began with; deploying it again shrinks nothing and refuses nothing.
    fills(&world, 50);
    world.redeploy(|component| component.db.max_connections = 120).await;
    let after = world.drive(Status::Running).await;
    assert_eq!((after.plan_version, size(&world)), (3, 45));
}

#[tokio::test]
async fn a_full_disk_grows_even_if_postgresql_answers_no_more() {
    let database = Database::fresh().await;
    let world = running(&database).await;
    world.cloud.on_command(|command| match command.script.contains("apply.lock") || command.earlier > 8 {
        true => answer(command),
        false => says(serde_json::json!({"state": "ready", "sql_ok": false, "disk_used": 100, "reason": "no space left on device"})),
    });
    looks(&world).await;
    assert_eq!(size(&world), 30);
}

#[tokio::test]
async fn a_disk_that_may_not_grow_is_told_of_once_until_there_is_room_again() {
    let database = Database::fresh().await;
    let world = World::deployed(&database, Pace::default()).await;
    world.drive(Status::Running).await;
    world.wake().await;
    for (percent, events) in [(81, 1), (85, 1), (78, 1), (81, 1), (70, 1), (81, 2)] {
        fills(&world, percent);
        looks(&world).await;
        assert_eq!((size(&world), told(&world).await.len()), (20, events), "{percent} %");
    }
}

#[tokio::test]
async fn a_volume_that_can_not_be_changed_yet_is_tried_again_an_hour_later() {
    let database = Database::fresh().await;
    let world = running(&database).await;
    fills(&world, 90);
    let cause = ApiError { code: "VolumeModificationRateExceeded".into(), message: "wait".into(), request_id: None };
    world.cloud.fail_once("modify_volume", Error::NoCapacity { action: "ec2:ModifyVolume", message: "wait some hours".into(), cause });
    world.drive(Status::Running).await;
    for _ in 0..20 {
        world.turn().await;
        world.wake().await;
    }
    let tries = || world.cloud.calls().iter().filter(|call| **call == "modify_volume").count();
    assert_eq!((size(&world), tries()), (20, 1), "no second try within the hour");
    looks(&world).await;
    assert_eq!((size(&world), tries()), (30, 2));
    world.assert_one_of_each("grown at the second try").await;
}

#[tokio::test]
async fn a_fault_at_any_call_of_growing_is_survived() {
    let database = Database::fresh().await;
    let cause = ApiError { code: "InternalError".into(), message: "told to".into(), request_id: None };
    let unavailable = Fault::Answer(Error::Unavailable { action: "any", cause });
    let faults =
        [(Moment::Before, &unavailable), (Moment::After, &unavailable), (Moment::Before, &Fault::Kill), (Moment::After, &Fault::Kill)];
    let mut tried = 0;
    for (moment, fault) in faults {
        for call in 0..8 {
            let mut world = running(&database).await;
            world.cloud.fail_at(world.cloud.calls().len() + call, moment, fault.clone());
            fills(&world, 80);
            looks(&world).await;
            let when = format!("call {call} {moment:?}");
            assert_eq!(size(&world), 30, "{when}");
            world.assert_one_of_each(&when).await;
            world.cloud.heal();
            fills(&world, 20);
            world.redeploy(|component| component.db.max_connections = 120).await;
            assert_eq!(world.drive(Status::Running).await.plan_version, 3, "{when}");
            tried += 1;
        }
    }
    println!("8 calls of a growing disk x 4 faults: {tried} runs, all ended well");
}
