//! A person unlinks a cloud account.

use domain::AccountId;
use http_api::{Error, Problem, Request, Response};
use store::Store;

/// What the function is built from.
pub struct Deps {
    /// The rows.
    pub store: Store,
}

/// Forgets the account. Its role is yours: delete its stack in your account to end the access.
#[utoipa::path(delete, path = "/v1/account/{account_id}", operation_id = "account-delete", security(("bearer" = [])),
    params(("account_id" = String, Path)),
    responses((status = 204, description = "Forgotten"), (status = 401, description = "Nobody is signed in", body = Problem),
        (status = 404, description = "There is none of yours", body = Problem),
        (status = 409, description = "A deployment lives in it", body = Problem)))]
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Error> {
    let id: AccountId = request.path("account_id")?;
    let deed = request.deed()?;
    deps.store.remove_account(&deed, &id).await?;
    Ok(Response::no_content())
}
