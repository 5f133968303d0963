//! aws-json as a folder of Terraform, which makes the same things without Cloudsail.

mod hcl;
mod lookups;
mod machine;
mod policy;
mod readme;
mod rest;

use crate::aws::shapes::{self, Later};
use crate::aws::{BootFacts, Design, Error};
use crate::document::{Document, Resource};
use hcl::Body;
use serde::Deserialize;
use std::collections::BTreeMap;

/// The provider that the folder is written for, and checked with.
const PROVIDER: &str = "~> 5.100";
/// The first Terraform with write-only arguments, by which the password stays out of the state.
const TERRAFORM: &str = ">= 1.11";

/// The files of the folder, by name. The same document makes the same bytes.
///
/// # Errors
/// [`Error::Document`] if the document holds what this can't put into Terraform, and [`Error::TooLong`] if AWS would not take the
/// boot script: nothing is left out silently.
pub fn export(document: &Document) -> Result<BTreeMap<String, String>, Error> {
    let design = Design::read(document)?;
    // AWS counts the packed bytes, and these are as long as the real ones.
    let id = "0".repeat(36);
    let facts = BootFacts { deployment_id: id.clone(), secret_arn: id.repeat(3), volume_id: id };
    design.user_data(&facts)?;

    let export = Export { document };
    let mut files: BTreeMap<&str, Body> = BTreeMap::from([
        ("terraform.tf", versions()),
        ("providers.tf", export.providers()),
        ("variables.tf", export.variables()?),
        ("image.tf", export.image()?),
        ("outputs.tf", export.outputs(&design)?),
        ("network.tf", export.subnet()),
    ]);
    let mut script = None;
    for resource in &document.resources {
        let kind = resource.kind.as_str();
        let file = match kind {
            shapes::SECURITY_GROUP => "network.tf",
            shapes::SECRET => "secret.tf",
            shapes::ROLE | shapes::INSTANCE_PROFILE => "role.tf",
            _ => "main.tf",
        };
        let body = files.remove(file).unwrap_or_default();
        let body = match kind {
            shapes::SECURITY_GROUP => export.security_group(body, resource),
            shapes::SECRET => export.secret(body, resource),
            shapes::ROLE => export.role(body, resource),
            shapes::INSTANCE_PROFILE => export.profile(body, resource),
            shapes::VOLUME => export.volume(body, resource),
            shapes::INSTANCE => export.instance(body, resource),
            shapes::ATTACHMENT => export.attachment(body, resource),
            other => Err(Error::Document(format!("`{}` is of the unknown type {other}", resource.id))),
        }?;
        files.insert(file, body);
        if resource.kind == shapes::INSTANCE {
            script = Some(read::<shapes::Instance>(resource)?.user_data.base64.script.0);
        }
    }
    let mut texts: BTreeMap<String, String> = files.into_iter().map(|(name, body)| (name.to_owned(), body.text())).collect();
    texts.extend(script.map(|script| (machine::SCRIPT.to_owned(), script)));
    texts.insert("README.md".to_owned(), export.readme(&design));
    texts.insert(".gitignore".to_owned(), ".terraform/\n*.tfstate\n*.tfstate.*\n".to_owned());
    Ok(texts)
}

/// The plan's name as names in AWS and of folders may be: 1 to 24 small letters, digits and `-`, a letter first.
#[must_use]
pub fn name(document: &Document) -> String {
    let mut name = String::new();
    for letter in document.name.chars() {
        match letter.to_ascii_lowercase() {
            letter if letter.is_ascii_lowercase() || (letter.is_ascii_digit() && !name.is_empty()) => name.push(letter),
            _ if name.is_empty() || name.ends_with('-') => {}
            _ => name.push('-'),
        }
    }
    name.truncate(24);
    let name = name.trim_end_matches('-');
    if name.is_empty() { "postgres".to_owned() } else { name.to_owned() }
}

/// What the folder is called.
#[must_use]
pub fn folder(document: &Document) -> String {
    format!("{}-terraform", name(document))
}

fn versions() -> Body {
    let aws = hcl::object(&Body::default().set("source", hcl::text("hashicorp/aws")).set("version", hcl::text(PROVIDER)));
    let terraform =
        Body::default().set("required_version", hcl::text(TERRAFORM)).block("required_providers", Body::default().set("aws", aws));
    Body::default().block("terraform", terraform)
}

/// A resource's properties, typed. What has no place in the type is an error.
fn read<T: for<'de> Deserialize<'de>>(resource: &Resource) -> Result<T, Error> {
    T::deserialize(&resource.properties).map_err(|error| Error::Document(format!("{}: {error}", resource.id)))
}

struct Export<'a> {
    document: &'a Document,
}

impl Export<'_> {
    fn providers(&self) -> Body {
        let provider = Body::default().set_why("region", hcl::text(&self.document.region), "boot.sh names the region, too.");
        Body::default().block("provider \"aws\"", provider)
    }

    /// The expression for what is known only later.
    fn later(&self, later: &Later) -> Result<String, Error> {
        let unknown = || Error::Document(format!("it asks for {later:?}, for which there is nothing in Terraform"));
        let known = match later {
            Later::Ref(name) => match name.as_str() {
                "Image" => "local.image_id".to_owned(),
                "Subnet" => "data.aws_subnet.this.id".to_owned(),
                "PermissionsBoundary" => "var.permissions_boundary".to_owned(),
                "Deployment" => "var.name".to_owned(),
                id => {
                    let resource = self.document.resources.iter().find(|resource| resource.id == id).ok_or_else(unknown)?;
                    // What CloudFormation's Ref answers for each type.
                    let (kind, attribute) = match resource.kind.as_str() {
                        shapes::SECURITY_GROUP => ("aws_security_group", "id"),
                        shapes::SECRET => ("aws_secretsmanager_secret", "arn"),
                        shapes::ROLE => ("aws_iam_role", "name"),
                        shapes::INSTANCE_PROFILE => ("aws_iam_instance_profile", "name"),
                        shapes::VOLUME => ("aws_ebs_volume", "id"),
                        shapes::INSTANCE => ("aws_instance", "id"),
                        _ => return Err(unknown()),
                    };
                    format!("{kind}.{}.{attribute}", label(resource))
                }
            },
            Later::GetAtt(name, attribute) => match (name.as_str(), attribute.as_str()) {
                ("Subnet", "VpcId") => "data.aws_subnet.this.vpc_id".to_owned(),
                ("Subnet", "AvailabilityZone") => "data.aws_subnet.this.availability_zone".to_owned(),
                _ => return Err(unknown()),
            },
        };
        Ok(known)
    }

    fn all_later(&self, all: &[Later]) -> Result<String, Error> {
        Ok(hcl::list(&all.iter().map(|later| self.later(later)).collect::<Result<Vec<_>, _>>()?))
    }
}

/// What a resource is called in Terraform: its component, as an identifier.
fn label(resource: &Resource) -> String {
    resource.component.replace('-', "_")
}

/// Why a property is what it is; empty where that goes without saying.
fn why<'a>(resource: &'a Resource, pointer: &str) -> &'a str {
    resource.reasons.get(pointer).map_or("", String::as_str)
}

/// The tag by which people know a thing in the console.
fn tags() -> &'static str {
    "{ Name = var.name }"
}
