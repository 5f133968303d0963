//! What a page missed while its WebSocket was closed.

use domain::{DeploymentId, PlanId};
use http_api::{Error, Problem, Request, Response};
use serde::Serialize;
use store::Store;

/// Of each kind; a page that missed more reads everything anew.
const MOST: u32 = 100;

/// The largest number that JavaScript can count to by one.
const LARGEST: i64 = (1 << 53) - 1;

/// What the function is built from.
pub struct Deps {
    /// The rows.
    pub store: Store,
}

/// What has changed since a number.
#[derive(Serialize, utoipa::ToSchema)]
pub struct Changes {
    /// The number of the last change, from which to ask on.
    pub sequence: i64,
    /// Plans that were made, changed or deleted.
    #[schema(value_type = Vec<String>)]
    pub plans: Vec<PlanId>,
    /// Deployments that were made or changed.
    #[schema(value_type = Vec<String>)]
    pub deployments: Vec<DeploymentId>,
    /// Whether there were more than are listed.
    pub more: bool,
}

/// Which of one's plans and deployments have changed since the change of that number. Messages of the WebSocket are numbered without a
/// gap: whoever finds one asks here.
#[utoipa::path(get, path = "/v1/changes", operation_id = "change-list", security(("bearer" = [])),
    params(("after" = i64, Query, minimum = 0, maximum = 9_007_199_254_740_991i64, description = "The last number that is known")),
    responses((status = 200, description = "What has changed", body = Changes), (status = 400, description = "A field is wrong", body = Problem),
        (status = 401, description = "Nobody is signed in", body = Problem)))]
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Error> {
    let expected = "the `sequence` of the last message or answer";
    let after: Option<i64> = request.query("after", expected)?;
    let known = |after: &i64| (0..=LARGEST).contains(after);
    let after = after.filter(known).ok_or_else(|| Error::field("?after", format!("must be {expected}")))?;
    let since = deps.store.changed_since(&request.user()?, after, MOST + 1).await?;
    let most = MOST as usize;
    let more = since.plans.len() > most || since.deployments.len() > most;
    let (mut plans, mut deployments) = (since.plans, since.deployments);
    plans.truncate(most);
    deployments.truncate(most);
    Ok(Response::ok(&Changes { sequence: since.sequence, plans, deployments, more }))
}
