//! Route: POST /v1/auth/resend.

use auth_resend::{Deps, handle};
use http_api::Gate;
use platform::identity::Identity;
use store::Store;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    http_api::log::start();
    let aws = aws_config::load_defaults(aws_config::BehaviorVersion::latest()).await;
    let store = Store::connect(config::Database::from_env()?);
    let gate = Gate::open().once(store);
    let deps = Deps { identity: Identity::new(&aws, config::Identity::from_env()?.client_id) };
    http_api::serve(gate, deps, |deps, request| async move { handle(&deps, request).await }).await
}
