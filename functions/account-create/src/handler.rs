//! A person links a cloud account: the answer holds the external id and the template of the roles.

use clouds::access::Template;
use domain::AccountId;
use http_api::{Error, Problem, Request, Response, view};
use serde::Deserialize;
use store::{NewAccount, Store};

/// What the function is built from.
pub struct Deps {
    /// The rows.
    pub store: Store,
    /// Whom the roles will trust.
    pub control: config::ControlPlane,
}

/// What is sent.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LinkAccount {
    /// `aws`
    #[schema(pattern = "^aws$", example = "aws")]
    provider: String,
    /// Twelve digits.
    #[schema(pattern = "^[0-9]{12}$", example = "123456789012")]
    account_id: String,
    /// Where its plans go if they don't say.
    #[schema(pattern = "^[a-z]{2}(-[a-z]{1,12}){1,3}-[0-9]$", example = "ca-central-1")]
    region: String,
    /// What you call it; the account's number if you say nothing.
    #[schema(min_length = 1, max_length = 63, pattern = r"^[^\x00-\x1f\x7f-\x9f]+$", example = "production")]
    name: Option<String>,
}

/// Links an AWS account. It can be used once its roles are made from the template and verified.
#[utoipa::path(post, path = "/v1/account", operation_id = "account-create", request_body = LinkAccount, security(("bearer" = [])),
    responses((status = 201, description = "The account with its external id and the template of its roles", body = view::LinkedAccount),
        (status = 200, description = "The same, for an account that was linked before and is not verified yet", body = view::LinkedAccount),
        (status = 400, description = "A field is wrong", body = Problem), (status = 401, description = "Nobody is signed in", body = Problem), (status = 409, description = "It is linked and verified already", body = Problem)))]
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Error> {
    let body: LinkAccount = request.body()?;
    let deed = request.deed()?;
    check(&body)?;
    let external_id = uuid::Uuid::new_v4().simple().to_string();
    let id = AccountId::generate();
    let new = NewAccount {
        name: body.name.unwrap_or_else(|| body.account_id.clone()),
        role_arn: clouds::access::role_arn(&body.account_id, id.short()),
        id,
        aws_account_id: body.account_id,
        region: body.region,
        external_id,
    };
    let (account, made) = match deps.store.create_account(&deed, &new).await {
        Err(store::Error::Conflict(_)) => (deps.store.account_by_aws_id(&deed.actor, &new.aws_account_id).await?, false),
        other => (other?, true),
    };
    if !made && account.status == "verified" {
        let remedy = format!("you have linked {} already, as {}; use that one", account.aws_account_id, account.id);
        return Err(Error::Conflict("account_linked", remedy));
    }
    let template = Template {
        control_account_id: &deps.control.account_id,
        account_id: &account.aws_account_id,
        external_id: &account.external_id,
        link: account.id.short(),
    };
    let answer = view::LinkedAccount {
        account: (&account).into(),
        template: template.cloudformation(),
        template_terraform: template.terraform(),
        template_cli: template.cli(),
    };
    // Whoever asks again before the roles work gets the same link and its template once more.
    let response = if made { Response::created(&answer) } else { Response::ok(&answer) };
    Ok(response.with("location", format!("/v1/account/{}", account.id)))
}

fn check(body: &LinkAccount) -> Result<(), Error> {
    if body.provider != "aws" {
        return Err(Error::field("/provider", "must be \"aws\""));
    }
    if body.account_id.len() != 12 || !body.account_id.bytes().all(|b| b.is_ascii_digit()) {
        return Err(Error::field("/account_id", "must be the twelve digits of an AWS account"));
    }
    if body.name.as_ref().is_some_and(|name| name.is_empty() || name.chars().count() > 63 || name.chars().any(char::is_control)) {
        return Err(Error::field("/name", "must be 1 to 63 characters, none of them a control character"));
    }
    if !domain::plan::is_region(&body.region) {
        return Err(Error::field("/region", "must be an AWS region name, such as ca-central-1"));
    }
    Ok(())
}
