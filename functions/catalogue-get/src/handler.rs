//! What there is to choose from when a plan is drawn. It is nobody's, so that one answer is kept for all.

mod choices;

pub use choices::{Choices, LeftOut, Machine, System};

use cache::Cache;
use choices::regions;
use domain::plan::RegionNames;
use http_api::{Error, Problem, Request, Response};
use knowledge::Knowledge;

/// What the function is built from.
pub struct Deps {
    /// What there is to choose from.
    pub knowledge: Knowledge,
    /// Keeps answers for a few minutes.
    pub cache: Cache,
}

/// The systems with their PostgreSQL versions, and the machine types of a region with their prices. Of AWS the catalogue holds the
/// families that a database is put on (t3, t3a, t4g; m, r and c from the fifth generation on), and no whole machines (`metal`).
#[utoipa::path(get, path = "/v1/catalogue", operation_id = "catalogue-get", security(("bearer" = [])),
    params(("provider" = Option<String>, Query, description = "`aws`, `azure` or `gcp`; `aws` if not said"),
        ("region" = Option<String>, Query, description = "What it offers and what it costs there; if not said, all that the provider has")),
    responses((status = 200, description = "What there is to choose from", body = Choices<'_>), (status = 400, description = "A parameter is wrong", body = Problem),
        (status = 401, description = "Nobody is signed in", body = Problem)))]
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Error> {
    let provider = request.query("provider", "a provider")?.unwrap_or_else(|| "aws".to_owned());
    let region: Option<String> = request.query("region", "a region")?;
    let names = RegionNames::of(&provider).map_err(|message| Error::field("?provider", message))?;
    let region = region.as_deref();
    region.map_or(Ok(()), |region| names.check(region)).map_err(|message| Error::field("?region", message))?;
    request.user()?;
    let catalogue = &deps.knowledge.catalogue;
    let machines = catalogue.machines_of(&provider).ok_or(Error::NotFound)?;
    // What only looks like a region is answered, and not kept: anybody can make up any number of them.
    let keep = region.is_none_or(|region| regions(catalogue, machines, &provider).contains(region));
    if keep && let Some(kept) = deps.cache.catalogue(catalogue.version(), &provider, region).await {
        return Ok(Response::of_kind("application/json", kept));
    }
    let response = Response::ok(&Choices::of(catalogue, machines, &provider, region));
    if let (true, Some((_, text))) = (keep, &response.body) {
        deps.cache.keep_catalogue(catalogue.version(), &provider, region, text).await;
    }
    Ok(response)
}
