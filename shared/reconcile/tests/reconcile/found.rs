//! What is found, what is shown of it, and what is removed.

use crate::world::{ALL, World, kinds};
use clouds::{ApiError, Error};
use domain::DeploymentId;
use jiff::Timestamp;
use testkit::{account_and_plan, deed, user};

#[tokio::test]
async fn an_account_that_holds_what_the_ledger_says_has_no_strays() {
    let world = World::new().await;
    let made = world.make(world.id.as_str()).await;
    world.write_down(&made).await;
    world.status("running").await;
    let found = world.look().await.unwrap();
    assert_eq!((found.count, found.ghosts.len(), found.monthly_cost.as_str(), found.currency.as_str()), (0, 0, "0.00", "USD"));
    assert!(found.checked_at.is_some() && found.problem.is_none());
    assert_eq!(world.held(), ALL);
}

#[tokio::test]
async fn what_a_destroyed_deployment_left_is_removed_in_the_order_in_which_one_holds_another() {
    let world = World::new().await;
    let made = world.make(world.id.as_str()).await;
    world.write_down(&made).await;
    world.status("not_deployed").await;

    let first = world.look().await.unwrap();
    assert_eq!(kinds(&first.removed), ["instance", "instance profile", "role", "secret"]);
    assert_eq!(kinds(&first.strays), ["security group", "volume"], "the machine that is shutting down still has them");
    assert!(first.strays.iter().all(|stray| stray.why.contains("tried again")), "{:?}", first.strays);
    let volume = &first.strays[0];
    assert_eq!((volume.id.as_str(), volume.monthly_cost.as_deref()), (made.volume.as_str(), Some(first.monthly_cost.as_str())));
    assert_ne!(first.monthly_cost, "0.00");
    assert_eq!(volume.deployment.as_deref(), Some(world.id.as_str()));
    assert!(volume.created_at.is_some() && first.strays[1].created_at.is_none(), "the list of groups does not say when one was made");
    assert!(world.store.next_to_reconcile(reconcile::EVERY, testkit::TERMS.calls).await.unwrap().is_none(), "its next turn is in minutes");

    let mut second = world.look().await.unwrap();
    for _ in 0..3 {
        second = world.look().await.unwrap();
    }
    assert_eq!((second.count, second.strays.len(), second.ghosts.len()), (0, 0, 0));
    assert_eq!(world.held(), Vec::<&str>::new());
    assert!(world.ledger().await.iter().all(|(_, state)| state == "gone"), "{:?}", world.ledger().await);
    let events = world.events().await;
    for id in [&made.instance, &made.volume, &made.group, &made.secret] {
        assert_eq!(events.iter().filter(|event| event.starts_with("Removed the") && event.contains(id.as_str())).count(), 1, "{events:?}");
    }
}

#[tokio::test]
async fn what_no_deployment_here_is_known_for_is_shown_and_stays() {
    let world = World::new().await;
    world.status("running").await;
    world.make(DeploymentId::generate().as_str()).await;
    for _ in 0..2 {
        let found = world.look().await.unwrap();
        assert_eq!((found.count, kinds(&found.strays), found.removed.len()), (6, ALL.to_vec(), 0));
        assert!(found.strays.iter().all(|stray| stray.why.contains("another installation")), "{:?}", found.strays);
        let machine = found.strays.iter().find(|stray| stray.kind == "instance").unwrap();
        assert!(machine.monthly_cost.as_deref().is_some_and(|cost| cost != "0.00"), "{machine:?}");
    }
    assert_eq!(world.held(), ALL);
}

#[tokio::test]
async fn a_second_volume_of_a_running_deployment_is_shown_and_stays() {
    let world = World::new().await;
    let made = world.make(world.id.as_str()).await;
    world.write_down(&made).await;
    world.status("running").await;
    let second = world.volume(world.id.as_str(), "by-hand").await;
    let found = world.look().await.unwrap();
    assert_eq!((found.count, found.strays[0].id.as_str(), found.strays[0].monthly_cost.as_deref()), (1, second.as_str(), Some("1.60")));
    assert!(world.holds(&second) && world.holds(&made.volume));
}

