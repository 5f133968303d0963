//! A destroy that can be undone for a while: what is there meanwhile, after it was undone, and after it was not.

use crate::changes::{calls_of_changes, cause, cut_off_at, everything, running, there};
use crate::deploy::faults;
use crate::harness::{DAY, World};
use clouds::memory::{Fault, Moment, Pace};
use clouds::{Cloud, Error, InstanceState};
use domain::Status;
use engine::End;
use testkit::{Database, deed};

/// What a person sees in the account: the machine's type and state, the disk, and who may connect.
type There = (String, InstanceState, clouds::VolumeShape, Vec<String>);

/// The machine is stopped, nobody may connect, and everything is there.
async fn assert_stopped(world: &World<'_>, when: &str) {
    let (_, state, _, ranges) = there(world);
    assert_eq!((state, ranges), (InstanceState::Stopped, vec![]), "{when}");
    world.assert_one_of_each(when).await;
    let now = world.now().await;
    assert_eq!((now.status, now.reason, now.destroyed_at), (Status::Destroying, None, None), "{when}");
    assert!(now.destroy_at > Some(jiff::Timestamp::now()), "{when}");
}

/// As it was before a destroy that was undone.
async fn assert_as_before(world: &World<'_>, before: &There, when: &str) {
    let now = there(world);
    assert_eq!((&now.0, now.1, &now.3), (&before.0, before.1, &before.3), "{when}");
    world.assert_one_of_each(when).await;
    let now = world.now().await;
    assert_eq!((now.status, now.reason, now.destroy_at, now.plan_version), (Status::Running, None, None, 1), "{when}");
}

/// A destroy that was asked for stops it, and undoing that brings it back.
async fn stopped_and_undone(world: &World<'_>, before: &There, when: &str) {
    world.drive_to("stopped").await;
    assert_stopped(world, when).await;
    world.wake().await;
    world.undo().await;
    world.drive(Status::Running).await;
    assert_as_before(world, before, when).await;
}

#[tokio::test]
async fn what_ran_is_only_stopped_until_nobody_can_undo_it_any_more() {
    let database = Database::fresh().await;
    let world = running(&database).await;
    world.destroy_later().await;
    world.drive_to("stopped").await;
    assert_stopped(&world, "destroyed").await;
    assert!(world.messages().await.iter().any(|message| message.contains("can be undone until 2") && message.contains("costing")));
    world.pass(DAY - 60).await;
    world.drive_to("stopped").await;
    assert_stopped(&world, "a minute before the end").await;
    world.pass(61).await;
    world.drive(Status::NotDeployed).await;
    world.assert_nothing_left(true, "the window is over").await;
    assert!(world.store.request_undelete(&deed(&world.owner), &world.id).await.unwrap().is_none(), "it is too late");
    let steps = world.now().await.steps;
    assert!(steps.as_array().unwrap().iter().all(|step| step["state"] == "done"), "{steps}");
}

#[tokio::test]
async fn an_undone_destroy_brings_back_what_ran() {
    let database = Database::fresh().await;
    let mut world = running(&database).await;
    let before = there(&world);
    for twice in [false, true] {
        world.twice = twice;
        world.destroy_later().await;
        world.drive_to("stopped").await;
        assert_stopped(&world, "destroyed").await;
        world.wake().await;
        world.undo().await;
        assert_eq!(world.now().await.status, Status::Changing);
        world.drive(Status::Running).await;
        assert_as_before(&world, &before, "undone").await;
        assert!(world.store.request_undelete(&deed(&world.owner), &world.id).await.unwrap().is_none(), "there is nothing to undo");
        world.wake().await;
    }
    // And it can be changed and destroyed as ever.
    world.redeploy(everything).await;
    assert_eq!(world.drive(Status::Running).await.plan_version, 2);
    world.wake().await;
    world.destroy().await;
    world.drive(Status::NotDeployed).await;
    world.assert_nothing_left(true, "destroyed for good").await;
}

