//! A plan in a form that needs no Cloudsail.

use domain::PlanId;
use http_api::{Error, Problem, Request, Response, placed, view};
use knowledge::Knowledge;
use std::str::FromStr;
use store::Store;
use transform::{aws, terraform};

/// What the function is built from.
pub struct Deps {
    /// What a document is derived from.
    pub knowledge: Knowledge,
    /// The rows.
    pub store: Store,
}

/// What can be asked for.
struct Terraform;

impl FromStr for Terraform {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        if text == "terraform" { Ok(Self) } else { Err(()) }
    }
}

/// The files of a folder of Terraform that makes the same on AWS, as `cloudsail export` writes them. They hold no secret: the password
/// is made when they are applied.
#[utoipa::path(get, path = "/v1/plan/{plan_id}/export", operation_id = "plan-export", security(("bearer" = [])),
    params(("plan_id" = String, Path), ("to" = String, Query, description = "In which form")),
    responses((status = 200, description = "The files", body = view::Export), (status = 400, description = "There is no such form, or the plan can't be had in it: another cloud's, or one without a region", body = Problem),
        (status = 401, description = "Nobody is signed in", body = Problem), (status = 404, description = "There is none of yours", body = Problem)))]
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Error> {
    let id: PlanId = request.path("plan_id")?;
    let owner = request.user()?;
    let expected = "\"terraform\"";
    request.query::<Terraform>("to", expected)?.ok_or_else(|| Error::field("?to", format!("is needed: {expected}")))?;
    let row = deps.store.plan(&owner, &id).await?;
    let plan = placed(&deps.store, &owner, &row.plan).await?;
    let document = aws::document(&plan, &deps.knowledge).map_err(wrong)?;
    let files = terraform::export(&document).map_err(wrong)?;
    Ok(Response::ok(&view::Export::new(terraform::folder(&document), files)))
}

fn wrong(error: aws::Error) -> Error {
    match error {
        aws::Error::Field { pointer, message } => Error::field(pointer, message),
        aws::Error::TooLong { .. } => Error::field("/components/0/network/allow", error.to_string()),
        aws::Error::Document(_) => Error::internal(error),
    }
}
