//! A page to read about the API and to try it.

use http_api::{Error, Request, Response};

/// The function needs nothing.
pub struct Deps;

/// All that it loads is served by `docs-asset`, next to it.
const PAGE: &str = r#"<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width">
    <title>Cloudsail API</title>
    <link rel="stylesheet" href="docs/swagger-ui.css">
  </head>
  <body>
    <main id="docs"></main>
    <noscript>This page needs JavaScript. The document itself: <a href="v1/openapi.json">openapi.json</a></noscript>
    <script src="docs/swagger-ui-bundle.js"></script>
    <script src="docs/start.js"></script>
  </body>
</html>
"#;

/// Nothing from another host, and no script in the page itself. Swagger UI draws with inline styles and data: images.
const POLICY: &str = "default-src 'none'; connect-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The page.
#[utoipa::path(get, path = "/docs", operation_id = "docs-show", tag = "document", security(()),
    responses((status = 200, description = "The page", body = String, content_type = "text/html; charset=utf-8")))]
pub async fn handle(_deps: &Deps, _request: Request) -> Result<Response, Error> {
    let page = Response::of_kind("text/html; charset=utf-8", PAGE.to_owned());
    Ok(page.with("content-security-policy", POLICY).with("cache-control", "public, max-age=300"))
}
