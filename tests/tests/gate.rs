//! What stands before a handler: answers that were given before, and the rate limit; on a real PostgreSQL and a real Redis.
#![expect(clippy::unwrap_used, reason = "a test that can't go on should stop where it stands")]

use cache::{Cache, Rate};
use cloudsail_tests::routes::{call, event_with};
use domain::UserId;
use http_api::{Error, Gate, Request, Response, finish};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use store::Store;
use testkit::{Database, user};

const EVENT: &str = include_str!("../fixtures/api-gateway-v2.json");

fn post(caller: Option<&UserId>, key: Option<&str>, body: &str) -> Request {
    let mut event: Value = serde_json::from_str(EVENT).unwrap();
    event["requestContext"]["http"]["method"] = json!("POST");
    match caller {
        Some(user) => event["requestContext"]["authorizer"]["jwt"]["claims"]["sub"] = json!(user.as_str()),
        None => event["requestContext"]["authorizer"] = Value::Null,
    }
    if let Some(key) = key {
        event["headers"]["idempotency-key"] = json!(key);
    }
    event["body"] = json!(body);
    Request::from_event(&event.to_string()).unwrap()
}

/// A handler that counts how often it was carried out, and answers something that nobody may read in a database.
async fn told(gate: &Gate, done: &AtomicU32, request: Request) -> (u16, String, Option<String>) {
    let handle = |_| async {
        let count = done.fetch_add(1, Ordering::SeqCst) + 1;
        Ok(Response::created(&json!({"count": count, "password": "hunter2-secret"})).with("location", format!("/v1/thing/{count}")))
    };
    let response = finish(gate.pass(request, handle).await, "req-1".to_owned());
    let location = response.header("location").map(str::to_owned);
    (response.status, response.body.map(|(_, text)| text).unwrap_or_default(), location)
}

#[tokio::test]
async fn the_same_request_again_gets_the_same_answer_and_is_done_once() {
    let database = Database::fresh().await;
    let (gate, done) = (Gate::open().once(database.store()), AtomicU32::new(0));
    let (me, you) = (user(), user());
    let first = told(&gate, &done, post(Some(&me), Some("key-1"), "{}")).await;
    assert_eq!((first.0, first.2.as_deref()), (201, Some("/v1/thing/1")));
    assert_eq!(told(&gate, &done, post(Some(&me), Some("key-1"), "{}")).await, first);
    assert_eq!(done.load(Ordering::SeqCst), 1);
    let (status, text, _) = told(&gate, &done, post(Some(&me), Some("key-1"), "{\"a\":1}")).await;
    assert_eq!((status, text.contains("idempotency_key_reused")), (422, true));
    assert_eq!(
        told(&gate, &done, post(Some(&you), Some("key-1"), "{}")).await.2.as_deref(),
        Some("/v1/thing/2"),
        "another user's key is another"
    );
    assert_eq!(told(&gate, &done, post(None, Some("key-1"), "{}")).await.2.as_deref(), Some("/v1/thing/3"), "and so is nobody's");
    assert_eq!(told(&gate, &done, post(Some(&me), None, "{}")).await.0, 201, "without a key it is carried out each time");
    for key in ["", "with space", "\u{e9}", &"x".repeat(256)] {
        let (status, text, _) = told(&gate, &done, post(Some(&me), Some(key), "{}")).await;
        assert!(status == 400 && text.contains("Idempotency-Key"), "{key}: {status} {text}");
    }
}

#[tokio::test]
async fn the_answer_to_a_refresh_cookie_is_for_who_sent_that_cookie() {
    let database = Database::fresh().await;
    let (gate, done) = (Gate::open().once(database.store()), AtomicU32::new(0));
    let with = |cookie: &str| {
        let mut event: Value = serde_json::from_str(EVENT).unwrap();
        event["requestContext"]["http"]["method"] = json!("POST");
        event["requestContext"]["authorizer"] = Value::Null;
        event["headers"]["idempotency-key"] = json!("key-1");
        event["cookies"] = json!([cookie]);
        event["body"] = json!("{}");
        Request::from_event(&event.to_string()).unwrap()
    };
    let mine = told(&gate, &done, with("__Host-refresh=mine")).await;
    assert_eq!(told(&gate, &done, with("__Host-refresh=mine")).await, mine);
    assert_eq!(told(&gate, &done, with("__Host-refresh=yours")).await.0, 422);
    assert_eq!((told(&gate, &done, post(None, Some("key-1"), "{}")).await.0, done.load(Ordering::SeqCst)), (422, 1));
}

