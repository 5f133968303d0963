//! EC2's own answer to whether a call is allowed, without making anything.
//!
//! Only for calls that can be asked so without a resource of ours: those on a machine, a volume or a group depend on its tags,
//! and starting a machine on a group that has them.

use aws_sdk_ec2::Client;
use aws_sdk_ec2::config::http::HttpResponse;
use aws_sdk_ec2::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_ec2::operation::RequestId;
use aws_sdk_ec2::types::{ResourceType, VolumeType};
use futures_util::future::{join, join5};

use super::errors::failure;
use super::network::tagged;
use crate::{Error, Result, Subnet, TAG_DEPLOYMENT, Tags};

/// Begins as deployments' ids do, and is none.
const NO_DEPLOYMENT: &str = "dep_verify";

/// The looking calls that were refused, of those that both roles are for.
pub(super) async fn refused_looks(ec2: &Client) -> Result<Vec<&'static str>> {
    let answers = join5(
        ec2.describe_images().owners("self").dry_run(true).send(),
        ec2.describe_instances().dry_run(true).send(),
        ec2.describe_security_groups().dry_run(true).send(),
        ec2.describe_subnets().dry_run(true).send(),
        ec2.describe_volumes().dry_run(true).send(),
    )
    .await;
    let all = [
        refused("ec2:DescribeImages", answers.0)?,
        refused("ec2:DescribeInstances", answers.1)?,
        refused("ec2:DescribeSecurityGroups", answers.2)?,
        refused("ec2:DescribeSubnets", answers.3)?,
        refused("ec2:DescribeVolumes", answers.4)?,
    ];
    Ok(all.into_iter().flatten().collect())
}

/// The look at how far a volume's change has come, if it was refused: only who changes takes it.
pub(super) async fn refused_progress(ec2: &Client) -> Result<Option<&'static str>> {
    refused("ec2:DescribeVolumesModifications", ec2.describe_volumes_modifications().dry_run(true).send().await)
}

/// The making calls that were refused.
pub(super) async fn refused_makes(ec2: &Client, subnet: &Subnet) -> Result<Vec<&'static str>> {
    let tags = Tags::from([(TAG_DEPLOYMENT.to_owned(), NO_DEPLOYMENT.to_owned())]);
    let volume = ec2
        .create_volume()
        .availability_zone(&subnet.zone)
        .size(1)
        .volume_type(VolumeType::Gp3)
        .encrypted(true)
        .tag_specifications(tagged(ResourceType::Volume, &tags));
    let group = ec2
        .create_security_group()
        .group_name("cloudsail-verify")
        .description("Asked for by Cloudsail's verify and never made")
        .vpc_id(&subnet.vpc_id)
        .tag_specifications(tagged(ResourceType::SecurityGroup, &tags));
    let answers = join(volume.dry_run(true).send(), group.dry_run(true).send()).await;
    let all = [refused("ec2:CreateVolume", answers.0)?, refused("ec2:CreateSecurityGroup", answers.1)?];
    Ok(all.into_iter().flatten().collect())
}

/// What is allowed answers an error as well, `DryRunOperation`. Any other says nothing of permissions.
fn refused<T, E>(action: &'static str, answer: std::result::Result<T, SdkError<E, HttpResponse>>) -> Result<Option<&'static str>>
where
    E: ProvideErrorMetadata,
    SdkError<E, HttpResponse>: RequestId,
{
    match answer.map_err(failure(action)) {
        Ok(_) => Err(Error::unexpected(action, "a dry run was carried out")),
        Err(Error::Denied { .. }) => Ok(Some(action)),
        Err(error) if error.retryable() => Err(error),
        Err(_) => Ok(None),
    }
}
