//! Lives whose work, faults, deaths and messages are drawn from a seed. The run of a seed is always the same.

use crate::lanes;
use crate::world::{Delivery, EARLIER_IMAGE, Ground, World};
use domain::Status;
use domain::plan::{AwsWishes, Component};
use emulator::{Fault, variable};
use std::cell::{Cell, RefCell};
use std::time::Instant;

/// SplitMix64 (Steele, Lea and Flood, 2014): what it draws depends on the seed alone, on every machine and with every version.
struct Random(Cell<u64>);

impl Random {
    fn next(&self) -> u64 {
        self.0.set(self.0.get().wrapping_add(0x9e37_79b9_7f4a_7c15));
        let mut mixed = self.0.get();
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From 0 to one less than `end`.
    fn below(&self, end: usize) -> usize {
        let end = u64::try_from(end).unwrap();
        usize::try_from(self.next() % end).unwrap()
    }

    fn one_in(&self, number: usize) -> bool {
        self.below(number) == 0
    }

    fn of<T: Clone>(&self, all: &[T]) -> T {
        all[self.below(all.len())].clone()
    }

    fn fault(&self) -> Fault {
        let (at, times) = (self.below(60) + 1, self.below(4) + 1);
        let (moment, reads) = (self.of(&["before", "after"]), self.below(5));
        let full = Fault::refusal("ec2:*Instances", "InsufficientInstanceCapacity", "there is no room");
        let unknown = "Invalid IAM Instance Profile name";
        match self.below(8) {
            0 => Fault { at, times, ..Fault::new("throttle") },
            1 => Fault { at, times, ..Fault::new("500") },
            2 => Fault { at, times, ..Fault::new("503") },
            3 => Fault { at, times, moment, reads, ..Fault::new("drop") },
            4 | 5 => Fault { at, moment, reads, ..Fault::new("hold") },
            6 => Fault { call: "*:Create*", at: self.below(6) + 1, times, reads: reads + 1, ..Fault::new("late") },
            _ if self.one_in(2) => Fault { call: "ec2:RunInstances", times, ..Fault::refusal("", "InvalidParameterValue", unknown) },
            _ => Fault { call: self.of(&["ec2:RunInstances", "ec2:StartInstances"]), times: times * 3, ..full },
        }
    }

    fn edit(&self, component: &mut Component) {
        let (cpu, memory_gib) = self.of(&[(2, 4), (4, 16), (8, 32)]);
        (component.hardware.cpu, component.hardware.memory_gib) = (cpu, memory_gib);
        component.hardware.disk.size_gib += self.of(&[0, 0, 10]);
        component.db.max_connections = self.of(&[80, 100, 150]);
        let ami = self.of(&[None, None, Some(EARLIER_IMAGE.to_owned())]);
        component.aws = ami.map(|ami| AwsWishes { ami: Some(ami), ..AwsWishes::default() });
        component.network.allow = vec![format!("10.{}.0.0/16", self.below(200)).parse().unwrap()];
    }
}

/// One life, with a record of what was drawn.
async fn life(ground: &Ground, seed: u64, told: &RefCell<Vec<String>>) -> usize {
    let random = Random(Cell::new(seed));
    let delivery = || random.of(&[Delivery::Once, Delivery::Once, Delivery::Again, Delivery::Together]);
    let mut world = World::deployed(ground).await;
    let (changes, mut met) = (random.below(4), 0);
    for change in 0..=changes + 1 {
        let faults: Vec<_> = (0..random.below(5)).map(|_| random.fault()).collect();
        world.ask_for(&faults).await;
        let work = match change {
            0 => "deploy",
            _ if change > changes => "destroy",
            _ => "change",
        };
        told.borrow_mut().push(format!("{work}: {faults:?}"));
        match work {
            "change" => world.redeploy(|component| random.edit(component)).await,
            "destroy" => world.destroy().await,
            _ => {}
        }
        let interrupted = work != "destroy" && random.one_in(3);
        if interrupted {
            for _ in 0..random.below(8) {
                world.deliver(delivery()).await;
                world.wake().await;
            }
            if matches!(world.now().await.status, Status::Deploying | Status::Changing) {
                let destroyed = random.one_in(3);
                told.borrow_mut().push(format!("{} pressed", if destroyed { "destroy" } else { "cancel" }));
                if destroyed { world.destroy().await } else { world.cancel().await }
            }
        }
        let when = format!("{work}, the {}. piece of work", change + 1);
        let mut now = world.drive(&[Status::Running, Status::NotDeployed, Status::Issue], delivery, &when).await;
        let seen = world.seen().await.met;
        met += seen.len();
        told.borrow_mut().push(format!("{}: met {seen:?}", now.status));
        let no_room = seen.iter().any(|met| met.fault == "error");
        if now.status == Status::Issue {
            assert!(no_room, "{when}: {:?}", now.reason);
            world.ask_for(&[]).await;
            world.press_deploy().await;
            now = world.drive(&[Status::Running], delivery, &when).await;
        }
        if now.status == Status::NotDeployed {
            world.assert_nothing_left(&when).await;
            return met;
        }
        world.assert_as_planned(&when).await;
        assert!(interrupted || no_room || now.plan_version == world.plan.version, "{when}: plan {}", now.plan_version);
    }
    panic!("a destroy ended at {}", world.now().await.status);
}

fn number(name: &str) -> Option<u64> {
    variable(name).map(|text| text.parse().unwrap_or_else(|_| panic!("{name} is not a number")))
}

#[test]
fn lives_drawn_from_a_seed_end_well() {
    let began = Instant::now();
    let runs = number("CHAOS_RUNS").unwrap_or(50);
    let seed =
        number("CHAOS_SEED").unwrap_or_else(|| domain::PlanId::generate().short().bytes().fold(0, |sum, byte| sum * 31 + u64::from(byte)));
    println!("{runs} runs from seed {seed}");
    let (met, failed) = lanes::carry_out(usize::try_from(runs).unwrap(), |runtime, ground, run| {
        let (seed, told) = (seed + u64::try_from(run).unwrap(), RefCell::default());
        let ended = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| runtime.block_on(life(ground, seed, &told))));
        ended.unwrap_or_else(|why| {
            println!("seed {seed} failed: repeat it by ./scripts/test chaos --runs 1 --seed {seed}\n  {}", told.borrow().join("\n  "));
            std::panic::resume_unwind(why)
        })
    });
    assert!(failed.is_empty(), "{}", failed.join("\n\n"));
    let met: usize = met.into_iter().sum();
    println!("{runs} runs from seed {seed} met {met} faults and ended well, in {} s", began.elapsed().as_secs());
}
