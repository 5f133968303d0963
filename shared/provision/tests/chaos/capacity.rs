//! What is not over a moment later: a zone without room or addresses, a role that is not known yet, and quotas that are used up.

use crate::lanes;
use crate::world::{Delivery, Ground, World};
use domain::Status;
use emulator::Fault;

const NO_ROOM: &str = "We currently do not have sufficient capacity in the Availability Zone you requested.";
const NO_ADDRESS: &str = "There are not enough free addresses in the subnet to satisfy the requested number of instances.";
const NO_PROFILE: &str = "Value (cloudsail) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name";
/// The SDK's attempts of a call that AWS answers with a 5xx, as it does where there is no room.
const ATTEMPTS: usize = 3;
const ZONES: usize = 3;

fn full(call: &'static str, zones: usize) -> Fault {
    Fault { times: zones * ATTEMPTS, ..Fault::refusal(call, "InsufficientInstanceCapacity", NO_ROOM) }
}

async fn said(world: &World<'_>, text: &str) -> bool {
    let events = world.store.events(&world.user, &world.id, 500, None).await.unwrap();
    events.iter().any(|event| event.message.contains(text))
}

async fn deployed_despite<'a>(ground: &'a Ground, fault: &Fault) -> World<'a> {
    let world = World::deployed(ground).await;
    world.ask_for(std::slice::from_ref(fault)).await;
    world.drive(&[Status::Running], || Delivery::Once, fault.code).await;
    let met = world.seen().await.met;
    assert_eq!((met.len(), met[0].call.as_str()), (fault.times, fault.call), "{}", fault.code);
    world.assert_as_planned(fault.code).await;
    world
}

async fn gone(world: World<'_>, when: &str) {
    world.ask_for(&[]).await;
    world.destroy().await;
    world.drive(&[Status::NotDeployed], || Delivery::Once, when).await;
    world.assert_nothing_left(when).await;
}

#[test]
fn what_is_used_up_is_gone_round_or_said() {
    lanes::runtime().block_on(async {
        let ground = lanes::fresh_ground().await;

        let world = deployed_despite(&ground, &full("ec2:RunInstances", 1)).await;
        assert!(said(&world, "ca-central-1a has no room for t3a.medium: trying ca-central-1b").await);
        gone(world, "one zone was full").await;

        let world = deployed_despite(&ground, &full("ec2:RunInstances", ZONES)).await;
        assert_eq!(ground.owner.shown().await.instance_type, "t3.medium", "the next type that the plan allows");
        assert!(said(&world, "no zone of ca-central-1 has room for t3a.medium").await);
        gone(world, "all zones were full").await;

        let no_address = Fault::refusal("ec2:RunInstances", "InsufficientFreeAddressesInSubnet", NO_ADDRESS);
        let world = deployed_despite(&ground, &no_address).await;
        assert!(said(&world, "trying ca-central-1b").await);
        gone(world, "a subnet had no address left").await;

        let unknown_role = Fault { times: 2, ..Fault::refusal("ec2:RunInstances", "InvalidParameterValue", NO_PROFILE) };
        let mut world = deployed_despite(&ground, &unknown_role).await;

        let before = ground.owner.shown().await;
        world.ask_for(&[full("ec2:StartInstances", 1)]).await;
        world.redeploy(|component| (component.hardware.cpu, component.hardware.memory_gib) = (4, 16)).await;
        world.drive(&[Status::Running], || Delivery::Once, "no room for the larger machine").await;
        assert_eq!((ground.owner.shown().await, world.now().await.plan_version), (before, 1), "what ran before runs again");
        assert!(said(&world, "sufficient capacity").await, "and it says why");
        gone(world, "no room for the larger machine").await;

        let mut world = World::deployed(&ground).await;
        world.drive(&[Status::Running], || Delivery::Once, "before its disk changes").await;
        let changed = "You've reached the maximum modification rate per volume limit.";
        world.ask_for(&[Fault { times: 0, ..Fault::refusal("ec2:ModifyVolume", "VolumeModificationRateExceeded", changed) }]).await;
        world.redeploy(|component| component.hardware.disk.size_gib += 10).await;
        world.drive(&[Status::Running], || Delivery::Once, "the disk was changed a moment ago").await;
        assert_eq!(world.now().await.plan_version, 1, "what ran before runs again");
        assert!(said(&world, "try again in some hours").await);
        world.ask_for(&[]).await;
        world.press_deploy().await;
        world.drive(&[Status::Running], || Delivery::Once, "hours later").await;
        assert_eq!(world.now().await.plan_version, 2);
        world.assert_as_planned("hours later").await;
        gone(world, "the disk was changed").await;

        for (call, code) in [("ec2:RunInstances", "VcpuLimitExceeded"), ("ec2:CreateVolume", "VolumeLimitExceeded")] {
            let world = World::deployed(&ground).await;
            world.ask_for(&[Fault { times: 0, ..Fault::refusal(call, code, "You have requested more than your limit.") }]).await;
            let issue = world.drive(&[Status::Issue], || Delivery::Once, code).await.reason.unwrap();
            assert!(issue.contains(call) && issue.contains("more than your limit"), "{issue}");
            world.ask_for(&[]).await;
            world.press_deploy().await;
            world.drive(&[Status::Running], || Delivery::Once, "the quota was raised").await;
            world.assert_as_planned("the quota was raised").await;
            gone(world, code).await;
        }
    });
}

#[test]
fn a_role_that_is_gone_is_said_and_the_deployment_goes_on_once_it_is_back() {
    lanes::runtime().block_on(async {
        let ground = lanes::fresh_ground().await;
        let denied = Fault { times: 0, ..Fault::refusal("sts:AssumeRole", "AccessDenied", "not authorized to perform: sts:AssumeRole") };
        let world = World::deployed(&ground).await;
        for when in ["before the first call", "while it runs"] {
            world.ask_for(std::slice::from_ref(&denied)).await;
            world.restart();
            let issue = world.drive(&[Status::Issue], || Delivery::Once, when).await.reason.unwrap();
            assert!(issue.contains("can't be assumed any more: make it again from the template"), "{when}: {issue}");
            world.ask_for(&[]).await;
            world.press_deploy().await;
            world.drive(&[Status::Running], || Delivery::Once, when).await;
            world.assert_as_planned(when).await;
        }
        gone(world, "the role was back").await;
    });
}
