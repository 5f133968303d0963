//! Route: GET /v1/plan/{plan_id}.

use plan_get::{Deps, handle};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    http_api::log::start();
    let deps = Deps { store: store::Store::connect(config::Database::from_env()?) };
    http_api::serve(deps, |deps, request| async move { handle(&deps, request).await }).await
}
