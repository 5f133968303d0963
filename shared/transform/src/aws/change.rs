//! How AWS lets each property change, by CloudFormation's "update requires" and EC2's own rules.

use super::shapes::{ATTACHMENT, INSTANCE, INSTANCE_PROFILE, ROLE, SECRET, SECURITY_GROUP, VOLUME};
use crate::changes::{Field, How};
use crate::document::{Document, Resource};
use domain::plan::FieldError;
use serde_json::Value;

/// None for what changes nothing that runs: a machine reads its boot script and gets its root volume once, and settings are compared by
/// themselves.
pub(crate) fn how(kind: &str, property: &str) -> Option<How> {
    match (kind, property) {
        (INSTANCE, "UserData" | "BlockDeviceMappings") | (SECRET, _) => None,
        (INSTANCE, "InstanceType") => Some(How::Reboot),
        (INSTANCE, "MetadataOptions" | "IamInstanceProfile" | "SecurityGroupIds" | "InstanceInitiatedShutdownBehavior")
        | (SECURITY_GROUP, "SecurityGroupIngress" | "SecurityGroupEgress")
        | (VOLUME, "Size" | "VolumeType" | "Iops" | "Throughput")
        | (ROLE, "Policies" | "ManagedPolicyArns" | "AssumeRolePolicyDocument" | "PermissionsBoundary" | "Description")
        | (INSTANCE_PROFILE, "Roles") => Some(How::InPlace),
        (ATTACHMENT, _) => Some(How::Reboot),
        _ => Some(How::Replace),
    }
}

/// Where another image shows among an instance's fields.
pub(crate) const IMAGE_ID: &str = "/ImageId";

/// What a replacement changes under PostgreSQL's files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ground {
    /// Another image of the same system, as far as the plan says.
    Image,
    /// Another operating system or release of it, whose libraries sort text in their own way.
    System,
    /// Another architecture.
    Architecture,
}

/// What the image is of, where the machine is replaced by one of another image.
pub(crate) fn ground(old: &Document, new: &Document) -> Ground {
    let differs = |field: &str| old.lookups.get("Image").map(|found| &found[field]) != new.lookups.get("Image").map(|found| &found[field]);
    if differs("Architecture") {
        Ground::Architecture
    } else if differs("NamePattern") {
        Ground::System
    } else {
        Ground::Image
    }
}

/// What is looked up in the account stands beside the resources: another image is another machine.
pub(crate) fn looked_up_anew(before: &Resource, old: &Document, new: &Document) -> Option<Field> {
    let image = |document: &Document| {
        let found = document.lookups.get("Image")?;
        found["Wished"].as_str().or(found["NamePattern"].as_str()).map(Value::from)
    };
    let (from, to) = (image(old), image(new));
    if before.kind != INSTANCE || from == to {
        return None;
    }
    let reason = Some("a machine can't change its image: another one takes over the data volume".to_owned());
    Some(Field { pointer: IMAGE_ID.to_owned(), from: from.unwrap_or_default(), to: to.unwrap_or_default(), how: How::Replace, reason })
}

/// Writes down the data volume as it is, where a change of it can't be taken back. Answers whether that differs.
pub fn keep_volume(document: &mut Document, size_gib: u32, iops: u32, throughput_mib_s: u32) -> bool {
    let mut differs = false;
    for volume in document.resources.iter_mut().filter(|resource| resource.kind == VOLUME) {
        for (name, is) in [("Size", size_gib), ("Iops", iops), ("Throughput", throughput_mib_s)] {
            differs |= volume.properties[name] != is;
            volume.properties[name] = is.into();
        }
    }
    differs
}

/// What can't be done to something that runs.
pub(crate) fn refused(old: &Document, new: &Document) -> Vec<FieldError> {
    let mut all = Vec::new();
    let mut refuse = |pointer: &str, message: String| all.push(FieldError::new(pointer, message));
    if old.region != new.region {
        refuse("/cloud/region", format!("runs in {}; deploy another plan for {}, and move the data", old.region, new.region));
    }
    let wished = |document: &Document, what: &str, field: &str| document.lookups.get(what).map(|found| found[field].clone());
    if let (Some(from), Some(to)) = (wished(old, "Subnet", "Wished"), wished(new, "Subnet", "Wished"))
        && from != to
    {
        refuse(
            "/components/0/aws/subnet",
            "the data volume stays in its zone: leave the subnet as it was, or deploy another plan".to_owned(),
        );
    }
    // Its name does not say what an image is of; another architecture under the same one can't be.
    if let (Some(from), Some(to)) = (wished(old, "Image", "Architecture"), wished(new, "Image", "Architecture"))
        && from != to
        && let Some(image) =
            wished(new, "Image", "Wished").filter(|image| !image.is_null() && wished(old, "Image", "Wished").as_ref() == Some(image))
    {
        let (image, from, to) = (text(&image), text(&from), text(&to));
        let message = format!("the image {image} runs on {from}; name one for {to}, or leave it out");
        refuse("/components/0/aws/ami", message);
    }
    for (component, after) in &new.configuration {
        let Some(before) = old.configuration.get(component) else { continue };
        if before.version != after.version {
            refuse(
                "/components/0/db/version",
                format!("runs PostgreSQL {}; an upgrade to {} is not available yet", before.version, after.version),
            );
        }
        if before.database != after.database {
            refuse(
                "/components/0/db/name",
                format!("the database is called {}; rename it in PostgreSQL, not in the plan", before.database),
            );
        }
    }
    let size = |document: &Document, id: &str| {
        let volume = document.resources.iter().find(|resource| resource.kind == VOLUME && resource.id == id)?;
        volume.properties["Size"].as_u64()
    };
    for volume in old.resources.iter().filter(|resource| resource.kind == VOLUME) {
        if let (Some(from), Some(to)) = (size(old, &volume.id), size(new, &volume.id))
            && to < from
        {
            refuse("/components/0/hardware/disk/size_gib", format!("a volume never shrinks: ask for {from} GiB or more"));
        }
    }
    all
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
