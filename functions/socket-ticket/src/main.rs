//! Route: POST /v1/socket/ticket.

use cache::Cache;
use http_api::Gate;
use socket_ticket::{Deps, handle};
use store::Store;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    http_api::log::start();
    let store = Store::connect(config::Database::from_env()?);
    let cache = Cache::new(config::Cache::from_env()?);
    let gate = Gate::open().limited(cache, config::Rate::from_env()?.into());
    let deps = Deps { store, address: config::SocketAddress::from_env()? };
    http_api::serve(gate, deps, |deps, request| async move { handle(&deps, request).await }).await
}
