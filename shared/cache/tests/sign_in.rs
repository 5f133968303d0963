//! Who may use the cache: a Redis with the access string of ElastiCache's user, and nobody without it.
#![expect(clippy::unwrap_used, reason = "a test that can't go on should stop where it stands")]

use cache::{ACCESS_STRING, Cache, Rate, Taken};
use domain::UserId;
use redis::{Cmd, ConnectionAddr, IntoConnectionInfo, RedisConnectionInfo};
use testkit::{Redis, cache_at, user};

/// What a cache answers that Redis must have let in. On a busy machine Redis may miss the 100 ms that it is given, so that a new
/// cache asks again.
async fn answered<T>(redis: &Redis, ask: impl AsyncFn(Cache) -> Option<T>) -> T {
    for _ in 0..20 {
        if let Some(answer) = ask(Cache::new(cache_at(&redis.url()))).await {
            return answer;
        }
    }
    panic!("Redis refuses its own user");
}

async fn kept(cache: &Cache, owner: &UserId) -> Option<String> {
    cache.keep_plans(owner, 20, "[1]").await;
    cache.plans(owner, 20).await
}

#[tokio::test]
async fn all_that_the_functions_ask_for_is_granted() {
    let (redis, me) = (Redis::start("functions", ACCESS_STRING), user());
    let rate = Rate { per_second: 1.0, burst: 2.0 };
    let taken = answered(&redis, async |cache| Some(cache.take(&me, rate).await).filter(|taken| *taken != Taken::Unknown)).await;
    assert_eq!(taken, Taken::Yes);
    assert_eq!(answered(&redis, async |cache| kept(&cache, &me).await).await, "[1]");
    let forgotten = async |cache: Cache| {
        cache.forget_plans(&me).await;
        // Its answer shows that Redis is there, and does not only fail to find the list.
        cache.keep_plans(&me, 5, "[2]").await;
        cache.plans(&me, 5).await?;
        Some(cache.plans(&me, 20).await)
    };
    assert_eq!(answered(&redis, forgotten).await, None);
    let choices = async |cache: Cache| {
        cache.keep_catalogue("v1", "aws", None, "{}").await;
        cache.catalogue("v1", "aws", None).await
    };
    assert_eq!(answered(&redis, choices).await, "{}");
}

#[tokio::test]
async fn a_user_of_another_name_gets_nothing() {
    let (redis, me) = (Redis::start("functions", ACCESS_STRING), user());
    let stranger = Cache::new(cache_at(&redis.url_of("stranger")));
    assert_eq!(stranger.take(&me, Rate { per_second: 1.0, burst: 1.0 }).await, Taken::Unknown);
    answered(&redis, async |cache| kept(&cache, &me).await).await;
    assert_eq!(Cache::new(cache_at(&redis.url_of("stranger"))).plans(&me, 20).await, None);
    assert_eq!(Cache::new(cache_at(&redis.url_of("default"))).plans(&me, 20).await, None);
}

/// What Redis says to a client that signed in as the functions do, or not at all.
async fn said(redis: &Redis, signed_in: bool, command: &[&str]) -> String {
    let port = redis.url().rsplit_once(':').unwrap().1.parse().unwrap();
    let settings = RedisConnectionInfo::default().set_skip_set_lib_name();
    let settings = if signed_in { settings.set_username("functions").set_password("token") } else { settings };
    let place = ConnectionAddr::Tcp("127.0.0.1".to_owned(), port).into_connection_info().unwrap().set_redis_settings(settings);
    let mut connection = redis::Client::open(place).unwrap().get_multiplexed_async_connection().await.unwrap();
    let answer = Cmd::new().arg(command).query_async::<redis::Value>(&mut connection).await;
    answer.map_or_else(|error| error.code().unwrap_or_default().to_owned(), |_| "done".to_owned())
}

#[tokio::test]
async fn redis_lets_in_who_signed_in_and_to_the_functions_keys_alone() {
    let redis = Redis::start("functions", ACCESS_STRING);
    let get = ["GET", "catalogue:v1:aws:"];
    assert_eq!(said(&redis, true, &get).await, "done");
    assert_eq!(said(&redis, false, &get).await, "NOAUTH");
    for refused in
        [&["GET", "session:1"][..], &["SET", "other", "1"], &["KEYS", "*"], &["FLUSHALL"], &["ACL", "LIST"], &["CONFIG", "GET", "*"]]
    {
        assert_eq!(said(&redis, true, refused).await, "NOPERM", "{refused:?}");
    }
}
