//! Each call of a deploy, of a change to something larger, of a disk that grows by itself, of a replacement of the machine, of a change
//! and a replacement that are cancelled, of a destroy that is undone and of one that is not meets each fault. One run meets the same fault at the same call of all of them, one after the other.

use crate::lanes;
use crate::world::{Delivery, EARLIER_IMAGE, Ground, World};
use domain::Status;
use domain::plan::{AwsWishes, Component};
use emulator::{Fault, Shown, variable};
use std::time::Instant;

/// What goes wrong at one call. The SDK makes three attempts, so that what lasts three reaches the step.
fn kinds() -> [(&'static str, Fault); 10] {
    let of = Fault::new;
    [
        ("throttled, each attempt", Fault { times: 3, ..of("throttle") }),
        ("500, once", of("500")),
        ("503, each attempt", Fault { times: 3, ..of("503") }),
        ("no answer and no effect, each attempt", Fault { times: 3, ..of("drop") }),
        ("no answer after the effect, once", Fault { moment: "after", ..of("drop") }),
        ("no answer after the effect, each attempt", Fault { moment: "after", times: 3, ..of("drop") }),
        ("not to be seen for 3 reads after it was made", Fault { reads: 3, ..of("late") }),
        ("worker killed before the call", of("hold")),
        ("worker killed after the call", Fault { moment: "after", ..of("hold") }),
        ("worker killed after the call, whose result is not to be seen for 3 reads", Fault { moment: "after", reads: 3, ..of("hold") }),
    ]
}

/// No machine takes longer to be on its way out.
const MOST_DELIVERIES: usize = 60;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Work {
    Deploy,
    Change,
    Grow,
    Replace,
    Cancel,
    Stay,
    Undo,
    Destroy,
}

const WORKS: [Work; 8] = [Work::Deploy, Work::Change, Work::Grow, Work::Replace, Work::Cancel, Work::Stay, Work::Undo, Work::Destroy];

/// A larger machine and disk, other ranges, and other settings: everything that can be changed at once.
fn larger(component: &mut Component) {
    component.hardware.cpu *= 2;
    component.hardware.memory_gib *= 2;
    component.hardware.disk.size_gib += 10;
    component.db.max_connections += 50;
    component.network.allow = vec![format!("10.{}.0.0/16", component.hardware.cpu).parse().unwrap()];
}

/// As far as it may grow by itself, once.
fn may_grow(component: &mut Component) {
    component.hardware.disk.grow_to_gib = Some(component.hardware.disk.size_gib + 10);
}

/// To Debian's image of before, and back to the newest.
fn another_image(component: &mut Component) {
    let earlier = component.aws.as_ref().is_some_and(|wishes| wishes.ami.is_some());
    component.aws = Some(AwsWishes { ami: (!earlier).then(|| EARLIER_IMAGE.to_owned()), ..AwsWishes::default() });
}

/// What is as it was before once all is taken back; a disk does not shrink.
fn seen((shown, version): &(Shown, i64)) -> (String, String, Vec<String>, i64) {
    (shown.image.clone(), shown.instance_type.clone(), shown.ranges.clone(), *version)
}

async fn carry_out(world: &mut World<'_>, work: Work, delivery: Delivery, when: &str) {
    let as_before = || delivery;
    match work {
        Work::Deploy => {
            let running = world.drive(&[Status::Running], as_before, when).await;
            assert_eq!(running.connection.as_ref().unwrap().host, "172.31.0.4", "{when}");
        }
        Work::Change | Work::Replace => {
            world.redeploy(if work == Work::Change { larger } else { another_image }).await;
            world.drive(&[Status::Running], as_before, when).await;
            assert_eq!(world.now().await.plan_version, world.plan.version, "{when}");
        }
        Work::Grow => {
            world.redeploy(may_grow).await;
            world.drive(&[Status::Running], as_before, when).await;
            let before = world.ground.owner.shown().await.disk_gib;
            world.ground.owner.fill(before * 9 / 10).await;
            for _ in 0..MOST_DELIVERIES {
                world.deliver(delivery).await;
                world.wake().await;
                if world.ground.owner.shown().await.disk_gib > before {
                    break;
                }
            }
            world.drive(&[Status::Running], as_before, when).await;
            assert_eq!(world.ground.owner.shown().await.disk_gib, before + 10, "{when}");
        }
        Work::Cancel | Work::Stay => {
            let before = (world.ground.owner.shown().await, world.now().await.plan_version);
            world.redeploy(if work == Work::Cancel { larger } else { another_image }).await;
            world.deliver(delivery).await;
            world.wake().await;
            // A replacement is cancelled once the old machine is on its way out.
            for _ in 0..MOST_DELIVERIES {
                if work == Work::Cancel || !world.ground.owner.has_machine_of(&before.0.image).await {
                    break;
                }
                world.deliver(delivery).await;
                world.wake().await;
            }
            world.cancel().await;
            world.wake().await;
            world.drive(&[Status::Running], as_before, when).await;
            let after = (world.ground.owner.shown().await, world.now().await.plan_version);
            assert_eq!(seen(&after), seen(&before), "{when}");
        }
        Work::Undo => {
            let before = (world.ground.owner.shown().await, world.now().await.plan_version);
            world.destroy_later().await;
            for _ in 0..MOST_DELIVERIES {
                world.deliver(delivery).await;
                world.wake().await;
                if world.now().await.steps.as_array().unwrap().last().is_some_and(|step| step["name"] == "window") {
                    break;
                }
            }
            assert_eq!(world.ground.owner.shown().await.state, "stopped", "{when}");
            world.undo().await;
            world.wake().await;
            world.drive(&[Status::Running], as_before, when).await;
            let after = (world.ground.owner.shown().await, world.now().await.plan_version);
            assert_eq!(seen(&after), seen(&before), "{when}");
        }
        Work::Destroy => {
            world.destroy().await;
            world.drive(&[Status::NotDeployed], as_before, when).await;
            // What comes late finds nothing to do.
            assert_eq!(world.turn().await, Some(engine::End::NotOurs), "{when}");
        }
    }
    match work {
        Work::Destroy => world.assert_nothing_left(when).await,
        _ => world.assert_as_planned(when).await,
    }
}

/// How many of the faults were met, by work, and how many calls each made.
struct Ran {
    met: [bool; WORKS.len()],
    calls: [usize; WORKS.len()],
}

/// All of them; the fault, if any, at the call of that number (from 1).
async fn life(ground: &Ground, fault: Option<(&str, Fault)>, delivery: Delivery) -> Ran {
    let mut ran = Ran { met: [false; WORKS.len()], calls: [0; WORKS.len()] };
    let mut world = World::deployed(ground).await;
    for (index, work) in WORKS.into_iter().enumerate() {
        let when = fault.as_ref().map_or_else(|| format!("{work:?}"), |(name, at)| format!("{work:?}, call {}: {name}", at.at));
        let faults: Vec<_> = fault.iter().map(|(_, fault)| fault.clone()).collect();
        world.ask_for(&faults).await;
        carry_out(&mut world, work, delivery, &when).await;
        let seen = world.seen().await;
        (ran.met[index], ran.calls[index]) = (!seen.met.is_empty(), seen.calls.len());
    }
    ran
}

/// With CHAOS_SPREAD each call meets so many of the faults instead of all, and the next call the ones that follow: the gate has minutes.
#[test]
fn every_call_meets_every_fault() {
    let began = Instant::now();
    let runtime = lanes::runtime();
    let calm = runtime.block_on(async { life(&lanes::fresh_ground().await, None, Delivery::Once).await });
    let (most, kinds) = (calm.calls.into_iter().max().unwrap(), kinds());
    let each = variable("CHAOS_SPREAD").map_or(kinds.len(), |text| text.parse().unwrap()).min(kinds.len());
    println!("{WORKS:?} make {:?} calls; each meets {each} of {} faults, in {} lives", calm.calls, kinds.len(), most * each);
    let (ran, failed) = lanes::carry_out(most * each, |runtime, ground, number| {
        let at = number / each + 1;
        let (name, fault) = &kinds[number % kinds.len()];
        let delivery = [Delivery::Once, Delivery::Again][at % 2];
        (at, runtime.block_on(life(ground, Some((name, Fault { at, ..fault.clone() })), delivery)))
    });
    assert!(failed.is_empty(), "{}", failed.join("\n\n"));
    let mut total = 0;
    for (index, work) in WORKS.into_iter().enumerate() {
        let (calls, met) = (calm.calls[index], ran.iter().filter(|(at, ran)| ran.met[index] && *at <= calm.calls[index]).count());
        // What an earlier fault of the same life has put off may spare a later piece of work a look or two at its end.
        assert!(met * 10 >= calls * each * 9, "{work:?}: {met} faults were met, at {calls} calls");
        println!("{work:?}: {calls} calls x {each} faults: {met} of {} met, all ended well", calls * each);
        total += met;
    }
    println!("{total} faults in {} lives, each message twice in half of them, in {} s", ran.len(), began.elapsed().as_secs());
}
