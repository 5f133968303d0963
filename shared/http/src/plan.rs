//! A plan as a person sends it, new or changed.

use crate::Error;
use domain::plan::{Offer, Plan, accept};
use domain::{PlanId, UserId};
use serde_json::Value;
use store::Store;

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
