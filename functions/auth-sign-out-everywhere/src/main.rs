//! Route: POST /v1/auth/sign-out-everywhere.

use auth_sign_out_everywhere::{Deps, handle};
use cache::Cache;
use http_api::Gate;
use platform::identity::Identity;
use store::Store;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    http_api::log::start();
    let aws = aws_config::load_defaults(aws_config::BehaviorVersion::latest()).await;
    let store = Store::connect(config::Database::from_env()?);
    let cache = Cache::new(config::Cache::from_env()?);
    let gate = Gate::open().limited(cache, config::Rate::from_env()?.into()).once(store.clone());
    let deps = Deps { store, identity: Identity::new(&aws, config::Identity::from_env()?.client_id) };
    http_api::serve(gate, deps, |deps, request| async move { handle(&deps, request).await }).await
}
