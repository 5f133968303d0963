//! A database that is destroyed, and brought back with its rows.

use crate::changes::{machine, sql};
use crate::eventually;
use crate::world::World;

/// A table `visit` with one row is there.
pub fn destroyed_and_back(world: &World, id: &str) {
    let (host, at_first) = (world.json(&["connect", id])["host"].as_str().unwrap().to_owned(), machine(world, id));
    world.json(&["destroy", id]);
    let stopped = eventually("the machine to be stopped", || {
        let now = world.json(&["status", id]);
        (now["steps"].as_array()?.last()?["name"] == "window").then_some(now)
    });
    assert_eq!((&stopped["status"], stopped["destroy_at"].is_string()), (&"destroying".into(), true), "{stopped:#}");
    let (_, held) = world.customer(&["holds", id]);
    assert!(held.contains(&at_first) && held.contains("volume ") && held.contains("secret "), "everything is there: {held}");

    world.json(&["undo", id]);
    let (back, took) = world.wait_for(id, "running");
    println!("back {:.1} s after a destroy was undone", took.as_secs_f64());
    assert!(back["destroy_at"].is_null());
    assert_eq!((machine(world, id), world.json(&["connect", id])["host"].as_str().unwrap()), (at_first, host.as_str()));
    assert_eq!(sql(world, id, "TABLE visit"), "me", "with its rows");
}
