//! What the account holds, by AWS's own lists.

use aws_sdk_ec2::types::Tag;
use aws_sdk_secretsmanager::types::{Filter as SecretFilter, FilterNameStringType};

use super::errors::failure;
use super::network::filter;
use super::{Aws, identity, machines};
use crate::{Found, FoundKind, Result, TAG_DEPLOYMENT, TAG_RETAINED, TAG_RETAINED_UNTIL};

/// Everything of one deployment, all pages.
pub(super) async fn all(aws: &Aws, deployment: &str, name: &str) -> Result<Vec<Found>> {
    let mut found = instances(aws, deployment).await?;
    found.extend(volumes(aws, deployment).await?);
    found.extend(groups(aws, deployment).await?);
    found.extend(secrets(aws, deployment).await?);
    found.extend(identity::roles(&aws.iam, name).await?.iter().map(|role| present(FoundKind::Role, role)));
    found.extend(identity::profiles(&aws.iam, name).await?.iter().map(|profile| present(FoundKind::InstanceProfile, profile)));
    Ok(found)
}

fn of_deployment(deployment: &str) -> aws_sdk_ec2::types::Filter {
    filter(&format!("tag:{TAG_DEPLOYMENT}"), deployment)
}

fn present(kind: FoundKind, id: &str) -> Found {
    Found { kind, id: id.to_owned(), state: "present".into(), retained_until: None }
}

fn retained_until(tags: &[Tag]) -> Option<String> {
    let value = |key: &str| tags.iter().find(|tag| tag.key() == Some(key)).and_then(Tag::value);
    value(TAG_RETAINED).filter(|kept| *kept == "true")?;
    Some(value(TAG_RETAINED_UNTIL).unwrap_or_default().to_owned())
}

async fn instances(aws: &Aws, deployment: &str) -> Result<Vec<Found>> {
    let request = aws.ec2.describe_instances().filters(of_deployment(deployment)).filters(machines::existing());
    let mut pages = request.into_paginator().send();
    let mut found = Vec::new();
    while let Some(page) = pages.next().await {
        let page = page.map_err(failure("ec2:DescribeInstances"))?;
        found.extend(page.reservations().iter().flat_map(|reservation| reservation.instances()).filter_map(|instance| {
            let state = instance.state()?.name()?.as_str().to_owned();
            Some(Found {
                kind: FoundKind::Instance,
                id: instance.instance_id()?.to_owned(),
                state,
                retained_until: retained_until(instance.tags()),
            })
        }));
    }
    Ok(found)
}

async fn volumes(aws: &Aws, deployment: &str) -> Result<Vec<Found>> {
    let mut pages = aws.ec2.describe_volumes().filters(of_deployment(deployment)).into_paginator().send();
    let mut found = Vec::new();
    while let Some(page) = pages.next().await {
        let page = page.map_err(failure("ec2:DescribeVolumes"))?;
        found.extend(page.volumes().iter().filter_map(|volume| {
            let state = volume.state()?.as_str().to_owned();
            Some(Found {
                kind: FoundKind::Volume,
                id: volume.volume_id()?.to_owned(),
                state,
                retained_until: retained_until(volume.tags()),
            })
        }));
    }
    Ok(found)
}

async fn groups(aws: &Aws, deployment: &str) -> Result<Vec<Found>> {
    let mut pages = aws.ec2.describe_security_groups().filters(of_deployment(deployment)).into_paginator().send();
    let mut found = Vec::new();
    while let Some(page) = pages.next().await {
        let page = page.map_err(failure("ec2:DescribeSecurityGroups"))?;
        found.extend(page.security_groups().iter().filter_map(|group| Some(present(FoundKind::SecurityGroup, group.group_id()?))));
    }
    Ok(found)
}

async fn secrets(aws: &Aws, deployment: &str) -> Result<Vec<Found>> {
    // The list's filters match by prefix and key and value apart, so each secret's own tags decide.
    let ours = SecretFilter::builder().key(FilterNameStringType::TagValue).values(deployment).build();
    let mut pages = aws.secrets.list_secrets().filters(ours).into_paginator().send();
    let mut found = Vec::new();
    while let Some(page) = pages.next().await {
        let page = page.map_err(failure("secretsmanager:ListSecrets"))?;
        found.extend(page.secret_list().iter().filter_map(|secret| {
            let ours = secret.tags().iter().any(|tag| tag.key() == Some(TAG_DEPLOYMENT) && tag.value() == Some(deployment));
            if ours { Some(present(FoundKind::Secret, secret.arn()?)) } else { None }
        }));
    }
    Ok(found)
}
