//! Route: GET /v1/catalogue.

use cache::Cache;
use catalogue_get::{Deps, handle};
use http_api::Gate;
use knowledge::Knowledge;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    http_api::log::start();
    let cache = Cache::new(config::Cache::from_env()?);
    let gate = Gate::open().limited(cache.clone(), config::Rate::from_env()?.into());
    let deps = Deps { knowledge: Knowledge::read(&config::KnowledgeLayer::from_env().folder)?, cache };
    http_api::serve(gate, deps, |deps, request| async move { handle(&deps, request).await }).await
}
