//! A person presses Deploy.

use cache::Cache;
use domain::PlanId;
use http_api::{Error, Problem, Request, Response, view};
use platform::queue::Queue;
use store::Store;

/// What the function is built from.
pub struct Deps {
    /// The rows.
    pub store: Store,
    /// Wakes the worker.
    pub queue: Queue,
    /// Holds a list that this changes.
    pub cache: Cache,
}

/// Deploys the plan. A plan that is deployed already answers its deployment, and one that stands at an issue is tried again.
#[utoipa::path(post, path = "/v1/plan/{plan_id}/deploy", operation_id = "plan-deploy", security(("bearer" = [])),
    params(("plan_id" = String, Path)),
    responses((status = 202, description = "The deployment; `kind` is `new` or `redeploy`", body = view::Deployed), (status = 400, description = "A field is wrong", body = Problem),
        (status = 401, description = "Nobody is signed in", body = Problem), (status = 404, description = "There is none of yours", body = Problem), (status = 409, description = "The account is not verified", body = Problem)))]
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Error> {
    let id: PlanId = request.path("plan_id")?;
    let owner = request.user()?;
    let row = deps.store.plan(&owner, &id).await?;
    if row.plan.cloud.provider != "aws" {
        let remedy = format!("`{}` can't be deployed yet, only designed (cloudsail transform); allowed: \"aws\"", row.plan.cloud.provider);
        return Err(Error::field("/cloud/provider", remedy));
    }
    let account = match &row.plan.cloud.account {
        Some(account) => deps.store.account(&owner, account).await?,
        None => deps.store.default_account(&owner).await?.ok_or_else(|| {
            Error::field("/cloud/account", "no account is linked and verified yet: POST /v1/account, create its role, then verify it")
        })?,
    };
    if account.status != "verified" {
        let remedy = format!("the account {} is not verified: POST /v1/account/{}/verify says what is missing", account.id, account.id);
        return Err(Error::Conflict("account_not_verified", remedy));
    }
    let mut plan = row.plan.clone();
    plan.cloud.account = Some(account.id.clone());
    plan.cloud.region.get_or_insert(account.region);
    let deployed = deps.store.deploy(&owner, &row, &account.id, &plan).await?;
    deps.queue.send_outbox(&deps.store, &deployed.outbox).await;
    deps.cache.forget_plans(&owner).await;
    let kind = if deployed.created { "new" } else { "redeploy" };
    let answer = view::Deployed { deployment: (&deployed.deployment).into(), kind };
    Ok(Response::accepted(&answer).with("location", format!("/v1/deployment/{}", deployed.deployment.id)))
}
