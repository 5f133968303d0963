//! A destroy right after something was made by a worker that died, while the service's lists do not show it yet. What they hide for longer
//! than the whole destroy takes can't be found by it; that is the reconciler's.

use crate::lanes;
use crate::world::{Delivery, World};
use domain::Status;
use emulator::Fault;

/// Each call that makes something, and how many of its service's reads do not show it: a destroy lists all four times, which are three
/// reads of EC2, two of IAM and one of Secrets Manager each.
const MADE: [(&str, [usize; 3]); 6] = [
    ("ec2:RunInstances", [2, 5, 8]),
    ("ec2:CreateSecurityGroup", [2, 5, 8]),
    ("secretsmanager:CreateSecret", [1, 2, 3]),
    ("iam:CreateRole", [2, 4, 6]),
    ("iam:CreateInstanceProfile", [2, 4, 6]),
    ("ec2:CreateVolume", [2, 5, 8]),
];

#[test]
fn a_destroy_finds_what_no_list_shows_at_first() {
    lanes::runtime().block_on(async {
        let ground = lanes::fresh_ground().await;
        for (call, hidden) in MADE {
            for reads in hidden {
                let when = format!("destroyed after {call}, which is not shown for {reads} reads");
                let world = World::deployed(&ground).await;
                world.ask_for(&[Fault { call, moment: "after", reads, ..Fault::new("hold") }]).await;
                while world.turn().await.is_some() {
                    world.wake().await;
                }
                world.destroy().await;
                world.wake().await;
                world.drive(&[Status::NotDeployed], || Delivery::Once, &when).await;
                world.assert_nothing_left(&when).await;
            }
        }
    });
}
