//! Messages to pages that are open, through API Gateway's WebSockets.

use aws_sdk_apigatewaymanagement::Client;
use aws_sdk_apigatewaymanagement::config::Builder;
use aws_sdk_apigatewaymanagement::config::timeout::TimeoutConfig;
use aws_sdk_apigatewaymanagement::error::DisplayErrorContext;
use aws_sdk_apigatewaymanagement::primitives::Blob;
use domain::{PlanId, UserId};
use futures_util::future::join_all;
use serde_json::{Value, json};
use std::time::Duration;
use store::{News, Store};

/// Who posts waits no longer: the page asks by itself for what it missed.
const PATIENCE: Duration = Duration::from_secs(2);

/// The WebSocket API's stage.
#[derive(Debug, Clone)]
pub struct Sockets {
    client: Client,
}

impl Sockets {
    /// `url` is where connections are posted to: the stage's address, `https:`.
    #[must_use]
    pub fn new(aws: &aws_config::SdkConfig, url: &str) -> Self {
        let timeouts = TimeoutConfig::builder().operation_timeout(PATIENCE).build();
        Self { client: Client::from_conf(Builder::from(aws).endpoint_url(url).timeout_config(timeouts).build()) }
    }

    /// Tells every socket of the news, and answers those that are closed. What could not be told is only logged.
    pub async fn post(&self, news: &News) -> Vec<String> {
        let message = json!({
            "sequence": news.sequence,
            "plan": news.plan,
            "deployment": news.deployment,
            "status": news.status,
        });
        let told = join_all(news.sockets.iter().map(|id| self.send(id, &message))).await;
        news.sockets.iter().zip(told).filter(|(_, open)| !open).map(|(id, _)| id.clone()).collect()
    }

    /// Tells, and forgets sockets that are closed. Nothing depends on it, so nothing is answered.
    pub async fn tell(&self, store: &Store, news: &News) {
        let closed = self.post(news).await;
        if !closed.is_empty()
            && let Err(error) = store.remove_sockets(&closed).await
        {
            tracing::warn!(%error, "closed sockets are left to the next who finds them so");
        }
    }

    /// Tells the owner's pages that a plan itself was made, changed or deleted.
    pub async fn tell_of_plan(&self, store: &Store, owner: &UserId, plan: &PlanId) {
        match store.plan_news(owner, plan).await {
            Ok(Some(news)) => self.tell(store, &news).await,
            Ok(None) => {}
            Err(error) => tracing::warn!(%error, "open pages are not told of the plan"),
        }
    }

    /// Sends one message. Answers `false` if the socket is closed.
    pub async fn send(&self, id: &str, message: &Value) -> bool {
        let sent = self.client.post_to_connection().connection_id(id).data(Blob::new(message.to_string())).send().await;
        match sent.map_err(|error| error.into_service_error()) {
            Ok(_) => true,
            Err(error) if error.is_gone_exception() => false,
            Err(error) => {
                tracing::warn!(error = %DisplayErrorContext(&error), "a page was not told");
                true
            }
        }
    }
}
