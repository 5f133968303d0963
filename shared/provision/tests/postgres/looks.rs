//! A database is looked at whatever is done to it: its death is told within two minutes, and its last good answer is never older than
//! it has to be.

use crate::changes::{cause, everything, running};
use crate::harness::{World, answer, says};
use clouds::memory::{Command, Pace};
use clouds::{CommandResult, Error};
use domain::Status;
use serde_json::json;
use testkit::Database;

/// Lets the time go by, five seconds a turn, and answers after how many the message was there.
async fn told_after(world: &World<'_>, most: u32, part: &str) -> u32 {
    for seconds in (0..=most).step_by(5) {
        if world.messages().await.iter().any(|message| message.contains(part)) {
            return seconds;
        }
        world.pass(5).await;
        world.turn().await;
    }
    panic!("nobody was told of `{part}` within {most} s: {:?}", world.messages().await);
}

fn silent(command: &Command) -> CommandResult {
    match answer(command) {
        _ if command.script.contains("apply.lock") => CommandResult::Pending,
        _ => says(json!({"state": "ready", "sql_ok": false, "reason": "connection refused"})),
    }
}

fn applies_for_long(command: &Command) -> CommandResult {
    if command.script.contains("apply.lock") { CommandResult::Pending } else { answer(command) }
}

async fn last_ok(world: &World<'_>) -> i64 {
    jiff::Timestamp::now().as_second() - world.now().await.last_ok_at.unwrap().as_second()
}

async fn growing(database: &Database) -> World<'_> {
    let mut world = World::deployed(database, Pace { grown_after: 1000, ..Pace::default() }).await;
    world.drive(Status::Running).await;
    world.wake().await;
    world.redeploy(|component| component.hardware.disk.size_gib += 10).await;
    world.drive_to("change_grown").await;
    world
}

#[tokio::test]
async fn a_database_that_dies_while_its_disk_grows_is_told_within_two_minutes_and_so_is_its_return() {
    let database = Database::fresh().await;
    let world = growing(&database).await;
    for _ in 0..40 {
        world.pass(5).await;
        world.turn().await;
    }
    assert!(last_ok(&world).await <= 75, "it answered {} s ago", last_ok(&world).await);
    world.cloud.on_command(silent);
    let after = told_after(&world, 120, "does not answer: connection refused").await;
    println!("a death while the disk grows is told after {after} s");
    for _ in 0..10 {
        world.pass(5).await;
        world.turn().await;
    }
    assert_eq!(world.now().await.status, Status::Changing, "the disk goes on growing");
    let told = world.messages().await.into_iter().filter(|message| message.contains("does not answer")).count();
    assert_eq!(told, 1, "once");
    world.cloud.on_command(answer);
    told_after(&world, 60, "answers again").await;
}

#[tokio::test]
async fn it_is_looked_at_while_settings_are_applied_and_on_the_way_back() {
    let database = Database::fresh().await;
    for cancelled in [false, true] {
        let mut world = running(&database).await;
        world.cloud.on_command(applies_for_long);
        world.redeploy(|component| component.db.max_connections = 120).await;
        world.drive_to("change_applied").await;
        if cancelled {
            world.cancel().await;
            world.wake().await;
            world.drive_to("change_applied").await;
        }
        for _ in 0..30 {
            world.pass(5).await;
            world.turn().await;
        }
        assert!(last_ok(&world).await <= 75, "it answered {} s ago", last_ok(&world).await);
        let expected = if cancelled { Status::Cancelling } else { Status::Changing };
        assert_eq!(world.now().await.status, expected);
        world.cloud.on_command(silent);
        told_after(&world, 120, "does not answer").await;
    }
}

#[tokio::test]
async fn a_look_that_fails_does_not_disturb_what_it_looks_at() {
    let database = Database::fresh().await;
    let world = growing(&database).await;
    let denied = Error::Denied { action: "ssm:SendCommand", message: "not allowed".into(), cause: cause("AccessDenied") };
    world.cloud.fail_always("run_command", denied);
    told_after(&world, 180, "does not answer").await;
    let now = world.now().await;
    assert_eq!((now.status, now.reason), (Status::Changing, None));
}

#[tokio::test]
async fn what_stands_at_an_issue_is_looked_at_each_minute() {
    let database = Database::fresh().await;
    let mut world = running(&database).await;
    // Neither the change nor the way back can be made; the database runs on.
    world.cloud.on_command(|command| match answer(command) {
        _ if command.script.contains("apply.lock") => says(json!({"failed": "no space left on device"})),
        other => other,
    });
    world.redeploy(|component| component.db.max_connections = 120).await;
    let reason = world.drive(Status::Issue).await.reason;
    assert!(reason.as_deref().unwrap().contains("no space left on device"));
    for _ in 0..40 {
        world.pass(5).await;
        world.turn().await;
    }
    assert!(last_ok(&world).await <= 75, "it answered {} s ago", last_ok(&world).await);
    assert_eq!((world.now().await.status, world.now().await.reason), (Status::Issue, reason));
    world.cloud.lose_instance(&world.machine(), "Server.SpotInstanceTermination");
    told_after(&world, 120, "the machine is not there any more").await;
    assert!(world.now().await.reason.unwrap().contains("its data volume is kept"));
}

#[tokio::test]
async fn an_account_that_can_be_entered_again_turns_green_by_itself() {
    let database = Database::fresh().await;
    let world = running(&database).await;
    let denied = Error::Denied { action: "ssm:GetCommandInvocation", message: "not allowed".into(), cause: cause("AccessDenied") };
    world.cloud.fail_always("command_result", denied);
    world.drive(Status::Issue).await;
    for _ in 0..5 {
        world.wake().await;
        world.turn().await;
    }
    let told = world.messages().await.into_iter().filter(|message| message.contains("update its stack")).count();
    assert_eq!(told, 1, "what fails as before is no news");
    world.cloud.heal();
    world.drive(Status::Running).await;
}

#[tokio::test]
async fn a_machine_that_is_lost_while_it_boots_is_told_long_before_the_deadline() {
    let database = Database::fresh().await;
    let world = World::deployed(&database, Pace { managed_after: 1000, ..Pace::default() }).await;
    world.drive_to("managed").await;
    world.cloud.lose_instance(&world.machine(), "Server.InternalError");
    let issue = world.drive(Status::Issue).await;
    assert!(issue.reason.unwrap().contains("the machine is not there any more"));

    let mut world = running(&database).await;
    world.redeploy(everything).await;
    world.drive_to("change_managed").await;
    world.cloud.lose_instance(&world.machine(), "Server.InternalError");
    let issue = world.drive(Status::Issue).await;
    assert!(issue.reason.unwrap().contains("its data volume is kept"));
}
