//! The files of the page about the API.

use http_api::{Error, Problem, Request, Response};
use std::path::PathBuf;

/// What the function is built from.
pub struct Deps {
    /// Where the package's `assets` were unpacked.
    pub folder: PathBuf,
}

/// Every file there is, so that no path leads elsewhere.
const FILES: [(&str, &str); 3] = [
    ("swagger-ui.css", "text/css; charset=utf-8"),
    ("swagger-ui-bundle.js", "text/javascript; charset=utf-8"),
    ("start.js", "text/javascript; charset=utf-8"),
];

/// A file of the page.
#[utoipa::path(get, path = "/docs/{file}", operation_id = "docs-asset", tag = "document", security(()), params(("file" = String, Path)),
    responses((status = 200, description = "The file", body = String, content_type = "text/javascript; charset=utf-8"),
        (status = 404, description = "There is no such file", body = Problem)))]
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Error> {
    let name: String = request.path("file")?;
    let (file, kind) = FILES.iter().find(|(file, _)| *file == name).ok_or(Error::NotFound)?;
    let text = std::fs::read_to_string(deps.folder.join(file)).map_err(Error::internal)?;
    Ok(Response::of_kind(kind, text).with("cache-control", "public, max-age=86400"))
}
