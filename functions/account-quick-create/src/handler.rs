//! A person opens CloudFormation's console with the roles' template filled in, and only has to press Create.

use clouds::access::Template;
use domain::AccountId;
use http_api::{Error, Problem, Request, Response, view};
use jiff::{SignedDuration, Timestamp};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use platform::objects::Bucket;
use store::Store;

/// What the function is built from.
pub struct Deps {
    /// The rows.
    pub store: Store,
    /// Whom the roles trust.
    pub control: config::ControlPlane,
    /// Where CloudFormation reads the template; what lies under `tmp/` goes after some days.
    pub bucket: Bucket,
}

/// How long CloudFormation may read it. A person reads it first.
const READABLE: SignedDuration = SignedDuration::from_mins(30);

/// Puts the template where CloudFormation can read it, for half an hour and by this address alone, and answers the console's address
/// that begins a stack from it.
#[utoipa::path(post, path = "/v1/account/{account_id}/quick-create", operation_id = "account-quick-create", security(("bearer" = [])),
    params(("account_id" = String, Path)),
    responses((status = 200, description = "The address", body = view::QuickCreate), (status = 401, description = "Nobody is signed in", body = Problem),
        (status = 404, description = "There is none of yours", body = Problem)))]
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Error> {
    let id: AccountId = request.path("account_id")?;
    let account = deps.store.account(&request.user()?, &id).await?;
    let template = Template {
        control_account_id: &deps.control.account_id,
        account_id: &account.aws_account_id,
        external_id: &account.external_id,
        link: account.id.short(),
    };
    let key = format!("tmp/templates/{}.json", uuid::Uuid::new_v4().simple());
    let until = Timestamp::now() + READABLE;
    let body = template.cloudformation().to_string().into_bytes();
    deps.bucket.put(&key, "application/json", body).await.map_err(Error::unavailable)?;
    let template_url = deps.bucket.readable(&key, READABLE.unsigned_abs()).await.map_err(Error::unavailable)?;
    let url = console(&account.region, &template.stack_name(), &template_url);
    Ok(Response::ok(&view::QuickCreate { url, template_url, expires_at: until.to_string() }).with("cache-control", "no-store"))
}

/// Source: CloudFormation's User Guide, "Create quick-create links".
fn console(region: &str, stack: &str, template_url: &str) -> String {
    let template = utf8_percent_encode(template_url, NON_ALPHANUMERIC);
    format!(
        "https://{region}.console.aws.amazon.com/cloudformation/home?region={region}#/stacks/quickcreate?templateURL={template}&stackName={stack}"
    )
}

#[cfg(test)]
mod tests {
    use super::console;

    #[test]
    fn the_template_s_address_is_one_value_of_the_console_s() {
        let url = console("ca-central-1", "cloudsail-1", "https://b.s3.amazonaws.com/tmp/a.json?X-Amz-Date=1&X-Amz-Expires=2");
        let (_, values) = url.split_once("#/stacks/quickcreate?").unwrap_or_default();
        let names: Vec<_> = values.split('&').filter_map(|pair| pair.split('=').next()).collect();
        assert_eq!(names, ["templateURL", "stackName"]);
        assert!(values.contains("a%2Ejson%3FX%2DAmz%2DDate%3D1%26X%2DAmz%2DExpires%3D2&stackName=cloudsail-1"), "{values}");
    }
}
