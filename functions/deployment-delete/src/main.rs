//! Route: DELETE /v1/deployment/{deployment_id}.

use cache::Cache;
use deployment_delete::{Deps, handle};
use http_api::Gate;
use platform::queue::Queue;
use store::Store;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    http_api::log::start();
    let aws = aws_config::load_defaults(aws_config::BehaviorVersion::latest()).await;
    let store = Store::connect(config::Database::from_env()?);
    let cache = Cache::new(config::Cache::from_env()?);
    let gate = Gate::open().limited(cache.clone(), config::Rate::from_env()?.into());
    let queue = Queue::new(&aws, config::JobsQueue::from_env()?.url);
    let deps = Deps { store, queue, cache, window: config::UndoWindow::from_env()?.length };
    http_api::serve(gate, deps, |deps, request| async move { handle(&deps, request).await }).await
}
