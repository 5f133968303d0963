//! Invoked after each apply.

use database_migrate::{Deps, handle};
use lambda_runtime::{Error, run, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    http_api::log::start();
    let aws = aws_config::load_defaults(aws_config::BehaviorVersion::latest()).await;
    let deps = Deps { secrets: aws_sdk_secretsmanager::Client::new(&aws), database: config::AdminDatabase::from_env()? };
    let deps = &deps;
    run(service_fn(async move |event| handle(deps, event).await)).await
}
