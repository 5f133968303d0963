//! What there is to choose from, with a real Redis and without one.
#![expect(clippy::unwrap_used, reason = "a test that can't go on should stop where it stands")]

use cache::Cache;
use cloudsail_tests::routes::{event, told};
use knowledge::Knowledge;
use serde_json::{Value, json};
use testkit::user;

/// The catalogue's answer by this knowledge, with a Redis at this address.
async fn choices(knowledge: &Knowledge, redis: &str, query: Value) -> (u16, Value) {
    let deps = catalogue_get::Deps { knowledge: knowledge.clone(), cache: Cache::new(testkit::cache_at(redis)) };
    told(catalogue_get::handle(&deps, event(Some(&user()), &json!({}), &query, None)).await)
}

const NO_REDIS: &str = "redis://nobody@127.0.0.1:1";

fn machine<'a>(answer: &'a Value, name: &str) -> &'a Value {
    answer["machines"].as_array().unwrap().iter().find(|machine| machine["name"] == name).unwrap_or(&Value::Null)
}

#[tokio::test]
async fn the_catalogue_says_what_a_region_offers_and_what_it_costs_as_far_as_it_is_known() {
    let known = Knowledge::built_in();
    let (status, all) = choices(known, NO_REDIS, json!({})).await;
    assert_eq!((status, &all["provider"], &all["region"]), (200, &json!("aws"), &Value::Null));
    assert!(all.to_string().len() < 1_000_000 && all["regions"].as_array().unwrap().contains(&json!("ca-central-1")));
    let (debian, disk) = (&all["systems"][0], (&all["disk_min_gib"], &all["disk_max_gib"]));
    assert_eq!((&debian["version"], &debian["postgres"], disk), (&json!("13"), &json!(["17"]), (&json!(10), &json!(16384))));
    let (_, here) = choices(known, NO_REDIS, json!({"region": "us-east-1"})).await;
    let medium =
        json!({"name": "t3.medium", "cpu": 2, "memory_mib": 4096, "architecture": "x86_64", "burstable": true, "hourly": "0.0416"});
    assert_eq!((machine(&here, "t3.medium"), &here["region_borrowed"], &here["currency"]), (&medium, &Value::Null, &json!("USD")));
    let (_, there) = choices(known, NO_REDIS, json!({"region": "ca-central-1"})).await;
    assert_eq!((machine(&there, "t3.medium"), &there["region_borrowed"]), (&medium, &json!("us-east-1")));
    assert_eq!((there["priced_at"].as_str().map(str::len), machine(&there, "t3.nano")), (Some(10), &Value::Null));
    let left_out: u64 = there["left_out"].as_array().unwrap().iter().filter_map(|part| part["count"].as_u64()).sum();
    assert!(left_out > 0 && there["machines"].as_array().unwrap().len() as u64 + left_out == known.catalogue.machines().len() as u64);
    let (_, gcp) = choices(known, NO_REDIS, json!({"provider": "gcp", "region": "northamerica-northeast1"})).await;
    assert_eq!((&machine(&gcp, "n2-standard-4")["hourly"], &gcp["priced_at"]), (&Value::Null, &Value::Null), "unknown is not 0");
    for (query, pointer, named) in [
        (json!({"provider": "oracle"}), "?provider", "oracle"),
        (json!({"provider": "azure", "region": "ca-central-1"}), "?region", "ca-central-1"),
        (json!({"region": "canadacentral"}), "?region", "canadacentral"),
    ] {
        let (status, answer) = choices(known, NO_REDIS, query).await;
        assert_eq!((status, answer["errors"][0]["pointer"].as_str()), (400, Some(pointer)), "{answer}");
        assert!(answer["detail"].as_str().unwrap().contains(&format!("`{named}`")), "{answer}");
    }
}

#[tokio::test]
async fn a_kept_catalogue_is_the_fresh_one_and_hides_no_new_layer() {
    let (known, redis) = (Knowledge::built_in(), config::Cache::from_env().unwrap());
    let query = || json!({"region": "eu-west-1"});
    let fresh = choices(known, NO_REDIS, query()).await;
    let kept = async |region| Cache::new(redis.clone()).catalogue(known.catalogue.version(), "aws", Some(region)).await;
    // On a busy machine Redis may miss the 100 ms that it is given.
    let mut found = None;
    for _ in 0..100 {
        assert_eq!(choices(known, &redis.url, query()).await, fresh);
        found = kept("eu-west-1").await;
        if found.is_some() {
            break;
        }
    }
    assert_eq!(serde_json::from_str::<Value>(&found.expect("Redis keeps it")).unwrap(), fresh.1);
    assert_eq!(choices(known, &redis.url, query()).await, fresh, "and it is answered again");
    let (_, made_up) = choices(known, &redis.url, json!({"region": "xx-nowhere-1"})).await;
    assert_eq!(made_up["machines"].as_array().map(Vec::len), Some(known.catalogue.offer().machines.len()));
    assert_eq!(kept("xx-nowhere-1").await, None, "names without end are not kept");
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("dearer");
    std::fs::create_dir_all(&folder).unwrap();
    for file in std::fs::read_dir(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../layers/knowledge")).unwrap().flatten() {
        let text = std::fs::read_to_string(file.path()).unwrap().replace("\"t3.medium\":41600", "\"t3.medium\":99999");
        std::fs::write(folder.join(file.file_name()), text).unwrap();
    }
    let (_, dearer) = choices(&Knowledge::read(&folder).unwrap(), &redis.url, query()).await;
    assert_eq!(machine(&dearer, "t3.medium")["hourly"], "0.099999");
}
