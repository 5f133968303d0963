//! What stands in the account and belongs to a deployment that is gone: made by hand here, as a call that was cut off would leave it.

use crate::eventually;
use crate::world::World;
use serde_json::Value;

/// A volume with the deployment's tag; answers its id.
fn litter(world: &World, deployment: &str) -> String {
    let (made, volume) = world.customer(&["litter", deployment]);
    assert!(made && volume.starts_with("vol-"), "{volume}");
    volume
}

fn named(strays: &Value, list: &str, id: &str) -> Option<Value> {
    strays[list].as_array().unwrap().iter().find(|one| one["id"] == id).cloned()
}

/// It is removed when its owner asks, what was kept on purpose is not, and both are told of.
pub fn are_removed_when_asked(world: &World, account: &str, deployment: &str) {
    let kept = world.json(&["status", deployment])["retained"][0]["id"].as_str().unwrap().to_owned();
    let volume = litter(world, deployment);
    // Not in its first seconds, when what made it might still be at work.
    let removed = eventually("a stray to be removed", || named(&world.json(&["reconcile", account]), "removed", &volume));
    assert_eq!((removed["deployment_id"].as_str(), removed["kind"].as_str()), (Some(deployment), Some("volume")), "{removed}");
    assert!(removed["age_s"].as_i64().unwrap() >= 5 && removed["monthly_cost"].is_string(), "{removed}");
    let (nothing_left, held) = world.customer(&["holds", deployment]);
    assert!(nothing_left && held.contains(&kept) && !held.contains(&volume), "{held}");
    let shown = world.json(&["account", "show", account])["strays"].clone();
    assert!(shown["count"].is_u64() && shown["checked_at"].is_string(), "{shown}");
    assert!(
        ["items", "ghosts"].iter().all(|list| named(&shown, list, &kept).is_none() && named(&shown, list, &volume).is_none()),
        "{shown}"
    );
    let events = world.json(&["events", deployment]).to_string();
    assert!(events.contains(&format!("Removed the volume {volume}")), "{events}");
}

/// One is left, and the account's turn has come.
pub fn left_for_the_schedule(world: &World, account: &str, deployment: &str) -> String {
    let volume = litter(world, deployment);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let database = runtime.block_on(testkit::superuser("cloudsail"));
    let due = format!("UPDATE account SET reconcile_at = now() + interval '10 seconds' WHERE id = '{account}'");
    runtime.block_on(database.batch_execute(&due)).unwrap();
    volume
}

/// Nobody asked for it.
pub fn is_removed_by_the_schedule(world: &World, deployment: &str, volume: &str) {
    eventually("the schedule to remove a stray", || (!world.customer(&["holds", deployment]).1.contains(volume)).then_some(()));
}