/// The calls of the way into the window, and of the way out of it.
async fn calls(world: &World<'_>) -> [usize; 2] {
    let begun = world.cloud.calls().len();
    world.destroy_later().await;
    world.drive_to("stopped").await;
    let stopped = world.cloud.calls().len();
    world.wake().await;
    world.undo().await;
    world.drive(Status::Running).await;
    world.wake().await;
    [stopped - begun, world.cloud.calls().len() - stopped]
}

#[tokio::test]
async fn a_fault_at_any_call_of_a_destroy_and_its_undoing_is_survived() {
    let database = Database::fresh().await;
    let world = running(&database).await;
    let before = there(&world);
    let [to, back] = calls(&world).await;
    let mut tried = 0;
    for call in 0..to + back {
        for (name, moment, fault) in faults() {
            let when = format!("call {call} of a destroy and its undoing: {name}");
            world.cloud.fail_at(world.cloud.calls().len() + call, moment, fault);
            world.destroy_later().await;
            world.drive_to("stopped").await;
            assert_eq!(world.now().await.status, Status::Destroying, "{when}");
            world.wake().await;
            world.undo().await;
            world.drive(Status::Running).await;
            world.wake().await;
            world.cloud.heal();
            assert_as_before(&world, &before, &when).await;
            tried += 1;
        }
    }
    println!(
        "{to} calls of a destroy that can be undone and {back} of its undoing x {} faults: {tried} runs, all ended well",
        faults().len()
    );
}

#[tokio::test]
async fn it_can_be_undone_at_any_call_and_destroyed_now_at_any_call() {
    let database = Database::fresh().await;
    let world = running(&database).await;
    let before = there(&world);
    let [to, back] = calls(&world).await;
    let cut_off = async |world: &World<'_>, call: usize| {
        world.cloud.fail_at(world.cloud.calls().len() + call, Moment::After, Fault::Kill);
        while world.turn().await != End::Lost {
            world.wake().await;
        }
    };
    for call in 0..to {
        let when = format!("undone at call {call} of a destroy");
        world.destroy_later().await;
        cut_off(&world, call).await;
        world.undo().await;
        world.wake().await;
        world.drive(Status::Running).await;
        assert_as_before(&world, &before, &when).await;
        world.wake().await;
    }
    for call in 0..back {
        let when = format!("destroyed again at call {call} of the undoing");
        world.destroy_later().await;
        world.drive_to("stopped").await;
        world.wake().await;
        world.undo().await;
        cut_off(&world, call).await;
        world.destroy_later().await;
        world.wake().await;
        stopped_and_undone(&world, &before, &when).await;
        world.wake().await;
    }
    for call in 0..to {
        let world = running(&database).await;
        world.destroy_later().await;
        cut_off(&world, call).await;
        world.destroy().await;
        world.wake().await;
        world.drive(Status::NotDeployed).await;
        world.assert_nothing_left(true, &format!("destroyed now at call {call} of a destroy")).await;
    }
}

#[tokio::test]
async fn a_destroy_at_any_call_of_a_change_that_is_undone_leads_to_what_ran_before_it() {
    let database = Database::fresh().await;
    let mut world = running(&database).await;
    let before = there(&world);
    let [calls, _] = calls_of_changes(&database).await;
    for call in 0..calls {
        let when = format!("destroyed at call {call} of a change, and undone");
        cut_off_at(&mut world, call).await;
        world.destroy_later().await;
        world.wake().await;
        stopped_and_undone(&world, &before, &when).await;
        assert_eq!(world.now().await.plan.components[0].db.max_connections, 100, "{when}");
        world.wake().await;
        world.turn().await;
        assert_eq!(world.now().await.status, Status::Running, "the change is not made after all: {when}");
        world.wake().await;
    }
}

