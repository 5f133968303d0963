//! Data volumes.

use aws_sdk_ec2::Client;
use aws_sdk_ec2::types::{ResourceType, Volume as Ebs, VolumeModificationState, VolumeState as EbsState, VolumeType};

use super::errors::{done_if_absent, failure};
use super::network::{filter, tag_list, tagged};
use crate::{Error, Result, Storage, TAG_CLIENT_TOKEN, Tags, Volume, VolumeShape, VolumeSpec, VolumeState};

/// The device name that is asked for. Nitro machines ignore it: the boot script finds the volume by its id.
const DEVICE: &str = "/dev/sdf";

/// Makes or finds the volume.
pub(super) async fn ensure(ec2: &Client, spec: &VolumeSpec) -> Result<String> {
    let action = "ec2:CreateVolume";
    let known = ec2
        .describe_volumes()
        .filters(filter(&format!("tag:{TAG_CLIENT_TOKEN}"), &spec.client_token))
        .send()
        .await
        .map_err(failure("ec2:DescribeVolumes"))?;
    let alive = known.volumes().iter().find(|volume| !matches!(state(volume), VolumeState::Deleting | VolumeState::Deleted));
    if let Some(id) = alive.and_then(Ebs::volume_id) {
        return Ok(id.to_owned());
    }
    let mut tags = spec.tags.clone();
    tags.insert(TAG_CLIENT_TOKEN.into(), spec.client_token.clone());
    let answer = ec2
        .create_volume()
        .client_token(&spec.client_token)
        .availability_zone(&spec.zone)
        .size(signed(spec.shape.size_gib))
        .volume_type(VolumeType::Gp3)
        .iops(signed(spec.shape.iops))
        .throughput(signed(spec.shape.throughput_mib_s))
        .encrypted(spec.encrypted)
        .tag_specifications(tagged(ResourceType::Volume, &tags))
        .send()
        .await
        .map_err(failure(action))?;
    answer.volume_id().map(ToOwned::to_owned).ok_or_else(|| Error::unexpected(action, "the answer has no volume id"))
}

/// The volume as it is now.
pub(super) async fn look(ec2: &Client, id: &str) -> Result<Option<Volume>> {
    let answer = match ec2.describe_volumes().volume_ids(id).send().await.map_err(failure("ec2:DescribeVolumes")) {
        Ok(answer) => answer,
        Err(Error::NotFound { .. }) => return Ok(None),
        Err(error) => return Err(error),
    };
    Ok(answer.volumes().first().map(|volume| Volume { state: state(volume), shape: shape(volume), attached_to: holder(volume) }))
}

/// Asks for another size and speed, where they differ.
pub(super) async fn modify(ec2: &Client, id: &str, wanted: &VolumeShape) -> Result<()> {
    let action = "ec2:ModifyVolume";
    let volume = look(ec2, id).await?.ok_or_else(|| Error::not_found(action, id))?;
    if volume.shape == *wanted {
        return Ok(());
    }
    let request = ec2.modify_volume().volume_id(id).size(signed(wanted.size_gib)).iops(signed(wanted.iops));
    request.throughput(signed(wanted.throughput_mib_s)).send().await.map(drop).map_err(failure(action))
}

