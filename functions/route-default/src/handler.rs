//! What no route knows: a trailing slash is answered by where the path without it is, another method by 405, all else by 404.

use http_api::{Error, Request, Response};
use serde_json::Value;

/// The function needs nothing.
pub struct Deps;

/// Every path and its methods.
const DOCUMENT: &str = include_str!("../../../docs/openapi.json");

/// 308 for a trailing slash, with the query kept; 405 for a path that is there under another method; else 404.
pub async fn handle(_deps: &Deps, request: Request) -> Result<Response, Error> {
    let (path, query) = request.raw_path();
    let bare = path.trim_end_matches('/');
    if bare.is_empty() || bare == path {
        return Err(match methods(bare) {
            Some(allowed) => Error::Method(allowed),
            None => Error::NotFound,
        });
    }
    // Relative to the path that was asked for, so that it also holds behind a stage's prefix, and can't lead to another host.
    let up = "../".repeat(path.len() - bare.len());
    let last = bare.rsplit('/').next().unwrap_or_default();
    let query = query.filter(|query| !query.is_empty()).map_or_else(String::new, |query| format!("?{query}"));
    Ok(Response::permanent_redirect(format!("{up}{last}{query}")))
}

/// The methods of the path, as `Allow` lists them. A path may stand behind a stage's prefix, so that its end decides.
fn methods(path: &str) -> Option<String> {
    let document: Value = serde_json::from_str(DOCUMENT).ok()?;
    let known = document["paths"].as_object()?.iter().find(|(template, _)| ends_as(path, template))?;
    let mut methods: Vec<_> = known.1.as_object()?.keys().map(|method| method.to_uppercase()).collect();
    methods.sort();
    Some(methods.join(", "))
}

fn ends_as(path: &str, template: &str) -> bool {
    let (path, template): (Vec<_>, Vec<_>) = (path.split('/').skip(1).collect(), template.split('/').skip(1).collect());
    let Some(end) = path.len().checked_sub(template.len()).and_then(|from| path.get(from..)) else { return false };
    end.iter().zip(&template).all(|(part, wanted)| part == wanted || (wanted.starts_with('{') && !part.is_empty()))
}
