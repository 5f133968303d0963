//! The WebSocket API's authorizer.

use lambda_runtime::{Error, run, service_fn};
use socket_authorize::{Deps, handle};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    http_api::log::start();
    let deps = Deps { store: store::Store::connect(config::Database::from_env()?) };
    let deps = &deps;
    run(service_fn(async move |event| handle(deps, event).await)).await
}
