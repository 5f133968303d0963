//! Route: GET /v1/changes.

use cache::Cache;
use change_list::{Deps, handle};
use http_api::Gate;
use store::Store;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    http_api::log::start();
    let store = Store::connect(config::Database::from_env()?);
    let cache = Cache::new(config::Cache::from_env()?);
    let gate = Gate::open().limited(cache, config::Rate::from_env()?.into());
    http_api::serve(gate, Deps { store }, |deps, request| async move { handle(&deps, request).await }).await
}
