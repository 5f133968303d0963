//! The OpenAPI 3.1 document of all routes.

use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};

#[derive(OpenApi)]
#[openapi(
    info(title = "cloudsail", version = "1", description = "Plans of databases, and their deployments in your own AWS account."),
    modifiers(&Bearer),
    paths(
        account_create::handle,
        account_verify::handle,
        auth_confirm::handle,
        auth_sign_in::handle,
        auth_sign_up::handle,
        deployment_connection::handle,
        deployment_connection_reveal::handle,
        deployment_delete::handle,
        deployment_events::handle,
        deployment_get::handle,
        plan_create::handle,
        plan_deploy::handle,
        plan_get::handle,
        plan_list::handle,
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

/// The document, as it stands in `docs/openapi.json`.
///
/// # Errors
/// If the document can't be written as JSON.
pub fn document() -> Result<String, serde_json::Error> {
    Ok(format!("{}\n", Api::openapi().to_pretty_json()?))
}
