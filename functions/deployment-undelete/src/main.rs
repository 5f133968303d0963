//! Route: POST /v1/deployment/{deployment_id}/undelete.

use cache::Cache;
use deployment_undelete::{Deps, handle};
use http_api::Gate;
use platform::queue::Queue;
use store::Store;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    http_api::log::start();
    let aws = aws_config::load_defaults(aws_config::BehaviorVersion::latest()).await;
    let store = Store::connect(config::Database::from_env()?);
    let cache = Cache::new(config::Cache::from_env()?);
    let gate = Gate::open().limited(cache.clone(), config::Rate::from_env()?.into()).once(store.clone());
    let deps = Deps { store, queue: Queue::new(&aws, config::JobsQueue::from_env()?.url), cache };
    http_api::serve(gate, deps, |deps, request| async move { handle(&deps, request).await }).await
}
