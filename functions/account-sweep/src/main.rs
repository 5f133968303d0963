//! Event source: a schedule, every five minutes.

use account_sweep::{Deps, handle};
use clouds::aws::Connector;
use knowledge::Knowledge;
use lambda_runtime::{Error, run, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    http_api::log::start();
    let deps = Deps {
        knowledge: Knowledge::read(&config::KnowledgeLayer::from_env().folder)?,
        store: store::Store::connect(config::Database::from_env()?),
        connector: Connector::from_environment().await,
        reconcile: config::Reconcile::from_env()?,
        calls: config::Rate::of_customer_calls()?,
    };
    let deps = &deps;
    run(service_fn(async move |event| handle(deps, event).await)).await
}
