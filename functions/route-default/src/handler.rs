//! What no route knows: a trailing slash is answered by where the path without it is, all else by 404.

use http_api::{Error, Request, Response};

/// The function needs nothing.
pub struct Deps;

/// 308 for a trailing slash, with the query kept; else 404.
pub async fn handle(_deps: &Deps, request: Request) -> Result<Response, Error> {
    let (path, query) = request.raw_path();
    let bare = path.trim_end_matches('/');
    if bare.is_empty() || bare == path {
        return Err(Error::NotFound);
    }
    // Relative to the path that was asked for, so that it also holds behind a stage's prefix, and can't lead to another host.
    let up = "../".repeat(path.len() - bare.len());
    let last = bare.rsplit('/').next().unwrap_or_default();
    let query = query.filter(|query| !query.is_empty()).map_or_else(String::new, |query| format!("?{query}"));
    Ok(Response::permanent_redirect(format!("{up}{last}{query}")))
}
