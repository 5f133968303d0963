//! Route: POST /v1/plan/{plan_id}/deploy.

use plan_deploy::{Deps, handle};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    http_api::log::start();
    let aws = aws_config::load_defaults(aws_config::BehaviorVersion::latest()).await;
    let queue = platform::queue::Queue::new(&aws, config::JobsQueue::from_env()?.url);
    let deps = Deps { store: store::Store::connect(config::Database::from_env()?), queue };
    http_api::serve(deps, |deps, request| async move { handle(&deps, request).await }).await
}
