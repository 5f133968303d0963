//! The OpenAPI document of this API.

use http_api::{Error, Request, Response};

/// The function needs nothing.
pub struct Deps;

/// As the handlers of all functions describe themselves; a test holds the file equal to them.
const DOCUMENT: &str = include_str!("../../../docs/openapi.json");

/// This document, OpenAPI 3.1.
#[utoipa::path(get, path = "/v1/openapi.json", operation_id = "document-get", tag = "document", security(()),
    responses((status = 200, description = "The document", body = serde_json::Value)))]
pub async fn handle(_deps: &Deps, _request: Request) -> Result<Response, Error> {
    Ok(Response::of_kind("application/json", DOCUMENT.to_owned()).with("cache-control", "public, max-age=300"))
}