#[tokio::test]
async fn what_never_ran_is_destroyed_at_once_and_so_is_what_has_no_machine() {
    let database = Database::fresh().await;
    let world = World::deployed(&database, Pace::default()).await;
    world.drive_to("managed").await;
    world.destroy_later().await;
    assert_eq!(world.now().await.destroy_at, None);
    world.wake().await;
    world.drive(Status::NotDeployed).await;
    world.assert_nothing_left(false, "it never ran").await;

    for stopped_first in [false, true] {
        let world = running(&database).await;
        if stopped_first {
            world.destroy_later().await;
            world.drive_to("stopped").await;
            world.wake().await;
        }
        world.cloud.lose_instance(&world.machine(), "Client.UserInitiatedShutdown");
        world.destroy_later().await;
        world.drive(Status::NotDeployed).await;
        world.assert_nothing_left(true, "nothing could run again").await;
        assert!(world.messages().await.iter().any(|message| message.contains("nothing that could be undone")));
    }
}

#[tokio::test]
async fn a_machine_that_somebody_starts_meanwhile_is_reported_once() {
    let database = Database::fresh().await;
    let world = running(&database).await;
    world.destroy_later().await;
    world.drive_to("stopped").await;
    world.cloud.start_instance(&world.machine()).await.unwrap();
    for _ in 0..3 {
        world.wake().await;
        world.turn().await;
    }
    let now = world.now().await;
    assert_eq!(now.status, Status::Destroying);
    assert!(now.reason.unwrap().contains("started outside Cloudsail"));
    let told = world.messages().await.into_iter().filter(|message| message.contains("started outside Cloudsail")).count();
    assert_eq!(told, 1);
    world.cloud.stop_instance(&world.machine()).await.unwrap();
    world.wake().await;
    world.turn().await;
    assert_eq!(world.now().await.reason, None);
}

#[tokio::test]
async fn a_second_destroy_does_not_move_the_end_and_a_stranger_undoes_nothing() {
    let database = Database::fresh().await;
    let world = running(&database).await;
    world.destroy_later().await;
    let until = world.now().await.destroy_at;
    world.destroy_later().await;
    assert_eq!(world.now().await.destroy_at, until);
    let stranger = deed(&testkit::user());
    assert!(matches!(world.store.request_undelete(&stranger, &world.id).await, Err(store::Error::NotFound)));
    world.drive_to("stopped").await;
    world.press_deploy().await;
    world.wake().await;
    world.turn().await;
    assert_stopped(&world, "Deploy was pressed").await;
    let lines = world.store.audit_lines(&world.owner, 50, None, None).await.unwrap();
    assert_eq!(lines.iter().filter(|line| line.action == "deployment-delete").count(), 1);
}

#[tokio::test]
async fn an_undoing_that_finds_no_room_is_an_issue_and_a_deploy_goes_on_with_it() {
    let database = Database::fresh().await;
    let world = running(&database).await;
    let before = there(&world);
    world.destroy_later().await;
    world.drive_to("stopped").await;
    world.wake().await;
    let full =
        Error::NoCapacity { action: "ec2:StartInstances", message: "none is left".into(), cause: cause("InsufficientInstanceCapacity") };
    world.cloud.fail_always("start_instance", full);
    world.undo().await;
    let issue = world.drive(Status::Issue).await;
    assert!(issue.reason.unwrap().contains("none is left"));
    world.cloud.heal();
    world.press_deploy().await;
    world.drive(Status::Running).await;
    assert_as_before(&world, &before, "deployed again").await;
}

#[tokio::test]
async fn a_stop_that_is_refused_is_tried_again_by_itself() {
    let database = Database::fresh().await;
    let world = running(&database).await;
    let denied = Error::Denied { action: "ec2:StopInstances", message: "not allowed".into(), cause: cause("UnauthorizedOperation") };
    world.cloud.fail_always("stop_instance", denied);
    world.destroy_later().await;
    world.drive(Status::Issue).await;
    world.cloud.heal();
    world.wake().await;
    world.drive_to("stopped").await;
    assert_stopped(&world, "allowed again").await;
}
