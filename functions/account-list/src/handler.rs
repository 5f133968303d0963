//! All cloud accounts of a person, newest first.

use domain::AccountId;
use http_api::{Error, Problem, Request, Response, view};
use store::Store;

/// What the function is built from.
pub struct Deps {
    /// The rows.
    pub store: Store,
}

/// A page of accounts; `next_cursor` leads to the next one.
#[utoipa::path(get, path = "/v1/account", operation_id = "account-list", security(("bearer" = [])),
    params(("limit" = Option<u32>, Query, minimum = 1, maximum = 100), ("cursor" = Option<String>, Query)),
    responses((status = 200, description = "Accounts", body = view::Page<view::Account>), (status = 400, description = "A parameter is wrong", body = Problem),
        (status = 401, description = "Nobody is signed in", body = Problem)))]
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Error> {
    let limit = request.limit()?;
    let cursor: Option<AccountId> = request.query("cursor", "the `next_cursor` of an earlier page")?;
    let owner = request.user()?;
    let accounts = deps.store.accounts(&owner, limit, cursor.as_ref()).await?;
    Ok(Response::ok(&view::Page::<view::Account>::of(&accounts, limit, |account| account.id.to_string())))
}
