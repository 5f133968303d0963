//! What happens to a running PostgreSQL whose plan was changed, with every call failing in turn, and with a cancel at each.

use crate::harness::{World, answer, says};
use clouds::memory::{Fault, Moment, Pace};
use clouds::{ApiError, CommandResult, Error, InstanceState, VolumeShape};
use domain::Status;
use domain::plan::Component;
use serde_json::json;
use testkit::Database;

pub fn cause(code: &str) -> ApiError {
    ApiError { code: code.into(), message: "told to".into(), request_id: None }
}

/// A larger machine and disk, other ranges, and other settings: everything that can be changed at once.
pub fn everything(component: &mut Component) {
    component.hardware.cpu = 4;
    component.hardware.memory_gib = 16;
    component.hardware.disk.size_gib += 10;
    component.db.max_connections = 150;
    component.network.allow = vec!["10.9.0.0/16".parse().unwrap()];
}

/// What a person would see in the account: the machine's type and state, the disk, and who may connect.
pub fn there(world: &World<'_>) -> (String, InstanceState, VolumeShape, Vec<String>) {
    let ((kind, state), (disk, ranges)) = (world.cloud.machine().unwrap(), world.cloud.disk_and_ranges().unwrap());
    (kind, state, disk, ranges)
}

pub async fn running(database: &Database) -> World<'_> {
    let world = World::deployed(database, Pace::default()).await;
    world.drive(Status::Running).await;
    world.wake().await;
    world
}

