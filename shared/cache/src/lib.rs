#![doc = include_str!("../README.md")]

mod address;
mod bucket;
mod catalogue;
mod plans;
mod token;

pub use bucket::{Rate, Taken};
pub use token::authentication_token;

use domain::UserId;
use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, Client, ErrorKind, FromRedisValue, IntoConnectionInfo, RedisConnectionInfo, RedisError, RedisResult};
use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};
use tokio::sync::Mutex;

/// What the functions' user may do, as ElastiCache and Redis write it: these keys, by the commands that stand in this crate. Terraform and
/// the local cloud read the same file.
pub const ACCESS_STRING: &str = include_str!("../access-string.txt");
/// How long an answer is waited for; a healthy one takes less than a millisecond.
const PATIENCE: Duration = Duration::from_millis(100);
/// How long Redis is left alone after it did not answer.
const LEFT_ALONE: Duration = Duration::from_secs(10);

/// Redis, if it is there.
#[derive(Clone)]
pub struct Cache {
    shared: Arc<Shared>,
}

struct Shared {
    options: config::Cache,
    state: Mutex<State>,
    /// Who was refused, and until when; who may ask again leaves it at the next refusal.
    refused: std::sync::Mutex<Vec<(UserId, Instant)>>,
}

#[derive(Default)]
struct State {
    connection: Option<MultiplexedConnection>,
    left_alone_until: Option<Instant>,
}

impl Cache {
    /// A cache that connects on first use.
    #[must_use]
    pub fn new(options: config::Cache) -> Self {
        Self { shared: Arc::new(Shared { options, state: Mutex::default(), refused: std::sync::Mutex::default() }) }
    }

    /// Runs a command, or answers `None` where Redis is not there.
    async fn ask<T, F>(&self, command: impl FnOnce(MultiplexedConnection) -> F) -> Option<T>
    where
        T: FromRedisValue,
        F: Future<Output = RedisResult<T>>,
    {
        let mut state = self.shared.state.lock().await;
        if state.left_alone_until.is_some_and(|until| Instant::now() < until) {
            return None;
        }
        let asked = async {
            let connection = match &state.connection {
                Some(open) => open.clone(),
                // Boxed, so that what opens a connection once is no part of the state of each request.
                None => Box::pin(connect(&self.shared.options)).await?,
            };
            let answer = command(connection.clone()).await?;
            Ok::<_, RedisError>((connection, answer))
        };
        match tokio::time::timeout(PATIENCE, asked).await {
            Ok(Ok((connection, answer))) => {
                *state = State { connection: Some(connection), left_alone_until: None };
                Some(answer)
            }
            failed => {
                let reason =
                    failed.map_or_else(|_| "no answer".to_owned(), |answer| answer.map_or_else(|e| e.to_string(), |_| String::new()));
                *state = State { connection: None, left_alone_until: Some(Instant::now() + LEFT_ALONE) };
                tracing::warn!(reason, "Redis does not answer; going on without it");
                None
            }
        }
    }
}

/// Each connection signs a token of its own, since none opens a connection for longer than 15 minutes.
async fn connect(options: &config::Cache) -> RedisResult<MultiplexedConnection> {
    let (address, user) = address::parse(&options.url)?;
    let token = authentication_token(&options.credentials, &options.arn, user, SystemTime::now())
        .map_err(|error| (ErrorKind::AuthenticationFailed, "no token could be signed", error.to_string()))?;
    // The client's name is nothing that anybody looks at, and to set it would be one more right.
    let signed_in = RedisConnectionInfo::default().set_username(user).set_password(token).set_skip_set_lib_name();
    // `ask` sets the limit for all of it: each timer more costs every call a wake-up of the runtime.
    let unlimited = AsyncConnectionConfig::new().set_connection_timeout(None).set_response_timeout(None);
    let client = Client::open(address.into_connection_info()?.set_redis_settings(signed_in))?;
    client.get_multiplexed_async_connection_with_config(&unlimited).await
}