#[tokio::test]
async fn what_may_be_on_its_way_is_not_judged() {
    let world = World::new().await;
    world.make(world.id.as_str()).await;
    for status in ["deploying", "changing", "cancelling", "destroying"] {
        world.status(status).await;
        let found = world.look().await.unwrap();
        assert_eq!((found.count, found.ghosts.len()), (0, 0), "a deployment that is {status} makes and removes things itself");
    }
    // Destroyed this moment: what a worker that was cut off had asked for may still come.
    world.status("not_deployed").await;
    let found = world.look_at(Timestamp::now()).await.unwrap();
    assert_eq!((found.count, found.removed.len()), (0, 0));
    world.sql("UPDATE deployment SET destroyed_at = now() - interval '1 hour'").await;
    let found = world.look_at(Timestamp::now()).await.unwrap();
    assert_eq!(kinds(&found.removed), Vec::<&str>::new(), "younger than 15 minutes, but for the group, which has no age and is in use");
    assert_eq!(world.held(), ALL);
}

#[tokio::test]
async fn what_another_user_has_in_the_same_account_is_neither_shown_nor_touched() {
    let world = World::new().await;
    world.status("running").await;
    let other = user();
    let (account, plan) = account_and_plan(&world.store, &other).await;
    assert_eq!(account.aws_account_id, world.account.aws_account_id);
    let theirs = world.store.deploy(&deed(&other), &plan, &account.id, &plan.plan).await.unwrap().deployment.id;
    world.make(theirs.as_str()).await;
    for destroyed in ["NULL", "now()"] {
        world.sql(&format!("UPDATE deployment SET status = 'not_deployed', destroyed_at = {destroyed} WHERE id = '{theirs}'")).await;
        let found = world.look().await.unwrap();
        assert_eq!((found.count, found.removed.len(), world.held()), (0, 0, ALL.to_vec()));
    }
}

#[tokio::test]
async fn a_lost_machine_is_a_ghost_and_its_line_stays_until_the_engine_closes_it() {
    let world = World::new().await;
    let made = world.make(world.id.as_str()).await;
    world.write_down(&made).await;
    world.status("running").await;
    world.cloud.lose_instance(&made.instance, "Client.UserInitiatedShutdown");
    for _ in 0..2 {
        let found = world.look().await.unwrap();
        assert_eq!((found.count, kinds(&found.ghosts)), (0, vec!["instance"]));
        assert_eq!((found.ghosts[0].id.as_str(), found.ghosts[0].monthly_cost.as_deref()), (made.instance.as_str(), Some("0.00")));
    }
    assert!(world.ledger().await.iter().all(|(_, state)| state == "present"));
    let young = world.look_at(Timestamp::now()).await.unwrap();
    assert_eq!(young.ghosts.len(), 0, "a line that has just changed may be ahead of the list");
}

#[tokio::test]
async fn one_that_can_not_be_removed_is_named_with_the_reason_and_stops_no_other() {
    let world = World::new().await;
    world.make(world.id.as_str()).await;
    world.status("not_deployed").await;
    let cause = ApiError { code: "AccessDenied".into(), message: "no".into(), request_id: None };
    world.cloud.fail_always("delete_secret", Error::Denied { action: "secretsmanager:DeleteSecret", message: "no".into(), cause });
    let mut found = world.look().await.unwrap();
    for _ in 0..4 {
        found = world.look().await.unwrap();
    }
    assert_eq!(kinds(&found.strays), ["secret"]);
    assert!(found.strays[0].why.contains("secretsmanager:DeleteSecret was refused") && found.strays[0].why.contains("verify the account"));
    world.cloud.heal();
    assert_eq!(world.look().await.unwrap().count, 0);
}