/// The names of the calls from one on.
fn since(world: &World<'_>, from: usize) -> Vec<&'static str> {
    world.cloud.calls()[from..].to_vec()
}

#[tokio::test]
async fn everything_changes_on_the_machine_that_runs() {
    let database = Database::fresh().await;
    let mut world = running(&database).await;
    let (before, from) = (there(&world), world.cloud.calls().len());
    world.redeploy(everything).await;
    assert_eq!(world.now().await.status, Status::Changing);
    let after = world.drive(Status::Running).await;
    world.assert_one_of_each("everything changed").await;
    let now = there(&world);
    assert_ne!(now.0, before.0);
    assert_eq!(
        (now.1, now.2.size_gib, now.3.as_slice()),
        (InstanceState::Running, before.2.size_gib + 10, &["10.9.0.0/16".to_owned()][..])
    );
    assert_eq!((after.plan_version, after.plan.components[0].db.max_connections), (2, 150));
    let set = after.configuration.as_array().unwrap().iter().find(|setting| setting["name"] == "max_connections").unwrap();
    assert_eq!(set["value"], "150");
    let steps: Vec<_> = after.steps.as_array().unwrap().iter().map(|step| (step["name"].clone(), step["state"].clone())).collect();
    let expected = ["compare", "disk", "allow", "resize", "settings", "verify"].map(|name| (json!(name), json!("done")));
    assert_eq!(steps, expected);
    let calls = since(&world, from);
    assert!(calls.iter().filter(|call| **call == "stop_instance").count() == 1, "{calls:?}");
    assert!(world.messages().await.iter().any(|message| message.contains("cuts connections for some minutes")), "it was announced");
}

#[tokio::test]
async fn the_allow_list_and_the_name_change_without_touching_the_machine() {
    let database = Database::fresh().await;
    let mut world = running(&database).await;
    let from = world.cloud.calls().len();
    world.redeploy(|component| component.network.allow = vec!["10.9.0.0/16".parse().unwrap()]).await;
    world.drive(Status::Running).await;
    assert_eq!(since(&world, from), ["instance", "ensure_security_group", "run_command", "command_result", "command_result"]);
    assert_eq!(there(&world).3, ["10.9.0.0/16"]);
}

#[tokio::test]
async fn a_disk_grows_and_settings_change_while_the_machine_runs() {
    let database = Database::fresh().await;
    let mut world = running(&database).await;
    let from = world.cloud.calls().len();
    world.redeploy(|component| component.hardware.disk.size_gib += 10).await;
    world.drive(Status::Running).await;
    world.redeploy(|component| component.db.max_connections += 7).await;
    world.drive(Status::Running).await;
    let calls = since(&world, from);
    assert!(!calls.contains(&"stop_instance") && calls.contains(&"modify_volume"), "{calls:?}");
    assert_eq!(there(&world).1, InstanceState::Running);
}

/// To what [`everything`] changed, and back, but for the disk, which only grows.
fn there_and_back(component: &mut Component) {
    let small = component.hardware.cpu == 4;
    everything(component);
    if small {
        (component.hardware.cpu, component.hardware.memory_gib) = (2, 4);
        component.db.max_connections = 100;
        component.network.allow = vec!["203.0.113.0/24".parse().unwrap()];
    }
}

/// The calls of a change to something larger, and of the one back, which begin when Deploy is pressed.
pub async fn calls_of_changes(database: &Database) -> [usize; 2] {
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

#[tokio::test]
async fn a_fault_at_any_call_of_a_change_is_survived() {
    let database = Database::fresh().await;
    let throttled = Fault::Answer(Error::Throttled { action: "any", cause: cause("RequestLimitExceeded") });
    let unavailable = Fault::Answer(Error::Unavailable { action: "any", cause: cause("InternalError") });
    let faults = [
        ("throttled", Moment::Before, throttled),
        ("5xx", Moment::Before, unavailable.clone()),
        ("time-out after the effect", Moment::After, unavailable),
        ("killed before", Moment::Before, Fault::Kill),
        ("killed after", Moment::After, Fault::Kill),
    ];
    let counts = calls_of_changes(&database).await;
    let mut tried = 0;
    for (name, moment, fault) in &faults {
        let mut world = running(&database).await;
        for call in 0..counts[0].max(counts[1]) {
            for direction in ["larger", "smaller"] {
                let when = format!("call {call} of a change to something {direction}: {name}");
                world.cloud.fail_at(world.cloud.calls().len() + call, *moment, fault.clone());
                world.redeploy(there_and_back).await;
                let after = world.drive(Status::Running).await;
                world.wake().await;
                world.cloud.heal();
                world.assert_one_of_each(&when).await;
                assert_eq!((after.plan_version, there(&world).1), (world.plan.version, InstanceState::Running), "{when}");
                assert_eq!(there(&world).2.size_gib, world.plan.plan.components[0].hardware.disk.size_gib, "{when}");
                tried += 1;
            }
        }
    }
    println!("{counts:?} calls of a change x {} faults: {tried} runs, all ended well", faults.len());
}

/// Runs the change until the worker dies at the call.
pub async fn cut_off_at(world: &mut World<'_>, call: usize) {
    world.cloud.fail_at(world.cloud.calls().len() + call, Moment::After, Fault::Kill);
    world.redeploy(everything).await;
    while world.turn().await != engine::End::Lost {
        assert_eq!(world.now().await.status, Status::Changing, "the change ended before call {call}");
        world.wake().await;
    }
}

#[tokio::test]
async fn a_cancel_at_any_call_goes_back_to_what_ran() {
    let database = Database::fresh().await;
    let [calls, _] = calls_of_changes(&database).await;
    let mut world = running(&database).await;
    let before = there(&world);
    for call in 0..calls {
        let when = format!("cancelled at call {call} of the change");
        cut_off_at(&mut world, call).await;
        world.cancel().await;
        world.wake().await;
        assert_eq!(world.now().await.status, Status::Cancelling, "{when}");
        let back = world.drive(Status::Running).await;
        world.assert_one_of_each(&when).await;
        let now = there(&world);
        assert_eq!((&now.0, now.1, &now.3), (&before.0, before.1, &before.3), "{when}");
        assert_eq!((back.plan_version, back.plan.components[0].db.max_connections), (1, 100), "{when}");
        // The wish is fulfilled: nothing turns the strand again.
        world.wake().await;
        world.turn().await;
        assert_eq!(world.now().await.status, Status::Running, "{when}");
        world.wake().await;
    }
}

#[tokio::test]
async fn a_destroy_pre_empts_a_change_at_any_call() {
    let database = Database::fresh().await;
    let [calls, _] = calls_of_changes(&database).await;
    for call in 0..calls {
        let mut world = running(&database).await;
        cut_off_at(&mut world, call).await;
        world.destroy().await;
        world.wake().await;
        world.drive(Status::NotDeployed).await;
        world.assert_nothing_left(true, &format!("destroyed at call {call} of the change")).await;
    }
}

#[tokio::test]
async fn a_change_that_does_not_work_is_taken_back_and_says_why() {
    let database = Database::fresh().await;
    let full = Error::NoCapacity {
        action: "ec2:StartInstances",
        message: "no m7i.xlarge is left".into(),
        cause: cause("InsufficientInstanceCapacity"),
    };
    let mut world = running(&database).await;
    let before = there(&world);
    world.cloud.fail_once("start_instance", full);
    world.redeploy(everything).await;
    world.drive(Status::Running).await;
    assert_eq!((there(&world).0, there(&world).1), (before.0.clone(), InstanceState::Running));
    let said = world.messages().await;
    assert!(said.iter().any(|message| message.contains("no m7i.xlarge is left")), "{said:?}");
    assert!(said.iter().any(|message| message.contains("a disk does not shrink")), "{said:?}");

    // What PostgreSQL does not start with is taken back on the machine; the plan that works still can be deployed.
    world.cloud.on_command(|command| {
        let refused = command.script.contains("max_connections = 321");
        if refused { says(json!({"failed": "PostgreSQL did not start: could not map memory"})) } else { answer(command) }
    });
    world
        .redeploy(|component| {
            component.db.max_connections = 321;
            component.hardware.disk.size_gib += 10;
        })
        .await;
    let back = world.drive(Status::Running).await;
    assert_eq!(back.plan_version, 1);
    assert!(world.messages().await.iter().any(|message| message.contains("could not map memory")));
    world.redeploy(|component| component.db.max_connections = 120).await;
    assert_eq!(world.drive(Status::Running).await.plan_version, 4);
    world.assert_one_of_each("in the end").await;
}

#[tokio::test]
async fn a_change_that_never_ends_goes_back_by_its_deadline_and_then_to_a_person() {
    let database = Database::fresh().await;
    let mut world = running(&database).await;
    world.cloud.on_command(|command| match answer(command) {
        _ if command.script.contains("apply.lock") => CommandResult::Pending,
        other => other,
    });
    world.redeploy(|component| component.db.max_connections = 120).await;
    for _ in 0..3 {
        world.turn().await;
        world.wake().await;
    }
    assert_eq!(world.now().await.status, Status::Changing, "it is waited for");
    world.pass(901).await;
    world.turn().await;
    assert!(world.messages().await.iter().any(|message| message.contains("Going back to what ran before")));
    world.wake().await;
    world.pass(901).await;
    let issue = world.drive(Status::Issue).await;
    assert!(issue.reason.unwrap().contains("Applying the settings did not end within 15 minutes"));

    world.cloud.on_command(answer);
    world.press_deploy().await;
    let after = world.drive(Status::Running).await;
    assert_eq!((after.plan_version, after.reason), (2, None), "a retry makes the change");
    world.assert_one_of_each("retried").await;
}

#[tokio::test]
async fn what_can_not_be_changed_is_refused_and_what_runs_goes_on() {
    let database = Database::fresh().await;
    let mut world = running(&database).await;
    let (before, from) = (there(&world), world.cloud.calls().len());
    world.redeploy(|component| component.hardware.disk.size_gib -= 5).await;
    let after = world.drive(Status::Running).await;
    assert_eq!((there(&world), after.plan_version), (before, 1));
    assert!(!since(&world, from).contains(&"modify_volume"));
    assert!(world.messages().await.iter().any(|message| message.contains("a volume never shrinks")));
}

#[tokio::test]
async fn a_plan_changed_during_its_first_deploy_is_carried_out_after_it() {
    let database = Database::fresh().await;
    let mut world = World::deployed(&database, Pace::default()).await;
    world.turn().await;
    world.redeploy(|component| component.db.max_connections = 120).await;
    assert_eq!(world.now().await.status, Status::Deploying);
    let mut after = world.now().await;
    for _ in 0..40 {
        world.wake().await;
        world.turn().await;
        after = world.now().await;
        if after.plan_version == 2 {
            break;
        }
    }
    assert_eq!((after.plan_version, after.status), (2, Status::Running));
    world.assert_one_of_each("changed after its first deploy").await;
}

#[tokio::test]
async fn a_first_deploy_that_failed_takes_the_plan_as_it_is_by_then() {
    let database = Database::fresh().await;
    let mut world = World::deployed(&database, Pace::default()).await;
    let full = Error::NoCapacity { action: "ec2:RunInstances", message: "none is left".into(), cause: cause("VcpuLimitExceeded") };
    world.cloud.fail_always("ensure_instance", full);
    world.drive(Status::Issue).await;
    world.cloud.heal();
    world.redeploy(everything).await;
    let after = world.drive(Status::Running).await;
    let now = there(&world);
    assert_eq!((after.plan_version, now.2.size_gib), (2, after.plan.components[0].hardware.disk.size_gib));
    let machines = world.cloud.holdings().into_iter().filter(|found| found.kind == clouds::FoundKind::Volume).count();
    assert_eq!(machines, 1, "the volume of before is gone");
}

#[tokio::test]
async fn every_step_of_a_change_may_run_twice() {
    let database = Database::fresh().await;
    let mut world = running(&database).await;
    world.twice = true;
    world.redeploy(everything).await;
    world.drive(Status::Running).await;
    world.assert_one_of_each("each step ran twice").await;
    assert_eq!(world.now().await.plan_version, 2);
}
