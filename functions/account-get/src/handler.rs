//! One cloud account.

use clouds::access::Template;
use domain::AccountId;
use http_api::{Error, Problem, Request, Response, view};
use store::Store;

/// What the function is built from.
pub struct Deps {
    /// The rows.
    pub store: Store,
    /// Whom the roles trust.
    pub control: config::ControlPlane,
}

/// The account, with the roles' template once more.
#[utoipa::path(get, path = "/v1/account/{account_id}", operation_id = "account-get", security(("bearer" = [])),
    params(("account_id" = String, Path)),
    responses((status = 200, description = "The account", body = view::LinkedAccount), (status = 401, description = "Nobody is signed in", body = Problem),
        (status = 404, description = "There is none of yours", body = Problem)))]
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Error> {
    let id: AccountId = request.path("account_id")?;
    let owner = request.user()?;
    let account = deps.store.account(&owner, &id).await?;
    let template = Template {
        control_account_id: &deps.control.account_id,
        account_id: &account.aws_account_id,
        external_id: &account.external_id,
        link: account.id.short(),
    };
    Ok(Response::ok(&view::LinkedAccount {
        account: (&account).into(),
        template: template.cloudformation(),
        template_terraform: template.terraform(),
        template_cli: template.cli(),
    }))
}
