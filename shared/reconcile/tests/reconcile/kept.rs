//! What is kept on purpose.

use crate::world::{World, name};
use clouds::Cloud;
use store::NewResource;

/// A destroyed deployment that has kept its volume until the date, by the ledger.
async fn kept(world: &World, until: &str) -> String {
    let volume = world.volume(world.id.as_str(), "data").await;
    let line = NewResource { kind: "volume", name: &name(world.id.as_str()), client_token: "t" };
    world.store.ledger_plan(&world.id, line).await.unwrap();
    world.store.ledger_present(&world.id, "volume", line.name, &volume).await.unwrap();
    world.store.ledger_retained(&world.id, "volume", until.parse().unwrap()).await.unwrap();
    let retained = format!(r#"[{{"kind":"volume","id":"{volume}","until":"{until}"}}]"#);
    world.sql(&format!("UPDATE deployment SET retained = '{retained}' WHERE id = '{}'", world.id)).await;
    world.status("not_deployed").await;
    volume
}

#[tokio::test]
async fn what_the_ledger_or_the_tag_keeps_is_no_stray() {
    let world = World::new().await;
    let by_ledger = kept(&world, "2999-01-01").await;
    let by_tag = world.volume(world.id.as_str(), "tagged").await;
    world.retain(&by_tag, "2999-01-01").await;
    let no_date = world.volume(world.id.as_str(), "dateless").await;
    world.retain(&no_date, "").await;
    let unknown = world.volume("dep_00000000000000000000000000000000", "elsewhere").await;
    world.retain(&unknown, "2999-01-01").await;
    let found = world.look().await.unwrap();
    assert_eq!((found.count, found.ghosts.len(), found.removed.len()), (0, 0, 0), "{found:?}");
    assert!([by_ledger, by_tag, no_date, unknown].iter().all(|id| world.holds(id)));
}

#[tokio::test]
async fn what_was_kept_past_its_date_is_shown_and_stays() {
    let world = World::new().await;
    let by_ledger = kept(&world, "2020-01-01").await;
    let by_tag = world.volume(world.id.as_str(), "tagged").await;
    world.retain(&by_tag, "2020-01-01").await;
    for _ in 0..2 {
        let found = world.look().await.unwrap();
        assert_eq!((found.count, found.removed.len()), (2, 0), "{found:?}");
        assert!(found.strays.iter().all(|stray| stray.why.contains("kept until 2020-01-01")), "{found:?}");
    }
    assert!(world.holds(&by_ledger) && world.holds(&by_tag));
    assert_eq!(world.ledger().await, [("volume".to_owned(), "retained".to_owned())]);
}

#[tokio::test]
async fn a_kept_volume_that_its_owner_deleted_is_a_ghost_once_and_then_no_longer_shown_as_kept() {
    let world = World::new().await;
    let volume = kept(&world, "2999-01-01").await;
    world.cloud.delete_volume(&volume).await.unwrap();
    let found = world.look().await.unwrap();
    assert_eq!((found.count, found.ghosts.len(), found.ghosts[0].id.as_str()), (0, 1, volume.as_str()));
    assert_eq!(world.ledger().await, [("volume".to_owned(), "gone".to_owned())]);
    let deployment = world.store.deployment(&world.owner, &world.id).await.unwrap();
    assert_eq!(deployment.retained.as_array().map(Vec::len), Some(0));
    assert_eq!(world.events().await.iter().filter(|event| event.contains("not in your account any more")).count(), 1);
    assert_eq!(world.look().await.unwrap().ghosts.len(), 0);
}

#[tokio::test]
async fn a_volume_beside_the_one_that_was_kept_is_removed() {
    let world = World::new().await;
    let kept = kept(&world, "2999-01-01").await;
    let by_hand = world.volume(world.id.as_str(), "by-hand").await;
    let found = world.look().await.unwrap();
    assert_eq!((found.count, found.removed.len(), found.removed[0].id.as_str()), (0, 1, by_hand.as_str()));
    assert!(world.holds(&kept) && !world.holds(&by_hand));
}