#[tokio::test]
async fn what_is_kept_of_an_answer_can_not_be_read() {
    let database = Database::fresh().await;
    let gate = Gate::open().once(database.store());
    told(&gate, &AtomicU32::new(0), post(Some(&user()), Some("a-key-that-nobody-knows"), "{\"password\":\"hunter2\"}")).await;
    let rows = database.superuser().await.query_typed("SELECT i::text || encode(answer, 'escape') FROM idempotency i", &[]).await.unwrap();
    let text: String = rows[0].get(0);
    assert!(text.len() > 100, "the answer is there");
    for secret in ["hunter2", "a-key-that", "password", "location"] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
}

#[tokio::test]
async fn a_request_that_is_being_carried_out_is_not_carried_out_twice() {
    let database = Database::fresh().await;
    let (store, me) = (database.store(), user());
    let (gate, done) = (Gate::open().once(store.clone()), AtomicU32::new(0));
    let slow = gate.pass(post(Some(&me), Some("key-1"), "{}"), |_| async {
        tokio::time::sleep(Duration::from_millis(400)).await;
        done.fetch_add(1, Ordering::SeqCst);
        Ok(Response::no_content())
    });
    let second = async {
        tokio::time::sleep(Duration::from_millis(150)).await;
        told(&Gate::open().once(database.store()), &done, post(Some(&me), Some("key-1"), "{}")).await
    };
    let (first, (status, text, _)) = tokio::join!(slow, second);
    assert_eq!((first.unwrap().status, status, done.load(Ordering::SeqCst)), (204, 409, 1));
    assert!(text.contains("in_progress"));
}

#[tokio::test]
async fn a_request_that_came_to_nothing_may_be_sent_again() {
    let database = Database::fresh().await;
    let (store, me) = (database.store(), user());
    let (gate, done) = (Gate::open().once(store.clone()), AtomicU32::new(0));
    let failed = gate.pass(post(Some(&me), Some("key-1"), "{}"), |_| async { Err(Error::unavailable("the queue is gone")) }).await.unwrap();
    assert_eq!(failed.status, 503);
    assert_eq!(told(&gate, &done, post(Some(&me), Some("key-1"), "{}")).await.0, 201);
    // A function that died: its row is taken over when no function could be alive any more.
    let died = |seconds: u32| format!("UPDATE idempotency SET answer = NULL, started_at = now() - interval '{seconds} seconds'");
    let superuser = database.superuser().await;
    superuser.batch_execute(&died(60)).await.unwrap();
    assert_eq!(told(&gate, &done, post(Some(&me), Some("key-1"), "{}")).await.0, 409);
    superuser.batch_execute(&died(66)).await.unwrap();
    assert_eq!(told(&gate, &done, post(Some(&me), Some("key-1"), "{}")).await.0, 201);
    // After a day the key is new.
    superuser.batch_execute("UPDATE idempotency SET created_at = now() - interval '25 hours'").await.unwrap();
    assert_eq!(told(&gate, &done, post(Some(&me), Some("key-1"), "{\"other\":1}")).await.0, 201);
}

#[tokio::test]
async fn who_asks_too_often_is_told_when_to_come_back_and_others_are_not() {
    let cache = Cache::new(config::Cache::from_env().unwrap());
    let rate = Rate { per_second: 2.0, burst: 3.0 };
    let (gate, done) = (Gate::open().limited(cache, rate), AtomicU32::new(0));
    let (me, you) = (user(), user());
    let mut statuses = Vec::new();
    for _ in 0..5 {
        statuses.push(told(&gate, &done, post(Some(&me), None, "{}")).await.0);
    }
    assert_eq!(statuses, [201, 201, 201, 429, 429]);
    assert_eq!(told(&gate, &done, post(Some(&you), None, "{}")).await.0, 201);
    let refused = gate.pass(post(Some(&me), None, "{}"), |_| async { Ok(Response::no_content()) }).await;
    assert_eq!(finish(refused, "r".into()).header("retry-after"), Some("1"));
    tokio::time::sleep(Duration::from_millis(600)).await;
    assert_eq!(told(&gate, &done, post(Some(&me), None, "{}")).await.0, 201, "the bucket fills up again");
}

