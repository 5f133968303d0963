//! Route: POST /v1/plan.

use cache::Cache;
use http_api::Gate;
use knowledge::Knowledge;
use plan_create::{Deps, handle};
use platform::sockets::Sockets;
use store::Store;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    http_api::log::start();
    let store = Store::connect(config::Database::from_env()?);
    let cache = Cache::new(config::Cache::from_env()?);
    let gate = Gate::open().limited(cache.clone(), config::Rate::from_env()?.into()).once(store.clone());
    let aws = aws_config::load_defaults(aws_config::BehaviorVersion::latest()).await;
    let sockets = Sockets::new(&aws, &config::Sockets::from_env()?.post_url);
    let deps = Deps { knowledge: Knowledge::read(&config::KnowledgeLayer::from_env().folder)?, store, cache, sockets };
    http_api::serve(gate, deps, |deps, request| async move { handle(&deps, request).await }).await
}
