//! Removes what nobody needs any more from the buckets: uploads that were never used, and mail that was delivered. No other
//! function may delete there.

mod clean_up;

use clean_up::{Clock, Tally, mail, tmp};
use lambda_runtime::{Error, LambdaEvent};
use platform::objects::Bucket;
use serde_json::{Value, json};
use std::time::{Duration, SystemTime};

/// What the function is built from.
pub struct Deps {
    /// Where people upload to.
    pub media: Bucket,
    /// Where mail comes in, in an environment that receives any.
    pub mail: Option<Bucket>,
    /// How long an upload may lie unused.
    pub tmp_age: Duration,
}

/// What one page takes at most; none is begun later than this before the timeout.
const PAGE: Duration = Duration::from_secs(30);

#[derive(Debug, thiserror::Error)]
#[error("{0} objects or lists failed; the lines of level ERROR before this one say which")]
struct Failed(usize);

/// Removes what is due and answers how much that was. What could not be removed, or was not reached in time, is left to the next
/// run, as everything is found anew each time.
pub async fn handle(deps: &Deps, event: LambdaEvent<Value>) -> Result<Value, Error> {
    let clock = Clock { now: now(&event.payload)?, until: event.context.deadline() - PAGE };
    let received = async {
        match &deps.mail {
            Some(bucket) => mail(bucket, &clock).await,
            None => Tally::default(),
        }
    };
    // Side by side, so that much of the one never keeps the other waiting.
    let (tmp, mail) = tokio::join!(tmp(&deps.media, deps.tmp_age, &clock), received);
    tracing::info!(tmp.removed, tmp.kept, tmp.failed, tmp.unfinished, mail.removed, mail.failed, mail.unfinished, "cleaned up");
    match tmp.failed + mail.failed {
        0 => Ok(json!({"tmp": tmp, "mail": mail})),
        failed => Err(Failed(failed).into()),
    }
}

/// The schedule's own time, so that a run that is repeated removes the same.
fn now(event: &Value) -> Result<SystemTime, Error> {
    let time = event.get("time").and_then(Value::as_str);
    Ok(time.map(str::parse::<jiff::Timestamp>).transpose()?.map_or_else(SystemTime::now, SystemTime::from))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_event_says_when_the_run_is() {
        let said = json!({"detail-type": "Scheduled Event", "time": "1970-01-02T00:00:01Z"});
        assert_eq!(now(&said).ok(), Some(SystemTime::UNIX_EPOCH + Duration::from_secs(86_401)));
        let before = SystemTime::now();
        assert!(now(&json!({})).is_ok_and(|time| time >= before), "a run by hand is now");
        assert!(now(&json!({"time": "tomorrow"})).is_err(), "a time that can't be read deletes nothing");
    }
}
