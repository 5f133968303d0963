//! An account that stands in the way: said before a deploy, and, if it happens later, with what to do; a retry then goes on.

use crate::harness::World;
use clouds::memory::{Memory, Pace};
use clouds::{ApiError, Error, FoundKind};
use domain::Status;
use knowledge::Knowledge;
use provision::postgres::{Problem, problems};
use testkit::Database;
use transform::Added;

const ROLE: &str = "arn:aws:iam::222222222222:role/cloudsail/CloudsailAccess";

fn cause(code: &str) -> ApiError {
    ApiError { code: code.into(), message: "told to".into(), request_id: None }
}

fn denied(code: &str) -> Error {
    Error::Denied { action: "any", message: "told to".into(), cause: cause(code) }
}

fn no_capacity(code: &str) -> Error {
    Error::NoCapacity { action: "any", message: "told to".into(), cause: cause(code) }
}

/// A zone that was left leaves nothing behind.
fn machines_and_volumes(world: &World<'_>) -> (usize, usize) {
    let held = world.cloud.holdings();
    let count = |kind| held.iter().filter(|found| found.kind == kind).count();
    (count(FoundKind::Instance), count(FoundKind::Volume))
}

async fn seen_before(cloud: &Memory) -> Vec<Problem> {
    let document = transform::aws::document(&testkit::plan(), Knowledge::built_in()).unwrap();
    problems(cloud, &[ROLE], &document, Added { cpu: 2, disk_gib: 28 }).await.unwrap()
}

#[tokio::test]
async fn a_subnet_without_a_free_address_is_seen_before_and_another_zone_is_taken() {
    let cloud = Memory::new(Pace::default());
    assert_eq!(seen_before(&cloud).await, []);
    cloud.take_addresses("ca-central-1a");
    assert_eq!(seen_before(&cloud).await, [], "the other zone has some");
    cloud.take_addresses("ca-central-1b");
    let [problem] = &seen_before(&cloud).await[..] else { panic!("one problem") };
    assert_eq!((problem.code, problem.pointer.as_deref()), ("subnet", Some("/components/0/aws/subnet")));
    assert!(problem.message.contains("no address is free in subnet-00000000000000001, subnet-00000000000000002"), "{}", problem.message);

    let database = Database::fresh().await;
    let world = World::deployed(&database, Pace::default()).await;
    world.cloud.take_addresses("ca-central-1a");
    world.drive(Status::Running).await;
    assert_eq!(machines_and_volumes(&world), (1, 1));
}

#[tokio::test]
async fn a_quota_of_disks_that_is_used_up_is_seen_before() {
    let cloud = Memory::new(Pace::default());
    cloud.limit_storage(28);
    assert_eq!(seen_before(&cloud).await, [], "it is just enough");
    cloud.limit_storage(27);
    let [problem] = &seen_before(&cloud).await[..] else { panic!("one problem") };
    assert_eq!((problem.code, problem.pointer.as_deref()), ("quota", Some("/components/0/hardware/disk/size_gib")));
    assert!(
        problem.message.contains("28 GiB of disk are needed, 0 are used, and the account may have 27 in ca-central-1"),
        "{}",
        problem.message
    );
}

#[tokio::test]
async fn a_region_that_is_off_is_one_problem_with_its_remedy() {
    let cloud = Memory::new(Pace::default());
    for call in ["find_image", "subnets", "vcpus", "storage", "missing_permissions"] {
        cloud.fail_always(call, denied("AuthFailure"));
    }
    let [problem] = &seen_before(&cloud).await[..] else { panic!("one problem, not one a look") };
    assert_eq!((problem.code, problem.pointer.as_deref()), ("region", Some("/cloud/region")));
    assert!(problem.message.contains("enable it (Account, AWS Regions)"), "{}", problem.message);
}

#[tokio::test]
async fn what_the_account_refuses_later_says_what_to_do_and_a_retry_goes_on() {
    let database = Database::fresh().await;
    let rows = [
        ("subnets", denied("OptInRequired"), "enable it (Account, AWS Regions)"),
        ("ensure_security_group", no_capacity("SecurityGroupLimitExceeded"), "delete what is not used"),
        ("ensure_role", denied("AccessDenied"), "update its stack from the template"),
        ("ensure_volume", no_capacity("VolumeLimitExceeded"), "or for a smaller disk in the plan"),
        ("ensure_instance", no_capacity("VcpuLimitExceeded"), "or for a smaller machine in the plan"),
        ("ensure_instance", no_capacity("InsufficientFreeAddressesInSubnet"), "try again later"),
    ];
    for (call, error, remedy) in rows {
        let world = World::deployed(&database, Pace::default()).await;
        world.cloud.fail_always(call, error);
        let reason = world.drive(Status::Issue).await.reason.unwrap();
        assert!(reason.contains(remedy), "{call}: {reason}");
        world.cloud.heal();
        world.press_deploy().await;
        world.drive(Status::Running).await;
        assert_eq!(machines_and_volumes(&world), (1, 1), "retried after {call} was refused");
    }
}

/// As IAM answers for a role that it does not show yet, and for one that nobody may look at.
#[tokio::test]
async fn a_look_that_stays_refused_is_an_issue_after_a_minute_and_names_the_permission() {
    let database = Database::fresh().await;
    let world = World::deployed(&database, Pace::default()).await;
    world.cloud.fail_always("ensure_role", Error::NotReady { action: "iam:GetRole", cause: cause("AccessDenied") });
    for _ in 0..3 {
        world.turn().await;
        world.wake().await;
    }
    assert_eq!(world.now().await.status, Status::Deploying, "IAM may only need a moment");
    world.pass(61).await;
    world.wake().await;
    world.turn().await;
    let now = world.now().await;
    let reason = now.reason.unwrap();
    assert_eq!(now.status, Status::Issue);
    assert!(reason.contains("iam:GetRole was refused") && reason.contains("update its stack from the template"), "{reason}");
    world.cloud.heal();
    world.press_deploy().await;
    world.drive(Status::Running).await;
    world.assert_one_of_each("once it is allowed").await;
}
