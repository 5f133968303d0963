//! Route: POST /v1/account/{account_id}/reconcile.

use account_reconcile::{Deps, handle};
use cache::Cache;
use clouds::aws::Connector;
use http_api::Gate;
use knowledge::Knowledge;
use store::Store;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    http_api::log::start();
    let knowledge = Knowledge::read(&config::KnowledgeLayer::from_env().folder)?;
    let store = Store::connect(config::Database::from_env()?);
    let cache = Cache::new(config::Cache::from_env()?);
    let gate = Gate::open().limited(cache, config::Rate::from_env()?.into()).once(store.clone());
    let deps = Deps {
        knowledge,
        store,
        connector: Connector::from_environment().await,
        reconcile: config::Reconcile::from_env()?,
        calls: config::Rate::of_customer_calls()?,
    };
    http_api::serve(gate, deps, |deps, request| async move { handle(&deps, request).await }).await
}
