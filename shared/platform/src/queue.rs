//! The queue that wakes strands.

use aws_sdk_sqs::Client;
use store::{OutboxMessage, Store};

/// The queue did not take a message.
#[derive(Debug, thiserror::Error)]
#[error("the queue did not take the message")]
pub struct Error(#[source] Box<aws_sdk_sqs::Error>);

/// A queue of messages that carry only ids.
#[derive(Debug, Clone)]
pub struct Queue {
    client: Client,
    url: String,
}

impl Queue {
    /// The queue of that URL.
    #[must_use]
    pub fn new(aws: &aws_config::SdkConfig, url: String) -> Self {
        Self { client: Client::new(aws), url }
    }

    /// Sends what was just committed. What is not sent stays in the outbox for the sweep, so nothing is answered.
    pub async fn send_outbox(&self, store: &Store, messages: &[OutboxMessage]) {
        let mut sent = Vec::new();
        for message in messages {
            match self.send(&message.body, message.delay_s).await {
                Ok(()) => sent.push(message.id),
                Err(error) => tracing::warn!(%error, "a wake-up is left to the sweep"),
            }
        }
        if !sent.is_empty()
            && let Err(error) = store.outbox_sent(&sent).await
        {
            tracing::warn!(%error, "a sent wake-up is left to the sweep, which sends it twice");
        }
    }

    /// Sends one message, delivered after `delay_s` seconds (at most 900).
    ///
    /// # Errors
    /// If the queue did not take it; the outbox still holds it.
    pub async fn send(&self, body: &str, delay_s: u32) -> Result<(), Error> {
        let delay = i32::try_from(delay_s.min(900)).unwrap_or(900);
        let sent = self.client.send_message().queue_url(&self.url).message_body(body).delay_seconds(delay).send().await;
        sent.map(drop).map_err(|error| Error(Box::new(error.into())))
    }
}
