//! Route: POST /v1/auth/code.

use auth_code::{Deps, handle};
use http_api::Gate;
use platform::page::Page;
use store::Store;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    http_api::log::start();
    let store = Store::connect(config::Database::from_env()?);
    let gate = Gate::open().once(store);
    let client_id = config::Identity::from_env()?.client_id;
    let page = config::SignInPage::from_env().url.map(|url| Page::new(&url, client_id));
    let deps = Deps { page, days: config::Session::from_env()?.days };
    http_api::serve(gate, deps, |deps, request| async move { handle(&deps, request).await }).await
}
