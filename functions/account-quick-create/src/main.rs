//! Route: POST /v1/account/{account_id}/quick-create.

use account_quick_create::{Deps, handle};
use cache::Cache;
use http_api::Gate;
use platform::objects::Bucket;
use store::Store;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    http_api::log::start();
    let aws = aws_config::load_defaults(aws_config::BehaviorVersion::latest()).await;
    let store = Store::connect(config::Database::from_env()?);
    let cache = Cache::new(config::Cache::from_env()?);
    // No answer is kept for a repetition: whoever has the address can read the template, so it stays out of our database.
    let gate = Gate::open().limited(cache, config::Rate::from_env()?.into());
    let media = config::Bucket::media_from_env()?;
    let deps = Deps { store, control: config::ControlPlane::from_env()?, bucket: Bucket::new(&aws, media.name, media.region) };
    http_api::serve(gate, deps, |deps, request| async move { handle(&deps, request).await }).await
}
