//! Route: GET /docs.

use docs_show::{Deps, handle};
use http_api::Gate;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    http_api::log::start();
    let deps = Deps;
    http_api::serve(Gate::open(), deps, |deps, request| async move { handle(&deps, request).await }).await
}
