//! A plan as a person sends it, new or changed.

use crate::Error;
use domain::plan::{Offer, Plan, accept};
use domain::{PlanId, UserId};
use serde_json::Value;
use store::{Account, Store};

/// The account that a plan is deployed into, and the plan with account and region filled in.
///
/// # Errors
/// 400 if the plan is for a cloud that can't be deployed to, or no account is linked, or not any more; 409 if the account is not verified.
pub async fn deployable(store: &Store, owner: &UserId, plan: &Plan) -> Result<(Account, Plan), Error> {
    only_aws(plan, "deployed")?;
    let account = match &plan.cloud.account {
        Some(account) => store.account(owner, account).await.map_err(|error| match error {
            store::Error::NotFound => Error::field(
                "/cloud/account",
                "was unlinked since: choose one of your linked accounts (GET /v1/account), or link it again (POST /v1/account) and name the new one",
            ),
            other => other.into(),
        })?,
        None => store.default_account(owner).await?.ok_or_else(|| {
            Error::field("/cloud/account", "no account is linked and verified yet: POST /v1/account, create its role, then verify it")
        })?,
    };
    if account.status != "verified" {
        let remedy = format!("the account {} is not verified: POST /v1/account/{}/verify says what is missing", account.id, account.id);
        return Err(Error::Conflict("account_not_verified", remedy));
    }
    let mut plan = plan.clone();
    plan.cloud.account = Some(account.id.clone());
    plan.cloud.region.get_or_insert_with(|| account.region.clone());
    Ok((account, plan))
}

/// The plan with its region: its own, else its account's, else the person's last used account's; without any, as it is.
///
/// # Errors
/// 400 if it is not for AWS.
pub async fn placed(store: &Store, owner: &UserId, plan: &Plan) -> Result<Plan, Error> {
    only_aws(plan, "exported")?;
    let mut plan = plan.clone();
    if plan.cloud.region.is_none() {
        let account = match &plan.cloud.account {
            Some(account) => match store.account(owner, account).await {
                // It was removed since.
                Err(store::Error::NotFound) => None,
                found => Some(found?),
            },
            None => store.default_account(owner).await?,
        };
        plan.cloud.region = account.map(|account| account.region);
    }
    Ok(plan)
}

fn only_aws(plan: &Plan, what: &str) -> Result<(), Error> {
    let provider = plan.cloud.provider.as_str();
    if provider == "aws" {
        return Ok(());
    }
    let remedy = format!("`{provider}` can't be {what} yet, only designed (cloudsail transform); allowed: \"aws\"");
    Err(Error::field("/cloud/provider", remedy))
}

/// Reads the short form or full cs-json; defaults fill what is left out, account and region by the person's own.
///
/// # Errors
/// 400 with a pointer to each wrong field.
pub async fn read_plan(store: &Store, owner: &UserId, id: &PlanId, body: &Value, offer: &Offer) -> Result<Plan, Error> {
    let mut plan = accept(id, body, offer).map_err(Error::Invalid)?;
    if let Some(account) = &plan.cloud.account {
        store.account(owner, account).await.map_err(|error| match error {
            store::Error::NotFound => Error::field("/cloud/account", "is not one of your linked accounts"),
            other => other.into(),
        })?;
    }
    // Only AWS accounts can be linked so far.
    if plan.cloud.provider == "aws"
        && (plan.cloud.account.is_none() || plan.cloud.region.is_none())
        && let Some(default) = store.default_account(owner).await?
    {
        plan.cloud.account.get_or_insert(default.id);
        plan.cloud.region.get_or_insert(default.region);
    }
    Ok(plan)
}
