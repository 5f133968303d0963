//! Route: POST /v1/auth/sign-in.

use auth_sign_in::{Deps, handle};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    http_api::log::start();
    let aws = aws_config::load_defaults(aws_config::BehaviorVersion::latest()).await;
    let deps = Deps { identity: platform::identity::Identity::new(&aws, config::Identity::from_env()?.client_id) };
    http_api::serve(deps, |deps, request| async move { handle(&deps, request).await }).await
}
