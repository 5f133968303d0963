//! The OpenAPI 3.1 document of all routes.

mod common;

use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};

#[derive(OpenApi)]
#[openapi(
    info(title = "cloudsail", version = "1", description = "Plans of databases, and their deployments in your own AWS account.",
        license(name = "Apache-2.0", identifier = "Apache-2.0")),
    // Relative to where the document is served, so that it holds behind any prefix.
    servers((url = "..")),
    modifiers(&Bearer),
    paths(
        account_create::handle,
        account_delete::handle,
        account_get::handle,
        account_list::handle,
        account_quick_create::handle,
        account_reconcile::handle,
        account_verify::handle,
        audit_list::handle,
        auth_code::handle,
        auth_confirm::handle,
        auth_forgot::handle,
        auth_refresh::handle,
        auth_resend::handle,
        auth_reset::handle,
        auth_sign_in::handle,
        auth_sign_out::handle,
        auth_sign_out_everywhere::handle,
        auth_sign_up::handle,
        catalogue_get::handle,
        change_list::handle,
        deployment_cancel::handle,
        deployment_connection::handle,
        deployment_connection_reveal::handle,
        deployment_delete::handle,
        deployment_events::handle,
        deployment_get::handle,
        deployment_list::handle,
        deployment_undelete::handle,
        docs_asset::handle,
        docs_show::handle,
        document_get::handle,
        me::handle,
        me_delete::handle,
        plan_create::handle,
        plan_delete::handle,
        plan_deploy::handle,
        plan_export::handle,
        plan_preview::handle,
        plan_get::handle,
        plan_list::handle,
        plan_update::handle,
        socket_ticket::handle,
    )
)]
struct Api;

struct Bearer;

impl Modify for Bearer {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let scheme = SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build());
        openapi.components.get_or_insert_default().add_security_scheme("bearer", scheme);
    }
}

/// The document, as it stands in `docs/openapi.json`: what the handlers say of themselves, and what holds for all of them.
///
/// # Errors
/// If the document can't be written as JSON.
pub fn document() -> Result<String, serde_json::Error> {
    let mut document = serde_json::to_value(Api::openapi())?;
    common::complete(&mut document)?;
    Ok(format!("{}\n", serde_json::to_string_pretty(&document)?))
}
