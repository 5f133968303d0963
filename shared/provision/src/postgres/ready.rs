//! Whether an account is ready for a document: what a deploy would run into, said before it begins.

use std::collections::BTreeSet;

use clouds::{Cloud, Image, ImageQuery, Subnet};
use domain::plan::FieldError;
use serde::Serialize;
use transform::aws::{Design, Error};
use transform::{Added, Document};
use utoipa::ToSchema;

/// Something that would stop a deploy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Obstacle)]
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
    let pointer = "/components/0/aws/ami";
    let found = cloud.find_image(&query).await.map_err(|error| match (&error, &query.wished) {
        (clouds::Error::NotFound { .. }, Some(ami)) => Missing::Field(FieldError::new(
            pointer,
            format!("the image `{ami}` is not in this account and region; name another one or leave it out"),
        )),
        _ => Missing::Cloud(error),
    })?;
    if found.architecture != query.architecture {
        let (id, is, needed, machine) = (&found.id, &found.architecture, &query.architecture, &design.instance_type);
        let message = format!("the image `{id}` is for {is}, and {machine} runs {needed}; name another image or leave it out");
        return Err(Missing::Field(FieldError::new(pointer, message)));
    }
    Ok(found)
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

/// All that would stop a deploy of the document. `roles` are those of the account, `added` is what it would use beyond what is used now.
///
/// # Errors
/// [`Error::Document`] if it is not one of ours.
pub async fn problems(cloud: &impl Cloud, roles: &[&str], document: &Document, added: Added) -> Result<Vec<Problem>, Error> {
    let design = Design::read(document)?;
    let missing = futures_util::future::join_all(roles.iter().map(|role| cloud.missing_permissions(role, &design.region)));
    let (image, subnet, permissions, vcpus, storage) =
        tokio::join!(image(cloud, &design), subnets(cloud, &design), missing, cloud.vcpus(), cloud.storage());
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
        Ok(vcpus) if vcpus.used.saturating_add(added.cpu) > vcpus.quota => {
            let message = format!(
                "{} needs {} vCPUs, {} are used, and the account may use {} in {}; ask AWS for more (Service Quotas, \"Running On-Demand Standard instances\") or for a smaller machine",
                design.instance_type, added.cpu, vcpus.used, vcpus.quota, design.region
            );
            all.push(Problem { code: "quota", pointer: Some("/components/0/hardware/cpu".to_owned()), message });
        }
        Ok(_) => {}
        Err(error) => all.push(unknown(&error)),
    }
    match storage {
        Ok(storage) if added.disk_gib > 0 && storage.used_gib.saturating_add(added.disk_gib) > storage.quota_gib => {
            let message = format!(
                "{} GiB of disk are needed, {} are used, and the account may have {} in {}; ask AWS for more (Service Quotas, \"Storage for General Purpose SSD (gp3) volumes\") or for a smaller disk",
                added.disk_gib, storage.used_gib, storage.quota_gib, design.region
            );
            all.push(Problem { code: "quota", pointer: Some("/components/0/hardware/disk/size_gib".to_owned()), message });
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
