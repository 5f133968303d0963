//! All that can be asked for, with each step run twice: once for nothing, and once that counts.

use crate::changes::{cause, everything};
use crate::disk::{fills, looks, size};
use crate::harness::World;
use crate::replaced::there_and_back;
use clouds::Error;
use clouds::memory::Pace;
use domain::Status;
use std::collections::BTreeSet;
use testkit::Database;

#[tokio::test]
async fn every_label_may_run_twice() {
    let database = Database::fresh().await;
    let mut world = World::deployed(&database, Pace::default()).await;
    world.twice = true;
    let settled = async |world: &World<'_>, when: &str| {
        world.drive(Status::Running).await;
        world.wake().await;
        world.assert_there(when).await;
    };
    // A first deploy that fails, and another plan.
    let full = Error::NoCapacity { action: "ec2:RunInstances", message: "none is left".into(), cause: cause("VcpuLimitExceeded") };
    world.cloud.fail_always("ensure_instance", full);
    world.drive(Status::Issue).await;
    world.cloud.heal();
    world.redeploy(everything).await;
    settled(&world, "deployed at the second try").await;
    world.redeploy(|component| component.hardware.disk.grow_to_gib = Some(60)).await;
    settled(&world, "changed").await;
    for _ in 0..2 {
        world.redeploy(there_and_back).await;
        settled(&world, "another machine").await;
    }
    world.redeploy(|component| (component.hardware.cpu, component.hardware.memory_gib) = (8, 32)).await;
    world.turn().await;
    world.wake().await;
    world.cancel().await;
    settled(&world, "gone back").await;
    let before = size(&world);
    fills(&world, 83);
    looks(&world).await;
    assert_eq!(size(&world), before + 10, "it grew once");
    world.destroy_later().await;
    world.drive_to("stopped").await;
    world.wake().await;
    world.undo().await;
    settled(&world, "undone").await;
    world.destroy().await;
    world.drive(Status::NotDeployed).await;
    world.assert_nothing_left(true, "destroyed").await;
    let ran: BTreeSet<_> = world.counts.labels.lock().unwrap().iter().cloned().collect();
    let left: Vec<_> = provision::postgres::labels().filter(|label| !ran.contains(*label)).collect();
    assert!(left.is_empty(), "never ran: {left:?}");
}
