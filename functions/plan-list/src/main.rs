//! Route: GET /v1/plan.

use cache::Cache;
use http_api::Gate;
use plan_list::{Deps, handle};
use store::Store;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    http_api::log::start();
    let store = Store::connect(config::Database::from_env()?);
    let cache = Cache::new(config::Cache::from_env()?);
    let gate = Gate::open().limited(cache.clone(), config::Rate::from_env()?.into());
    let deps = Deps { store, cache };
    http_api::serve(gate, deps, |deps, request| async move { handle(&deps, request).await }).await
}
