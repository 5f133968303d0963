//! Route: POST /v1/plan.

use plan_create::{Deps, handle};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    http_api::log::start();
    let deps = Deps { store: store::Store::connect(config::Database::from_env()?) };
    http_api::serve(deps, |deps, request| async move { handle(&deps, request).await }).await
}
