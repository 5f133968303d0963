//! What a person did, newest first.

use domain::Subject;
use http_api::{Error, Problem, Request, Response, view};
use store::{Place, Store};

/// What the function is built from.
pub struct Deps {
    /// The rows.
    pub store: Store,
}

/// A page of what you changed or had revealed; `next_cursor` leads to the next one. What the engine did for you later is in a deployment's events.
#[utoipa::path(get, path = "/v1/audit", operation_id = "audit-list", security(("bearer" = [])),
    params(("subject" = Option<String>, Query, description = "Only what was done to this account, plan or deployment"),
        ("limit" = Option<u32>, Query, minimum = 1, maximum = 100), ("cursor" = Option<String>, Query)),
    responses((status = 200, description = "Lines of the audit log", body = view::Page<view::AuditLine>), (status = 400, description = "A parameter is wrong", body = Problem),
        (status = 401, description = "Nobody is signed in", body = Problem)))]
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Error> {
    let limit = request.limit()?;
    let cursor: Option<Place> = request.query("cursor", "the `next_cursor` of an earlier page")?;
    let subject: Option<Subject> = request.query("subject", "the id of an account, a plan or a deployment, such as dep_…")?;
    let actor = request.user()?;
    let lines = deps.store.audit_lines(&actor, limit, cursor, subject.as_ref()).await?;
    Ok(Response::ok(&view::Page::<view::AuditLine>::of(&lines, limit, |line| line.place.to_string())))
}
