//! Route: POST /v1/deployment/{deployment_id}/connection/reveal.

use cache::Cache;
use clouds::aws::Connector;
use deployment_connection_reveal::{Deps, handle};
use http_api::Gate;
use store::Store;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    http_api::log::start();
    let store = Store::connect(config::Database::from_env()?);
    let cache = Cache::new(config::Cache::from_env()?);
    // No answer is kept for a repetition: each reveal is one of its own in the audit log, and the password stays out of our database.
    let gate = Gate::open().limited(cache, config::Rate::from_env()?.into());
    let deps = Deps { store, connector: Connector::from_environment().await };
    http_api::serve(gate, deps, |deps, request| async move { handle(&deps, request).await }).await
}
