//! Whether an account is ready for a document: what a deploy would run into, said before it begins.

use std::collections::BTreeSet;

use clouds::{Cloud, Image, ImageQuery, Subnet};
use domain::plan::FieldError;
use serde::Serialize;
use transform::Document;
use transform::aws::{Design, Error};

/// Something that would stop a deploy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// `region`, `image`, `subnet`, `permission`, `quota` or `unknown`.
    pub code: &'static str,
    /// JSON pointer into the plan, where it lies there.
    pub pointer: Option<String>,
    /// What is wrong and what to do.
    pub message: String,
}

/// What could not be looked up.
pub(super) enum Missing {
    /// It is not there, and the plan can say otherwise.
    Field(FieldError),
    /// The cloud did not answer.
    Cloud(clouds::Error),
}

/// The image that the document asks for.
pub(super) async fn image(cloud: &impl Cloud, design: &Design) -> Result<Image, Missing> {
    let query = ImageQuery {
        name_pattern: design.image.name_pattern.clone(),
        owner: design.image.owner.clone(),
        architecture: design.image.architecture.clone(),
        wished: design.image.wished.clone(),
    };
    cloud.find_image(&query).await.map_err(|error| match (&error, &query.wished) {
        (clouds::Error::NotFound { .. }, Some(ami)) => Missing::Field(FieldError::new(
            "/components/0/aws/ami",
            format!("the image `{ami}` is not in this account and region; name another one or leave it out"),
        )),
        _ => Missing::Cloud(error),
    })
}

/// The subnet that the document asks for, else the default network's, one a zone.
pub(super) async fn subnets(cloud: &impl Cloud, design: &Design) -> Result<Vec<Subnet>, Missing> {
    let pointer = "/components/0/aws/subnet";
    cloud.subnets(design.subnet.as_deref()).await.map_err(|error| match (&error, &design.subnet) {
        (clouds::Error::NotFound { .. }, Some(subnet)) => Missing::Field(FieldError::new(
            pointer,
            format!("`{subnet}` is not in this account and region; name another one or leave it out"),
        )),
        (clouds::Error::NotFound { .. }, None) => Missing::Field(FieldError::new(
            pointer,
            "the account has no default network here; name a subnet that has a way out to the internet",
        )),
        _ => Missing::Cloud(error),
    })
}

/// All that would stop a deploy of the document. `roles` are those of the account, `cpu` is how many virtual CPUs it would add to those that run.
///
/// # Errors
/// [`Error::Document`] if it is not one of ours.
pub async fn problems(cloud: &impl Cloud, roles: &[&str], document: &Document, cpu: u32) -> Result<Vec<Problem>, Error> {
    let design = Design::read(document)?;
    let missing = futures_util::future::join_all(roles.iter().map(|role| cloud.missing_permissions(role, &design.region)));
    let (image, subnet, permissions, vcpus) = tokio::join!(image(cloud, &design), subnets(cloud, &design), missing, cloud.vcpus());
    let mut all = Vec::new();
    all.extend(image.err().map(|missing| looked_up("image", missing)));
    match subnet {
        Ok(subnets) if subnets.iter().all(|subnet| subnet.free_addresses == 0) => all.push(no_address(&design, &subnets)),
        Ok(_) => {}
        Err(missing) => all.push(looked_up("subnet", missing)),
    }
    // Each look meets a region that is off, and once is enough.
    let off: Vec<_> = all.iter().filter(|problem| problem.code == "region").cloned().collect();
    if let Some(problem) = off.into_iter().next() {
        return Ok(vec![problem]);
    }
    for (role, missing) in roles.iter().zip(permissions) {
        match missing {
            Ok(missing) if missing.is_empty() => {}
            Ok(missing) => {
                let actions: BTreeSet<_> = missing.into_iter().flat_map(|one| one.actions).collect();
                let message = format!(
                    "the role {role} may not: {}. Update it from the account's template: GET /v1/account/{{id}} answers it",
                    Vec::from_iter(actions).join(", ")
                );
                all.push(Problem { code: "permission", pointer: None, message });
            }
            Err(error) => all.push(unknown(&error)),
        }
    }
    match vcpus {
        Ok(vcpus) if vcpus.used.saturating_add(cpu) > vcpus.quota => {
            let message = format!(
                "{} needs {cpu} vCPUs, {} are used, and the account may use {} in {}; ask AWS for more (Service Quotas, \"Running On-Demand Standard instances\") or for a smaller machine",
                design.instance_type, vcpus.used, vcpus.quota, design.region
            );
            all.push(Problem { code: "quota", pointer: Some("/components/0/hardware/cpu".to_owned()), message });
        }
        Ok(_) => {}
        Err(error) => all.push(unknown(&error)),
    }
    Ok(all)
}

fn no_address(design: &Design, subnets: &[Subnet]) -> Problem {
    let ids: Vec<_> = subnets.iter().map(|subnet| subnet.id.as_str()).collect();
    let message = format!(
        "no address is free in {} ({}); free one there, or name another subnet that has a way out to the internet",
        ids.join(", "),
        design.region
    );
    Problem { code: "subnet", pointer: Some("/components/0/aws/subnet".to_owned()), message }
}

fn looked_up(code: &'static str, missing: Missing) -> Problem {
    match missing {
        Missing::Field(field) => Problem { code, pointer: Some(field.pointer), message: field.message },
        Missing::Cloud(error) => unknown(&error),
    }
}

/// The check itself may not be allowed yet: a role that was made from an earlier template.
fn unknown(error: &clouds::Error) -> Problem {
    if error.region_is_off() {
        let message = error.remedy().unwrap_or_default().to_owned();
        return Problem { code: "region", pointer: Some("/cloud/region".to_owned()), message };
    }
    let remedy = match error {
        clouds::Error::Denied { .. } => ". Update the account's roles from its template: GET /v1/account/{id} answers it",
        _ => "; try again",
    };
    Problem { code: "unknown", pointer: None, message: format!("could not be looked at: {error}{remedy}") }
}
