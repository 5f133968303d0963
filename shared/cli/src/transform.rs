//! A plan in a cloud's own words, without the API: what this build knows decides.

use crate::args::{Target, Transform};
use crate::failure::Failure;
use crate::files;
use crate::out::Out;
use domain::PlanId;
use domain::plan::{FieldError, Plan, accept, written};
use knowledge::Knowledge;
use serde_json::{Value, json};
use std::path::Path;
use transform::{Document, aws, azure, gcp};

/// The name of a plan that has none: the same at each run, so that the document is.
const UNNAMED: &str = "postgres";

pub fn transform(out: &Out, wanted: &Transform) -> Result<(), Failure> {
    let document = document(wanted.to, &wanted.file, wanted.region.as_deref())?;
    out.line(&serde_json::to_string_pretty(&document).map_err(|error| Failure::service(error.to_string()))?)
}

/// The document of the plan in a file.
pub fn document(to: Target, file: &Path, region: Option<&str>) -> Result<Document, Failure> {
    let knowledge = Knowledge::built_in();
    let (provider, derive): (_, fn(&Plan, &Knowledge) -> _) = match to {
        Target::Aws => ("aws", aws::document),
        Target::Azure => ("azure", azure::document),
        Target::Gcp => ("gcp", gcp::document),
    };
    // Other clouds take a plan that was drawn for AWS as it is, unless the region is one of their own.
    let provider = (to == Target::Aws || region.is_some()).then_some(provider);
    let body = body(file, provider, region)?;
    let plan = accept(&PlanId::generate(), &body, &knowledge.catalogue.offer()).map_err(|errors| Failure::fields(&errors))?;
    derive(&plan, knowledge).map_err(|error| match error {
        aws::Error::Field { pointer, message } => Failure::fields(&[FieldError::new(written(&body, &pointer), message)]),
        other => Failure::usage(other.to_string()),
    })
}

/// The plan as it is written, with what is said beside it.
fn body(file: &Path, provider: Option<&str>, region: Option<&str>) -> Result<Value, Failure> {
    let mut body = files::read_json(file)?;
    if let Some(body) = body.as_object_mut() {
        body.entry("name").or_insert_with(|| json!(UNNAMED));
        // What is no object is left as it is: its error names it.
        if let Value::Object(cloud) = body.entry("cloud").or_insert_with(|| json!({})) {
            cloud.extend(provider.map(|provider| ("provider".to_owned(), json!(provider))));
            cloud.extend(region.map(|region| ("region".to_owned(), json!(region))));
        }
    }
    Ok(body)
}
