//! The jobs queue, played as SQS plays it: a message is delivered at least once, in no certain order, hidden from others while it is
//! handled, and delivered again if it is not deleted.

use engine::Sender;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use store::{News, OutboxMessage};
use tokio::sync::Notify;

/// As the queue in `terraform/modules/queue`.
const VISIBILITY: Duration = Duration::from_secs(90);
/// One message in so many is delivered twice.
const TWICE: u64 = 20;
/// A message may come before as many that were sent earlier.
const OUT_OF_ORDER: u64 = 5;

/// When a message can be received, and which it is.
pub(crate) type Receipt = (Instant, u64);

/// The queue.
#[derive(Default)]
pub(crate) struct Queue {
    messages: Mutex<BTreeMap<Receipt, String>>,
    news: Notify,
    sent: AtomicU64,
    delivered: AtomicU64,
}

/// Any number below `most`.
fn any(most: u64) -> u64 {
    getrandom::u64().unwrap_or_default() % most
}

impl Queue {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<Receipt, String>> {
        self.messages.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Messages that were sent so far, and deliveries.
    pub(crate) fn counts(&self) -> (u64, u64) {
        (self.sent.load(Ordering::Relaxed), self.delivered.load(Ordering::Relaxed))
    }

    /// The next message, and how long it has waited; it is hidden until it is deleted or its time is up.
    pub(crate) async fn receive(&self) -> (Receipt, String, Duration) {
        loop {
            let next = {
                let mut messages = self.lock();
                let now = Instant::now();
                let ready: Vec<_> = messages.range(..=(now, u64::MAX)).take(1 + any(OUT_OF_ORDER) as usize).map(|(at, _)| *at).collect();
                if let Some(at) = ready.last().copied()
                    && let Some(body) = messages.remove(&at)
                {
                    let number = self.delivered.fetch_add(1, Ordering::Relaxed);
                    let hidden = (now + VISIBILITY, number);
                    messages.insert(hidden, body.clone());
                    if any(TWICE) == 0 {
                        messages.insert((now, u64::MAX - number), body.clone());
                    }
                    return (hidden, body, now.duration_since(at.0));
                }
                messages.keys().next().map(|(at, _)| *at)
            };
            let wait = next.map_or(VISIBILITY, |at| at.saturating_duration_since(Instant::now()));
            let _ = tokio::time::timeout(wait, self.news.notified()).await;
        }
    }

    /// The message was handled.
    pub(crate) fn delete(&self, receipt: &Receipt) {
        self.lock().remove(receipt);
    }
}

impl Sender for Queue {
    async fn send(&self, message: &OutboxMessage) -> bool {
        let number = self.sent.fetch_add(1, Ordering::Relaxed);
        let at = Instant::now() + Duration::from_secs(message.delay_s.into());
        self.lock().insert((at, number), message.body.clone());
        self.news.notify_one();
        true
    }

    async fn tell(&self, _: &News) {}
}
