//! A machine that must be another one: what comes in its place, what stays, and the way back, with every call failing in turn.

use crate::changes::{cause, running};
use crate::deploy::faults;
use crate::harness::{World, answer, ready, says};
use clouds::memory::{Fault, Moment};
use clouds::{Error, InstanceState};
use domain::Status;
use domain::plan::{AwsWishes, Component};
use serde_json::json;
use testkit::Database;

/// The publisher's, and one of the person's own.
const PUBLISHED: &str = "ami-00000000000000013";
const OWN: &str = "ami-00000000000000099";
const ADDRESS: &str = "172.31.0.10";

fn image(component: &mut Component, ami: Option<&str>) {
    component.aws = Some(AwsWishes { ami: ami.map(str::to_owned), ..component.aws.clone().unwrap_or_default() });
}

/// To the person's own image, or back to the publisher's.
pub fn there_and_back(component: &mut Component) {
    let own = component.aws.as_ref().is_some_and(|wishes| wishes.ami.is_some());
    image(component, (!own).then_some(OWN));
}

/// One machine of that image runs at the old address and has the data volume, which is the very same.
async fn assert_runs_on(world: &World<'_>, ami: &str, volume: &str, when: &str) {
    world.assert_there(when).await;
    assert_eq!(world.cloud.image_and_address(), Some((ami.to_owned(), ADDRESS.to_owned())), "{when}");
    assert_eq!((world.cloud.machine().unwrap().1, world.cloud.holder()), (InstanceState::Running, Some(world.machine())), "{when}");
    assert_eq!(data_volume(world), volume, "{when}");
    assert!(!world.cloud.calls().contains(&"delete_volume"), "{when}");
    let now = world.now().await;
    assert_eq!((now.status, now.reason, now.connection.unwrap().host.as_str()), (Status::Running, None, ADDRESS), "{when}");
}

fn data_volume(world: &World<'_>) -> String {
    world.cloud.holdings().into_iter().find(|found| found.kind == clouds::FoundKind::Volume).unwrap().id
}

/// The calls of a replacement, and of the one back.
async fn calls_of_replacements(database: &Database) -> [usize; 2] {
    let mut world = running(database).await;
    let mut calls = [0; 2];
    for count in &mut calls {
        let from = world.cloud.calls().len();
        world.redeploy(there_and_back).await;
        world.drive(Status::Running).await;
        world.wake().await;
        *count = world.cloud.calls().len() - from;
    }
    calls
}

/// Runs the replacement until the worker dies at the call.
async fn cut_off_at(world: &mut World<'_>, call: usize, moment: Moment) {
    world.cloud.fail_at(world.cloud.calls().len() + call, moment, Fault::Kill);
    world.redeploy(|component| image(component, Some(OWN))).await;
    while world.turn().await != engine::End::Lost {
        assert_eq!(world.now().await.status, Status::Changing, "the change ended before call {call}");
        world.wake().await;
    }
}

#[tokio::test]
async fn another_machine_takes_over_the_data_volume_and_the_address() {
    let database = Database::fresh().await;
    let mut world = running(&database).await;
    let (first, volume) = (world.machine(), data_volume(&world));
    world.redeploy(there_and_back).await;
    let after = world.drive(Status::Running).await;
    assert_runs_on(&world, OWN, &volume, "replaced").await;
    assert_ne!(world.machine(), first);
    let steps: Vec<_> = after.steps.as_array().unwrap().iter().map(|step| (step["name"].clone(), step["state"].clone())).collect();
    assert_eq!(steps, ["compare", "replace", "verify"].map(|name| (json!(name), json!("done"))));
    assert!(world.messages().await.iter().any(|message| message.contains("another machine takes over the data volume and the address")));
    world.wake().await;
    world.redeploy(there_and_back).await;
    assert_eq!(world.drive(Status::Running).await.plan_version, 3);
    assert_runs_on(&world, PUBLISHED, &volume, "and back").await;
    world.destroy().await;
    world.drive(Status::NotDeployed).await;
    world.assert_nothing_left(true, "destroyed after it was replaced").await;
}

#[tokio::test]
async fn what_else_changes_comes_with_it() {
    let database = Database::fresh().await;
    let mut world = running(&database).await;
    let volume = data_volume(&world);
    world
        .redeploy(|component| {
            crate::changes::everything(component);
            image(component, Some(OWN));
        })
        .await;
    let after = world.drive(Status::Running).await;
    assert_runs_on(&world, OWN, &volume, "with everything else").await;
    let (disk, ranges) = world.cloud.disk_and_ranges().unwrap();
    assert_eq!((disk.size_gib, ranges), (after.plan.components[0].hardware.disk.size_gib, vec!["10.9.0.0/16".to_owned()]));
}

