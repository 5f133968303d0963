//! Route: $default, what no other route knows.

use http_api::Gate;
use route_default::{Deps, handle};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    http_api::log::start();
    let deps = Deps;
    http_api::serve(Gate::open(), deps, |deps, request| async move { handle(&deps, request).await }).await
}
