//! A person presses Deploy.

use cache::Cache;
use domain::{PlanId, Status};
use http_api::{Error, Problem, Request, Response, deployable, view};
use jiff::{Timestamp, tz::TimeZone};
use knowledge::Knowledge;
use platform::queue::Queue;
use store::Store;

/// What the function is built from.
pub struct Deps {
    /// What a document is derived from.
    pub knowledge: Knowledge,
    /// The rows.
    pub store: Store,
    /// Wakes the worker.
    pub queue: Queue,
    /// Holds a list that this changes.
    pub cache: Cache,
}

/// Deploys the plan. What runs of it already becomes what the plan says now, and what stands at an issue is tried again.
#[utoipa::path(post, path = "/v1/plan/{plan_id}/deploy", operation_id = "plan-deploy", security(("bearer" = [])),
    params(("plan_id" = String, Path)),
    responses((status = 202, description = "The deployment; `kind` is `new` or `redeploy`", body = view::Deployed), (status = 400, description = "A field is wrong, or can't be had by what runs", body = Problem),
        (status = 401, description = "Nobody is signed in", body = Problem), (status = 404, description = "There is none of yours", body = Problem), (status = 409, description = "The account is not verified, or `destroying`: what runs of the plan is being destroyed", body = Problem)))]
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Error> {
    let id: PlanId = request.path("plan_id")?;
    let deed = request.deed()?;
    let row = deps.store.plan(&deed.actor, &id).await?;
    let (account, plan) = deployable(&deps.store, &deed.actor, &row.plan).await?;
    if let Some(running) = deps.store.running(&deed.actor, &id).await? {
        transform::same_account(&running.plan, &plan).map_err(Error::Invalid)?;
        let document = transform::running(&running.plan, running.document.as_ref(), &deps.knowledge).map_err(Error::internal)?;
        let today = Timestamp::now().to_zoned(TimeZone::UTC).date();
        transform::preview(&plan, Some(&document), &deps.knowledge, today).map_err(Error::Invalid)?;
    }
    let deployed = deps.store.deploy(&deed, &row, &account.id, &plan).await?;
    let ending = deployed.deployment.status == Status::Destroying || deployed.deployment.destroy_at.is_some();
    if !deployed.created && ending {
        let id = &deployed.deployment.id;
        let remedy = match deployed.deployment.destroy_at.filter(|until| *until > Timestamp::now()) {
            Some(until) => format!(
                "what runs of it is being destroyed: POST /v1/deployment/{id}/undelete undoes that until {until}, \
                 DELETE /v1/deployment/{id}?now=true makes room for another"
            ),
            None => format!("what ran of it is being destroyed: deploy again when {id} is `not_deployed`"),
        };
        return Err(Error::Conflict("destroying", remedy));
    }
    deps.queue.send_outbox(&deps.store, &deployed.outbox).await;
    deps.cache.forget_plans(&deed.actor).await;
    let kind = if deployed.created { "new" } else { "redeploy" };
    let answer = view::Deployed { deployment: (&deployed.deployment).into(), kind };
    Ok(Response::accepted(&answer).with("location", format!("/v1/deployment/{}", deployed.deployment.id)))
}
