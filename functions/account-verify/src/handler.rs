//! A person has made the roles; we look whether they can be used, by nobody without the external id, and for all that they are for.

use clouds::MissingPermission;
use clouds::aws::{Connector, Verdict, verify};
use domain::{AccountId, Errand};
use http_api::{Error, Problem, Request, Response, view};
use store::Store;

/// What the function is built from.
pub struct Deps {
    /// The rows.
    pub store: Store,
    /// Where sessions in customers' accounts come from.
    pub connector: Connector,
    /// How often an account may be called.
    pub calls: config::Rate,
}

/// Takes on both roles with the external id, makes sure that neither can be taken on without it or with another one, and asks for
/// each permission of the template, of IAM and, where EC2 has a dry run, of EC2.
#[utoipa::path(post, path = "/v1/account/{account_id}/verify", operation_id = "account-verify", security(("bearer" = [])),
    params(("account_id" = String, Path)),
    responses((status = 200, description = "The account; its status is `verified` or `failed`, with the reason and what is missing", body = view::VerifiedAccount),
        (status = 401, description = "Nobody is signed in", body = Problem), (status = 404, description = "There is none of yours", body = Problem)))]
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Error> {
    let id: AccountId = request.path("account_id")?;
    let deed = request.deed()?;
    let account = deps.store.account(&deed.actor, &id).await?;
    if let Some(wait) = deps.store.calls_wait(&id, deps.calls).await? {
        return Err(Error::TooMany(wait));
    }
    let (errand, connector) = (Errand::named("verify", &deed.actor), deps.connector.counting());
    let verdict = verify(&connector, &account.link(), &account.aws_account_id, &account.region, &errand).await;
    deps.store.called(&id, connector.calls(), deps.calls).await?;
    let (reason, missing) = match verdict.map_err(Error::unavailable)? {
        Verdict::Refused(reason) => (Some(reason), Vec::new()),
        Verdict::Usable { missing } => (incomplete(&missing), missing),
    };
    let account = match reason {
        None => deps.store.set_account_verified(&deed, &id, &clouds::access::monitor_role_arn(&account.role_arn)).await?,
        Some(reason) => deps.store.set_account_failed(&deed, &id, &reason).await?,
    };
    let missing = missing.into_iter().map(shown).collect();
    Ok(Response::ok(&view::VerifiedAccount { account: (&account).into(), missing }))
}

/// What a person must change, if anything.
fn incomplete(missing: &[MissingPermission]) -> Option<String> {
    let statements: Vec<_> = missing.iter().map(|one| format!("{} ({})", one.statement, one.actions.join(", "))).collect();
    let all = statements.join("; ");
    (!missing.is_empty()).then(|| format!("the roles may not do all that they are for: {all}. Update them from the account's template"))
}

fn shown(missing: MissingPermission) -> view::MissingPermission {
    let MissingPermission { role_arn, statement, why, actions } = missing;
    view::MissingPermission { role_arn, statement, why, actions }
}
