//! Route: POST /v1/account.

use account_create::{Deps, handle};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    http_api::log::start();
    let store = store::Store::connect(config::Database::from_env()?);
    let deps = Deps { store, control: config::ControlPlane::from_env()? };
    http_api::serve(deps, |deps, request| async move { handle(&deps, request).await }).await
}
