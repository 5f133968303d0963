//! What the account holds, by AWS's own lists.

use std::collections::BTreeMap;

use aws_sdk_ec2::primitives::DateTime;
use aws_sdk_ec2::types::{Filter, Instance, SecurityGroup, Tag, Volume};
use aws_sdk_secretsmanager::types::{Filter as SecretFilter, FilterNameStringType, SecretListEntry};
use domain::DeploymentId;
use futures_util::future::{try_join, try_join3, try_join4};
use jiff::Timestamp;

use super::errors::failure;
use super::identity::Named;
use super::network::filter;
use super::{Aws, identity, machines, volumes};
use crate::{Found, FoundKind, NAME_PREFIX, Result, SECRET_PREFIX, Size, TAG_DEPLOYMENT, TAG_RETAINED, TAG_RETAINED_UNTIL};

/// Everything of one deployment, all pages.
pub(super) async fn of_deployment(aws: &Aws, deployment: &str, name: &str) -> Result<Vec<Found>> {
    let tag = filter(&format!("tag:{TAG_DEPLOYMENT}"), deployment);
    let mut found = instances(aws, tag.clone()).await?;
    found.extend(volumes(aws, tag.clone()).await?);
    found.extend(groups(aws, Some(tag)).await?);
    // The list's filters match by prefix and key and value apart, so each secret's own tags decide.
    found.extend(secrets(aws, FilterNameStringType::TagValue, deployment).await?);
    found.retain(|one| one.deployment.as_deref() == Some(deployment));
    found.extend(identities(aws, name).await?);
    Ok(found)
}

/// Everything of ours in the region: what has our tag, and what has our names. A filter that takes either is not to be had, so that
/// each list is asked twice; but for security groups, of which a region has so few that all are looked through.
pub(super) async fn of_region(aws: &Aws) -> Result<Vec<Found>> {
    let (tag, name) = (filter("tag-key", TAG_DEPLOYMENT), filter("tag:Name", &format!("{NAME_PREFIX}????????")));
    let ec2 = try_join4(instances(aws, tag.clone()), instances(aws, name.clone()), volumes(aws, tag), volumes(aws, name));
    let secrets =
        try_join(secrets(aws, FilterNameStringType::TagKey, TAG_DEPLOYMENT), secrets(aws, FilterNameStringType::Name, SECRET_PREFIX));
    let ((a, b, c, d), groups, (e, f)) = try_join3(ec2, groups(aws, None), secrets).await?;
    let all = [a, b, c, d, groups, e, f].into_iter().flatten().filter(|found| found.deployment.is_some() || named(found));
    // By kind and id, in a stable order and each once.
    let once: BTreeMap<_, _> = all.map(|found| ((found.kind, found.id.clone()), found)).collect();
    Ok(once.into_values().collect())
}

/// Whether a name is one that we give: a platform that stands in the same account begins its own names alike.
fn named(found: &Found) -> bool {
    let end = |prefix: &str| found.name.strip_prefix(prefix);
    match found.kind {
        FoundKind::Secret => end(SECRET_PREFIX).is_some_and(|rest| rest.starts_with(DeploymentId::PREFIX)),
        _ => end(NAME_PREFIX).is_some_and(|rest| rest.len() == 8 && rest.bytes().all(|byte| byte.is_ascii_hexdigit())),
    }
}

/// Roles and profiles whose names begin so.
pub(super) async fn identities(aws: &Aws, prefix: &str) -> Result<Vec<Found>> {
    let (roles, profiles) = try_join(identity::roles(&aws.iam, prefix), identity::profiles(&aws.iam, prefix)).await?;
    let named = |kind: FoundKind| move |Named { name, created_at }: Named| Found { created_at, ..Found::of(kind, &name, &name) };
    Ok(roles.into_iter().map(named(FoundKind::Role)).chain(profiles.into_iter().map(named(FoundKind::InstanceProfile))).collect())
}

impl Found {
    fn of(kind: FoundKind, id: &str, name: &str) -> Self {
        let (id, name, state) = (id.to_owned(), name.to_owned(), "present".to_owned());
        let (deployment, created_at, attached_to, retained_until) = (None, None, None, None);
        Self { kind, id, name, deployment, state, created_at, attached_to, size: Size::Free, retained_until }
    }

    /// What EC2 lists, by its tags.
    fn tagged(kind: FoundKind, id: &str, tags: &[Tag]) -> Self {
        let value = |key: &str| tags.iter().find(|tag| tag.key() == Some(key)).and_then(Tag::value);
        let kept = value(TAG_RETAINED) == Some("true");
        Self {
            deployment: value(TAG_DEPLOYMENT).map(ToOwned::to_owned),
            retained_until: kept.then(|| value(TAG_RETAINED_UNTIL).unwrap_or_default().to_owned()),
            ..Self::of(kind, id, value("Name").unwrap_or(id))
        }
    }
}

