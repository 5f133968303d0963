//! A person has made the role; we look whether it can be used, and by nobody without the external id.

use clouds::{Cloud, aws};
use domain::AccountId;
use http_api::{Error, Problem, Request, Response, view};
use store::{Account, Store};

/// What the function is built from.
pub struct Deps {
    /// The rows.
    pub store: Store,
}

/// Assumes the role with the external id, and makes sure that it can't be assumed without.
#[utoipa::path(post, path = "/v1/account/{account_id}/verify", operation_id = "account-verify", security(("bearer" = [])),
    params(("account_id" = String, Path)),
    responses((status = 200, description = "The account; its status is `verified` or `failed`, with the reason", body = view::Account),
        (status = 401, description = "Nobody is signed in", body = Problem), (status = 404, description = "There is none of yours", body = Problem)))]
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Error> {
    let id: AccountId = request.path("account_id")?;
    let deed = request.deed()?;
    let account = deps.store.account(&deed.actor, &id).await?;
    let account = match problem(&account).await? {
        None => deps.store.set_account_verified(&deed, &id).await?,
        Some(reason) => deps.store.set_account_failed(&deed, &id, &reason).await?,
    };
    Ok(Response::ok(&view::Account::from(&account)))
}

/// What a person must change, if anything.
async fn problem(account: &Account) -> Result<Option<String>, Error> {
    let role = &account.role_arn;
    let cloud = match aws::connect(role, Some(&account.external_id), &account.region, "verify").await {
        Ok(cloud) => cloud,
        Err(clouds::Error::Denied { .. } | clouds::Error::NotFound { .. }) => {
            return Ok(Some(format!(
                "the role {role} can't be assumed: create its stack from the template in account {}, with the external id as it stands there",
                account.aws_account_id
            )));
        }
        Err(error) => return Err(Error::unavailable(error)),
    };
    let identity = cloud.check_account().await.map_err(Error::unavailable)?;
    if identity.account_id != account.aws_account_id {
        return Ok(Some(format!("the role {role} leads to account {}, not to {}", identity.account_id, account.aws_account_id)));
    }
    match aws::connect(role, None, &account.region, "verify").await {
        Err(clouds::Error::Denied { .. }) => Ok(None),
        Err(error) => Err(Error::unavailable(error)),
        Ok(_) => Ok(Some(format!(
            "the role {role} can be assumed without the external id: add the condition StringEquals sts:ExternalId from the template to its trust policy"
        ))),
    }
}
