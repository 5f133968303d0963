//! Event source: the jobs queue.

use clouds::aws::Connector;
use knowledge::Knowledge;
use lambda_runtime::{Error, run, service_fn};
use worker_jobs::{Deps, handle};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    http_api::log::start();
    let aws = aws_config::load_defaults(aws_config::BehaviorVersion::latest()).await;
    let deps = Deps {
        connector: Connector::new(aws.clone()),
        knowledge: Knowledge::read(&config::KnowledgeLayer::from_env().folder)?.into(),
        store: store::Store::connect(config::Database::from_env()?),
        queue: platform::queue::Queue::new(&aws, config::JobsQueue::from_env()?.url),
        sockets: platform::sockets::Sockets::new(&aws, &config::Sockets::from_env()?.post_url),
        deadlines: config::Deadlines::from_env()?,
        calls: config::Rate::of_customer_calls()?,
    };
    let deps = &deps;
    run(service_fn(async move |event| handle(deps, event).await)).await
}
