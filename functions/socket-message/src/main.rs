//! WebSocket: every message.

use lambda_runtime::{Error, run, service_fn};
use socket_message::{Deps, handle};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    http_api::log::start();
    let aws = aws_config::load_defaults(aws_config::BehaviorVersion::latest()).await;
    let deps = Deps {
        store: store::Store::connect(config::Database::from_env()?),
        sockets: platform::sockets::Sockets::new(&aws, &config::Sockets::from_env()?.post_url),
    };
    let deps = &deps;
    run(service_fn(async move |event| handle(deps, event).await)).await
}
