//! One token bucket a user.

use crate::Cache;
use domain::UserId;
use std::sync::PoisonError;
use std::time::{Duration, Instant};

/// How fast a bucket fills and how much it holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rate {
    /// Tokens a second.
    pub per_second: f64,
    /// The most it holds.
    pub burst: f64,
}

impl From<config::Rate> for Rate {
    fn from(rate: config::Rate) -> Self {
        Self { per_second: rate.per_second, burst: rate.burst }
    }
}

/// Whether there was a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// Go on.
    Yes,
    /// There is one after this long.
    NotBefore(Duration),
    /// Redis is not there: go on, and say so in the metrics.
    Unknown,
}

/// One round trip, and no race: the bucket is filled up to now, and a token is taken if there is one.
const TAKE: &str = "
local rate, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
local time = redis.call('TIME')
local now = tonumber(time[1]) + tonumber(time[2]) / 1000000
local bucket = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local tokens = math.min(burst, (tonumber(bucket[1]) or burst) + (now - (tonumber(bucket[2]) or now)) * rate)
local wait = 0
if tokens >= 1 then tokens = tokens - 1 else wait = math.ceil((1 - tokens) / rate * 1000) end
redis.call('HSET', KEYS[1], 'tokens', tostring(tokens), 'at', tostring(now))
redis.call('PEXPIRE', KEYS[1], math.ceil(burst / rate * 1000) + 1000)
return wait";

impl Cache {
    /// Takes a token from the user's bucket.
    pub async fn take(&self, user: &UserId, rate: Rate) -> Taken {
        let key = format!("rate:{}", user.as_str());
        let asked = self.ask(async |mut connection| {
            let mut command = redis::cmd("EVAL");
            command.arg(TAKE).arg(1).arg(key).arg(rate.per_second).arg(rate.burst);
            command.query_async::<u64>(&mut connection).await
        });
        match asked.await {
            None => Taken::Unknown,
            Some(0) => Taken::Yes,
            Some(milliseconds) => {
                let (wait, now) = (Duration::from_millis(milliseconds), Instant::now());
                let mut refused = self.shared.refused.lock().unwrap_or_else(PoisonError::into_inner);
                refused.retain(|(known, until)| *until > now && known != user);
                refused.push((user.clone(), now + wait));
                Taken::NotBefore(wait)
            }
        }
    }

    /// How long the user has to wait still, if this process was told so before: no bucket fills sooner than it said.
    #[must_use]
    pub fn refused(&self, user: &UserId) -> Option<Duration> {
        let refused = self.shared.refused.lock().unwrap_or_else(PoisonError::into_inner);
        let (_, until) = refused.iter().find(|(known, _)| known == user)?;
        until.checked_duration_since(Instant::now()).filter(|wait| !wait.is_zero())
    }
}
