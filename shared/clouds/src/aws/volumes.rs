//! Data volumes.

use aws_sdk_ec2::Client;
use aws_sdk_ec2::types::{ResourceType, Volume as Ebs, VolumeState as EbsState, VolumeType};

use super::errors::{done_if_absent, failure};
use super::network::{filter, tag_list, tagged};
use crate::{Error, Result, TAG_CLIENT_TOKEN, Tags, Volume, VolumeSpec, VolumeState};

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
        .size(i32::try_from(spec.size_gib).unwrap_or(i32::MAX))
        .volume_type(VolumeType::Gp3)
        .iops(i32::try_from(spec.iops).unwrap_or(i32::MAX))
        .throughput(i32::try_from(spec.throughput_mib_s).unwrap_or(i32::MAX))
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
    Ok(answer.volumes().first().map(|volume| Volume { state: state(volume), attached_to: holder(volume) }))
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

fn holder(volume: &Ebs) -> Option<String> {
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
