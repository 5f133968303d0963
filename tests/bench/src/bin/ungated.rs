//! `plan-get` without its rate limit, to see what that costs.

use http_api::Gate;
use plan_get::{Deps, handle};
use store::Store;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    http_api::log::start();
    let deps = Deps { store: Store::connect(config::Database::from_env()?) };
    http_api::serve(Gate::open(), deps, |deps, request| async move { handle(&deps, request).await }).await
}