/// Whether the size that was asked for is not there yet. While AWS still moves the data (`optimizing`), it is.
pub(super) async fn growing(ec2: &Client, id: &str) -> Result<bool> {
    let answer = ec2.describe_volumes_modifications().volume_ids(id).send().await;
    match answer.map_err(failure("ec2:DescribeVolumesModifications")) {
        Ok(answer) => Ok(answer
            .volumes_modifications()
            .iter()
            .any(|modification| modification.modification_state() == Some(&VolumeModificationState::Modifying))),
        // One that was never changed has no modification.
        Err(Error::NotFound { .. }) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Attaches the volume; already attached to this machine is `Ok`.
pub(super) async fn attach(ec2: &Client, volume: &str, instance: &str) -> Result<()> {
    let request = ec2.attach_volume().volume_id(volume).instance_id(instance).device(DEVICE);
    let error = match request.send().await.map_err(failure("ec2:AttachVolume")) {
        Ok(_) => return Ok(()),
        Err(error) => error,
    };
    match look(ec2, volume).await? {
        Some(Volume { attached_to: Some(holder), .. }) if holder == instance => Ok(()),
        _ => Err(error),
    }
}

/// Begins to detach the volume from this machine, where it is attached to it.
pub(super) async fn detach(ec2: &Client, volume: &str, instance: &str) -> Result<()> {
    let request = ec2.detach_volume().volume_id(volume).instance_id(instance);
    let error = match request.send().await.map_err(failure("ec2:DetachVolume")) {
        Ok(_) => return Ok(()),
        Err(error) => error,
    };
    match look(ec2, volume).await? {
        Some(Volume { attached_to: Some(holder), .. }) if holder == instance => Err(error),
        _ => Ok(()),
    }
}

/// "Storage for General Purpose SSD (gp3) volumes, in TiB"; gp3 has no quota of IOPS. Amazon EBS endpoints and quotas.
const GP3_QUOTA: &str = "L-7A658B76";
const GIB_IN_TIB: f64 = 1024.0;

/// Of gp3 volumes, root volumes and those of other makers included: the quota is the region's.
pub(super) async fn storage(ec2: &Client, quotas: &aws_sdk_servicequotas::Client) -> Result<Storage> {
    let action = "servicequotas:GetServiceQuota";
    let answer = quotas.get_service_quota().service_code("ebs").quota_code(GP3_QUOTA).send().await.map_err(failure(action))?;
    let tib = answer.quota().and_then(|quota| quota.value()).ok_or_else(|| Error::unexpected(action, "the answer has no value"))?;
    let mut pages = ec2.describe_volumes().filters(filter("volume-type", VolumeType::Gp3.as_str())).into_paginator().send();
    let mut used_gib = 0;
    while let Some(page) = pages.next().await {
        let page = page.map_err(failure("ec2:DescribeVolumes"))?;
        // Compared again: a list that knows nothing of the filter answers every volume.
        let gp3 = page.volumes().iter().filter(|volume| volume.volume_type() == Some(&VolumeType::Gp3));
        used_gib += gp3.map(|volume| shape(volume).size_gib).sum::<u32>();
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a quota is a small number of TiB, written as a float")]
    Ok(Storage { used_gib, quota_gib: (tib.max(0.0) * GIB_IN_TIB) as u32 })
}

/// Deletes the volume; absent is done.
pub(super) async fn delete(ec2: &Client, id: &str) -> Result<()> {
    let deleted = ec2.delete_volume().volume_id(id).send().await.map(drop).map_err(failure("ec2:DeleteVolume"));
    done_if_absent(deleted, async {
        let going = |volume: Volume| matches!(volume.state, VolumeState::Deleting | VolumeState::Deleted);
        Ok(!look(ec2, id).await?.is_none_or(going))
    })
    .await
}

/// Marks the volume as kept on purpose.
pub(super) async fn retain(ec2: &Client, id: &str, tags: &Tags) -> Result<()> {
    ec2.create_tags().resources(id).set_tags(Some(tag_list(tags))).send().await.map(drop).map_err(failure("ec2:CreateTags"))
}

fn signed(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

pub(super) fn shape(volume: &Ebs) -> VolumeShape {
    let number = |value: Option<i32>| value.and_then(|value| u32::try_from(value).ok()).unwrap_or_default();
    VolumeShape { size_gib: number(volume.size()), iops: number(volume.iops()), throughput_mib_s: number(volume.throughput()) }
}

pub(super) fn holder(volume: &Ebs) -> Option<String> {
    volume.attachments().first()?.instance_id().map(ToOwned::to_owned)
}

fn state(volume: &Ebs) -> VolumeState {
    match volume.state() {
        Some(EbsState::Creating) => VolumeState::Creating,
        Some(EbsState::Available) => VolumeState::Available,
        Some(EbsState::InUse) => VolumeState::InUse,
        Some(EbsState::Deleting) => VolumeState::Deleting,
        Some(EbsState::Deleted) => VolumeState::Deleted,
        _ => VolumeState::Error,
    }
}