#[tokio::test]
async fn another_architecture_is_another_machine() {
    let database = Database::fresh().await;
    let mut world = running(&database).await;
    let volume = data_volume(&world);
    world.redeploy(|component| component.hardware.architecture = Some(domain::plan::Architecture::Arm64)).await;
    world.drive(Status::Running).await;
    assert_runs_on(&world, "ami-00000000000000014", &volume, "another architecture").await;
    assert!(world.cloud.machine().unwrap().0.contains("g."), "{:?}", world.cloud.machine());
    // An image of the person's own is for what it was made on.
    let from = world.cloud.calls().len();
    world.wake().await;
    world.redeploy(|component| image(component, Some(OWN))).await;
    assert_eq!(world.drive(Status::Running).await.plan_version, 2);
    assert!(!world.cloud.calls()[from..].contains(&"stop_instance"));
    assert!(world.messages().await.iter().any(|message| message.contains("is for x86_64")));
}

#[tokio::test]
async fn the_image_that_runs_under_another_name_touches_nothing() {
    let database = Database::fresh().await;
    let mut world = running(&database).await;
    world.redeploy(|component| image(component, Some(PUBLISHED))).await;
    assert_eq!(world.drive(Status::Running).await.plan_version, 2);
    world.assert_one_of_each("nothing was touched").await;
    assert!(!world.cloud.calls().contains(&"stop_instance"));
    world.redeploy(|component| image(component, Some("ami-0ffffffffffffff00"))).await;
    world.wake().await;
    assert_eq!(world.drive(Status::Running).await.plan_version, 2);
    assert!(world.messages().await.iter().any(|message| message.contains("is not in this account and region")));
    assert!(!world.cloud.calls().contains(&"stop_instance"));
}

#[tokio::test]
async fn a_fault_at_any_call_of_a_replacement_is_survived() {
    let database = Database::fresh().await;
    let counts = calls_of_replacements(&database).await;
    let (mut tried, faults) = (0, faults());
    for (name, moment, fault) in &faults {
        let mut world = running(&database).await;
        let volume = data_volume(&world);
        for call in 0..counts[0].max(counts[1]) {
            for ami in [OWN, PUBLISHED] {
                let when = format!("call {call} of a replacement by {ami}: {name}");
                world.cloud.fail_at(world.cloud.calls().len() + call, *moment, fault.clone());
                world.redeploy(there_and_back).await;
                let after = world.drive(Status::Running).await;
                world.wake().await;
                world.cloud.heal();
                assert_eq!(after.plan_version, world.plan.version, "{when}");
                assert_runs_on(&world, ami, &volume, &when).await;
                tried += 1;
            }
        }
    }
    println!("{counts:?} calls of a replacement x {} faults: {tried} runs, all ended well", faults.len());
}

#[tokio::test]
async fn a_cancel_at_any_call_leads_back_to_a_machine_like_the_one_before() {
    let database = Database::fresh().await;
    let [calls, _] = calls_of_replacements(&database).await;
    for moment in [Moment::Before, Moment::After] {
        let mut world = running(&database).await;
        let volume = data_volume(&world);
        for call in 0..calls {
            let when = format!("cancelled at call {call} of the replacement, {moment:?} it");
            cut_off_at(&mut world, call, moment).await;
            world.cancel().await;
            world.wake().await;
            let back = world.drive(Status::Running).await;
            assert_eq!(back.plan_version, 1, "{when}");
            assert_runs_on(&world, PUBLISHED, &volume, &when).await;
            world.wake().await;
            world.turn().await;
            assert_eq!(world.now().await.status, Status::Running, "{when}");
            world.wake().await;
        }
    }
}

#[tokio::test]
async fn a_destroy_pre_empts_a_replacement_at_any_call() {
    let database = Database::fresh().await;
    let [calls, _] = calls_of_replacements(&database).await;
    for call in 0..calls {
        let mut world = running(&database).await;
        cut_off_at(&mut world, call, Moment::After).await;
        world.destroy().await;
        world.wake().await;
        world.drive(Status::NotDeployed).await;
        world.assert_nothing_left(true, &format!("destroyed at call {call} of the replacement")).await;
    }
}

#[tokio::test]
async fn a_destroy_that_is_undone_at_any_call_of_a_replacement_leads_to_what_ran_before_it() {
    let database = Database::fresh().await;
    let [calls, _] = calls_of_replacements(&database).await;
    let mut world = running(&database).await;
    let volume = data_volume(&world);
    for call in 0..calls {
        let when = format!("destroyed at call {call} of a replacement, and undone");
        cut_off_at(&mut world, call, Moment::After).await;
        world.destroy_later().await;
        world.wake().await;
        world.drive_to("stopped").await;
        let running = world.cloud.machine().is_some_and(|(_, state)| state == InstanceState::Running);
        assert!(!running && world.cloud.disk_and_ranges().unwrap().1.is_empty(), "{when}");
        world.wake().await;
        world.undo().await;
        let back = world.drive(Status::Running).await;
        assert_eq!(back.plan_version, 1, "{when}");
        assert_runs_on(&world, PUBLISHED, &volume, &when).await;
        world.wake().await;
    }
}

