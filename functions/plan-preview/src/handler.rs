//! A person wants to know what Deploy would do.

mod answer;

use clouds::aws::{Access, Connector};
use domain::plan::Plan;
use domain::{Errand, PlanId};
use http_api::{Error, Request, Response, deployable};
use jiff::{Timestamp, tz::TimeZone};
use knowledge::Knowledge;
use provision::postgres::{Problem, problems};
use store::{Account, Store};
use transform::Preview;

/// What the function is built from.
pub struct Deps {
    /// What a document is derived from.
    pub knowledge: Knowledge,
    /// The rows.
    pub store: Store,
    /// Where sessions in customers' accounts come from.
    pub connector: Connector,
    /// How often an account may be called.
    pub calls: config::Rate,
}

/// What a deploy would make, change and remove, how PostgreSQL would be set up and why, what a month would cost, and what to think
/// about. With `account` (the default) it also looks into the account for what would stop a deploy; without, it answers faster.
#[utoipa::path(post, path = "/v1/plan/{plan_id}/preview", operation_id = "plan-preview", security(("bearer" = [])),
    params(("plan_id" = String, Path), ("account" = Option<bool>, Query, description = "Look into the account as well; true if not said")),
    responses((status = 200, description = "What a deploy would do", body = answer::Preview), (status = 400, description = "A field is wrong, or can't be had together with another one", body = http_api::Problem),
        (status = 401, description = "Nobody is signed in", body = http_api::Problem), (status = 404, description = "There is none of yours", body = http_api::Problem), (status = 409, description = "The account is not verified", body = http_api::Problem)))]
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Error> {
    let id: PlanId = request.path("plan_id")?;
    let look = request.query::<bool>("account", "true or false")?.unwrap_or(true);
    let owner = request.user()?;
    let row = deps.store.plan(&owner, &id).await?;
    let (account, plan) = deployable(&deps.store, &owner, &row.plan).await?;
    let running = deps.store.running(&owner, &id).await?;
    let document = running.as_ref().map(|running| {
        transform::same_account(&running.plan, &plan).map_err(Error::Invalid)?;
        transform::running(&running.plan, running.document.as_ref(), &deps.knowledge).map_err(Error::internal)
    });
    let document = document.transpose()?;
    let today = Timestamp::now().to_zoned(TimeZone::UTC).date();
    let preview = transform::preview(&plan, document.as_ref(), &deps.knowledge, today).map_err(Error::Invalid)?;
    let errand = running.as_ref().map_or_else(|| Errand::named("preview", &owner), |running| Errand::deployment(&running.id, &owner));
    let problems = if look { Some(in_account(&account, &plan, &preview, &errand, deps).await?) } else { None };
    Ok(Response::ok(&answer::Preview::new(running.map(|running| running.id.to_string()), preview, problems)))
}

/// What would stop a deploy in the account, which is called for it.
async fn in_account(account: &Account, plan: &Plan, preview: &Preview, errand: &Errand, deps: &Deps) -> Result<Vec<Problem>, Error> {
    if let Some(wait) = deps.store.calls_wait(&account.id, deps.calls).await? {
        return Err(Error::TooMany(wait));
    }
    let connector = deps.connector.counting();
    let found = looked(account, plan, preview, errand, &connector, deps).await;
    deps.store.called(&account.id, connector.calls(), deps.calls).await?;
    found
}

async fn looked(
    account: &Account,
    plan: &Plan,
    preview: &Preview,
    errand: &Errand,
    connector: &Connector,
    deps: &Deps,
) -> Result<Vec<Problem>, Error> {
    let region = plan.cloud.region.as_deref().unwrap_or(&account.region);
    let refused = |message| Ok(vec![Problem { code: "permission", pointer: Some("/cloud/account".to_owned()), message }]);
    let Some(access) = Access::monitoring(&account.link(), region, errand) else {
        return refused(
            "the account was linked before there was a role to look into it with: update its roles from the template, then verify the account"
                .to_owned(),
        );
    };
    let cloud = match connector.connect(&access).await {
        Ok(cloud) => cloud,
        Err(error) => return access.lost(&error).map_or_else(|| Err(Error::unavailable(error)), refused),
    };
    let roles: Vec<_> = std::iter::once(account.role_arn.as_str()).chain(account.monitor_role_arn.as_deref()).collect();
    problems(&cloud, &roles, &preview.document, preview.added(&deps.knowledge)).await.map_err(Error::internal)
}