#[tokio::test]
async fn who_reads_too_often_gets_no_answer_and_soon_costs_nothing() {
    let cache = Cache::new(config::Cache::from_env().unwrap());
    let (gate, done) = (Gate::open().limited(cache, Rate { per_second: 2.0, burst: 2.0 }), AtomicU32::new(0));
    let read = || {
        let mut event: Value = serde_json::from_str(EVENT).unwrap();
        event["requestContext"]["authorizer"]["jwt"]["claims"]["sub"] = json!(user().as_str());
        Request::from_event(&event.to_string()).unwrap()
    };
    let (mine, yours) = (read(), read());
    let mut statuses = Vec::new();
    for _ in 0..6 {
        for request in [&mine, &yours] {
            let (status, text, _) = told(&gate, &done, request.clone()).await;
            assert_eq!(text.contains("hunter2-secret"), status == 201, "{status}: {text}");
            statuses.push(status);
        }
    }
    assert_eq!(statuses, [201, 201, 201, 201, 429, 429, 429, 429, 429, 429, 429, 429]);
    assert_eq!(done.load(Ordering::SeqCst), 6, "each read beside the limit once too often, and then no more");
    tokio::time::sleep(Duration::from_millis(600)).await;
    assert_eq!(told(&gate, &done, mine).await.0, 201, "the bucket fills up again");
}

#[tokio::test]
async fn without_redis_the_api_goes_on() {
    let gone = Cache::new(testkit::cache_at("redis://nobody@127.0.0.1:1"));
    let gate = Gate::open().limited(gone.clone(), Rate { per_second: 1.0, burst: 1.0 });
    let (me, done) = (user(), AtomicU32::new(0));
    for _ in 0..3 {
        assert_eq!(told(&gate, &done, post(Some(&me), None, "{}")).await.0, 201);
    }
    assert_eq!(gone.plans(&me, 20).await, None);
}

#[tokio::test]
async fn a_kept_list_is_forgotten_when_it_changes() {
    let cache = Cache::new(config::Cache::from_env().unwrap());
    let (me, you) = (user(), user());
    cache.keep_plans(&me, 20, "[1]").await;
    cache.keep_plans(&me, 5, "[2]").await;
    assert_eq!((cache.plans(&me, 20).await.as_deref(), cache.plans(&me, 5).await.as_deref()), (Some("[1]"), Some("[2]")));
    assert_eq!(cache.plans(&you, 20).await, None, "it is nobody else's");
    let database = Database::fresh().await;
    let ask = async |headers: &[(&str, &str)]| {
        let request = event_with("GET", Some(&me), &json!({}), &json!({}), None, headers);
        cloudsail_tests::routes::told(call("plan-list", &database.store(), request).await).1
    };
    assert_eq!(ask(&[]).await, json!([1]), "what was kept");
    let now = json!({"items": [], "next_cursor": null});
    assert_eq!((ask(&[("cache-control", "no-cache")]).await, ask(&[]).await), (now.clone(), now), "as it is, which is kept then");
    cache.forget_plans(&me).await;
    assert_eq!((cache.plans(&me, 20).await, cache.plans(&me, 5).await), (None, None));
}

/// The store of a gate is used by POSTs alone.
#[tokio::test]
async fn a_get_with_a_key_is_just_a_get() {
    let gone: Store = Database::fresh().await.store_that_is_gone();
    let gate = Gate::open().once(gone);
    let mut event: Value = serde_json::from_str(EVENT).unwrap();
    event["headers"]["idempotency-key"] = json!("key-1");
    let request = Request::from_event(&event.to_string()).unwrap();
    assert_eq!(request.method(), "GET");
    assert_eq!(gate.pass(request, |_| async { Ok(Response::no_content()) }).await.unwrap().status, 204);
}