/// The time as the rest of the program has it.
pub(super) fn moment(time: &DateTime) -> Option<Timestamp> {
    Timestamp::new(time.secs(), i32::try_from(time.subsec_nanos()).ok()?).ok()
}

fn instance(instance: &Instance) -> Option<Found> {
    Some(Found {
        state: instance.state()?.name()?.as_str().to_owned(),
        created_at: instance.launch_time().and_then(moment),
        size: instance.instance_type().map_or(Size::Free, |kind| Size::Machine(kind.as_str().to_owned())),
        ..Found::tagged(FoundKind::Instance, instance.instance_id()?, instance.tags())
    })
}

fn volume(volume: &Volume) -> Option<Found> {
    Some(Found {
        state: volume.state()?.as_str().to_owned(),
        created_at: volume.create_time().and_then(moment),
        attached_to: volumes::holder(volume),
        size: Size::Volume(volumes::shape(volume)),
        ..Found::tagged(FoundKind::Volume, volume.volume_id()?, volume.tags())
    })
}

fn group(group: &SecurityGroup) -> Option<Found> {
    let found = Found::tagged(FoundKind::SecurityGroup, group.group_id()?, group.tags());
    Some(Found { name: group.group_name()?.to_owned(), ..found })
}

fn secret(secret: &SecretListEntry) -> Option<Found> {
    let tag = secret.tags().iter().find(|tag| tag.key() == Some(TAG_DEPLOYMENT));
    Some(Found {
        deployment: tag.and_then(|tag| tag.value()).map(ToOwned::to_owned),
        created_at: secret.created_date().and_then(moment),
        ..Found::of(FoundKind::Secret, secret.arn()?, secret.name()?)
    })
}

async fn instances(aws: &Aws, which: Filter) -> Result<Vec<Found>> {
    let mut pages = aws.ec2.describe_instances().filters(which).filters(machines::existing()).into_paginator().send();
    let mut found = Vec::new();
    while let Some(page) = pages.next().await {
        let page = page.map_err(failure("ec2:DescribeInstances"))?;
        found.extend(page.reservations().iter().flat_map(|reservation| reservation.instances()).filter_map(instance));
    }
    Ok(found)
}

async fn volumes(aws: &Aws, which: Filter) -> Result<Vec<Found>> {
    let mut pages = aws.ec2.describe_volumes().filters(which).into_paginator().send();
    let mut found = Vec::new();
    while let Some(page) = pages.next().await {
        found.extend(page.map_err(failure("ec2:DescribeVolumes"))?.volumes().iter().filter_map(volume));
    }
    Ok(found)
}

async fn groups(aws: &Aws, which: Option<Filter>) -> Result<Vec<Found>> {
    let mut pages = aws.ec2.describe_security_groups().set_filters(which.map(|one| vec![one])).into_paginator().send();
    let mut found = Vec::new();
    while let Some(page) = pages.next().await {
        found.extend(page.map_err(failure("ec2:DescribeSecurityGroups"))?.security_groups().iter().filter_map(group));
    }
    Ok(found)
}

async fn secrets(aws: &Aws, key: FilterNameStringType, value: &str) -> Result<Vec<Found>> {
    let mut pages = aws.secrets.list_secrets().filters(SecretFilter::builder().key(key).values(value).build()).into_paginator().send();
    let mut found = Vec::new();
    while let Some(page) = pages.next().await {
        found.extend(page.map_err(failure("secretsmanager:ListSecrets"))?.secret_list().iter().filter_map(secret));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::named;
    use crate::{Found, FoundKind};

    #[test]
    fn a_platform_s_own_things_are_not_taken_for_a_deployment_s() {
        let ours = |kind, name: &str| named(&Found::of(kind, "id", name));
        assert!(ours(FoundKind::SecurityGroup, "cloudsail-0a1b2c3d") && ours(FoundKind::Secret, "cloudsail/dep_0a1b/postgres"));
        for (kind, name) in [
            (FoundKind::SecurityGroup, "cloudsail-prod-functions"),
            (FoundKind::Instance, "cloudsail-prod-bast"),
            (FoundKind::Volume, "shop"),
            (FoundKind::Secret, "cloudsail/prod/app"),
            (FoundKind::Secret, "cloudsail-prod-app"),
        ] {
            assert!(!ours(kind, name), "{name}");
        }
    }
}
