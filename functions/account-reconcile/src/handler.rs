//! A person wants to know now what of ours is in an account and should not be.

use clouds::aws::Connector;
use domain::AccountId;
use http_api::{Error, Problem, Request, Response, view};
use jiff::Timestamp;
use knowledge::Knowledge;
use reconcile::{Aws, EVERY, Look};
use store::Store;

/// What the function is built from.
pub struct Deps {
    /// For the costs.
    pub knowledge: Knowledge,
    /// The rows.
    pub store: Store,
    /// Where sessions in customers' accounts come from.
    pub connector: Connector,
    /// What is not judged yet.
    pub reconcile: config::Reconcile,
    /// How often an account may be called.
    pub calls: config::Rate,
}

/// Compares what the account holds with the ledger, by AWS's own lists, and removes what destroyed deployments left in it; never what is
/// kept on purpose, and never what belongs to no deployment that is known here. This is done by itself every hour.
#[utoipa::path(post, path = "/v1/account/{account_id}/reconcile", operation_id = "account-reconcile", security(("bearer" = [])),
    params(("account_id" = String, Path)),
    responses((status = 200, description = "What was found and removed", body = view::Strays),
        (status = 401, description = "Nobody is signed in", body = Problem), (status = 404, description = "There is none of yours", body = Problem),
        (status = 409, description = "Its roles are not verified, or can't be used any more", body = Problem)))]
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Error> {
    let id: AccountId = request.path("account_id")?;
    let deed = request.deed()?;
    let account = deps.store.begin_reconcile(&deed, &id, EVERY).await?;
    if account.status != "verified" || account.monitor_role_arn.is_none() {
        return Err(unusable(&id, "its roles are not verified"));
    }
    if let Some(wait) = deps.store.calls_wait(&id, deps.calls).await? {
        return Err(Error::TooMany(wait));
    }
    let connector = deps.connector.counting();
    let (catalogue, sessions) = (&deps.knowledge.catalogue, Aws::new(&connector, &account));
    let look = Look { store: &deps.store, catalogue, sessions, account: &account, now: Timestamp::now(), grace: deps.reconcile.grace };
    // Boxed: the future holds every list and every removal.
    let answer = Box::pin(look.reconcile()).await;
    deps.store.called(&id, connector.calls(), deps.calls).await?;
    let found = answer.map_err(|error| match error {
        reconcile::Error::Store(error) => error.into(),
        reconcile::Error::Cloud(error) if error.retryable() => Error::unavailable(error),
        reconcile::Error::Cloud(error) => unusable(&id, &error.to_string()),
    })?;
    Ok(Response::ok(&view::Strays::from(Some(&found))))
}

fn unusable(id: &AccountId, why: &str) -> Error {
    Error::Conflict("account_unusable", format!("the account can't be looked through: {why}. POST /v1/account/{id}/verify says what to do"))
}