#[tokio::test]
async fn every_step_of_a_replacement_may_run_twice() {
    let database = Database::fresh().await;
    let mut world = running(&database).await;
    let volume = data_volume(&world);
    world.twice = true;
    for ami in [OWN, PUBLISHED] {
        world.redeploy(there_and_back).await;
        world.drive(Status::Running).await;
        assert_runs_on(&world, ami, &volume, "each step ran twice").await;
        world.wake().await;
    }
}

#[tokio::test]
async fn a_machine_that_can_not_take_over_makes_room_for_one_like_the_old() {
    let database = Database::fresh().await;
    let mut world = running(&database).await;
    let volume = data_volume(&world);
    let cloud = world.cloud.clone();
    world.cloud.on_command(move |command| match cloud.image_and_address() {
        Some((ami, _)) if ami == OWN => says(json!({"state": "failed", "step": "packages", "reason": "packages: no postgresql-17"})),
        _ => answer(command),
    });
    world.redeploy(there_and_back).await;
    let back = world.drive(Status::Running).await;
    assert_eq!(back.plan_version, 1);
    assert_runs_on(&world, PUBLISHED, &volume, "it could not take over").await;
    let said = world.messages().await;
    assert!(said.iter().any(|message| message.contains("could not take over: packages: no postgresql-17")), "{said:?}");
}

#[tokio::test]
async fn a_machine_that_rebuilds_its_indexes_is_given_time() {
    let database = Database::fresh().await;
    let mut world = running(&database).await;
    let (volume, cloud) = (data_volume(&world), world.cloud.clone());
    world.cloud.on_command(move |command| match cloud.image_and_address() {
        Some((ami, _)) if ami == OWN => says(json!({"state": "booting", "step": "indexes"})),
        _ => answer(command),
    });
    world.redeploy(there_and_back).await;
    world.drive_to("checked").await;
    world.pass(901).await;
    world.drive_to("checked").await;
    assert_eq!(world.now().await.status, Status::Changing);
    // Not for ever: here a minute for each of the 20 GiB, and the usual 15.
    world.pass(20 * 60).await;
    assert_eq!(world.drive(Status::Running).await.plan_version, 1);
    assert_runs_on(&world, PUBLISHED, &volume, "it never ended").await;
    world.cloud.on_command(answer);
    world.wake().await;
    world.press_deploy().await;
    assert_eq!(world.drive(Status::Running).await.plan_version, 2);
    assert_runs_on(&world, OWN, &volume, "tried again").await;
}

#[tokio::test]
async fn without_room_for_either_machine_the_data_waits_for_a_person_and_a_retry_goes_on() {
    let database = Database::fresh().await;
    let mut world = running(&database).await;
    let volume = data_volume(&world);
    let full =
        Error::NoCapacity { action: "ec2:RunInstances", message: "none is left".into(), cause: cause("InsufficientInstanceCapacity") };
    world.cloud.fail_always("ensure_instance", full);
    world.redeploy(there_and_back).await;
    let issue = world.drive(Status::Issue).await.reason.unwrap();
    assert!(issue.contains("none is left") && issue.contains("try again later"), "{issue}");
    for _ in 0..3 {
        world.wake().await;
        world.turn().await;
    }
    let now = world.now().await;
    assert_eq!((now.status, now.reason), (Status::Issue, Some(issue)), "the reason stays to be read");
    world.cloud.heal();
    world.press_deploy().await;
    assert_eq!(world.drive(Status::Running).await.plan_version, 2);
    assert_runs_on(&world, OWN, &volume, "once there was room").await;
}

#[tokio::test]
async fn an_address_that_somebody_took_meanwhile_is_told_and_shown() {
    let database = Database::fresh().await;
    let mut world = running(&database).await;
    let cloud = world.cloud.clone();
    world.cloud.on_command(move |command| {
        let mut ready = ready();
        ready["address"] = json!(cloud.image_and_address().unwrap().1);
        if command.earlier == 0 { answer(command) } else { says(ready) }
    });
    world.redeploy(there_and_back).await;
    world.drive_to("replace_end").await;
    world.cloud.take_address(ADDRESS);
    world.drive_to("replace_launch").await;
    world.pass(61).await;
    let after = world.drive(Status::Running).await;
    world.assert_there("another address").await;
    let (ami, address) = world.cloud.image_and_address().unwrap();
    assert_eq!((ami.as_str(), after.connection.unwrap().host), (OWN, address.clone()));
    assert_ne!(address, ADDRESS);
    assert!(world.messages().await.iter().any(|message| message.contains("172.31.0.10 was taken by another machine")));
}

#[tokio::test]
async fn an_image_that_was_withdrawn_can_be_left_and_the_way_back_is_its_successor() {
    let database = Database::fresh().await;
    let mut world = running(&database).await;
    let volume = data_volume(&world);
    world.redeploy(there_and_back).await;
    world.drive(Status::Running).await;
    world.cloud.withdraw_image(OWN);
    world.wake().await;
    world.redeploy(there_and_back).await;
    world.drive_to("replace_managed").await;
    world.cancel().await;
    world.wake().await;
    assert_eq!(world.drive(Status::Running).await.plan_version, 2);
    assert_runs_on(&world, PUBLISHED, &volume, "the image of before is gone").await;
}
