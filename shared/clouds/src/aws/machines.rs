//! Images and instances.

use aws_sdk_ec2::Client;
use aws_sdk_ec2::types::{
    ArchitectureValues, AttributeValue, BlockDeviceMapping, EbsBlockDevice, Filter, HttpTokensState, IamInstanceProfileSpecification,
    Image as Ami, Instance as Ec2Instance, InstanceMetadataOptionsRequest, InstanceStateName, InstanceType, ResourceType, ShutdownBehavior,
    VolumeType,
};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::errors::{done_if_absent, failure, not_seen_yet};
use super::network::{filter, tagged};
use crate::{Error, Image, ImageQuery, Instance, InstanceSpec, InstanceState, Result, Vcpus};

/// The wished image, or the newest that matches.
pub(super) async fn find_image(ec2: &Client, query: &ImageQuery) -> Result<Image> {
    let action = "ec2:DescribeImages";
    let request = match &query.wished {
        Some(id) => ec2.describe_images().image_ids(id),
        None => ec2
            .describe_images()
            .owners(&query.owner)
            .filters(filter("name", &query.name_pattern))
            .filters(filter("architecture", &query.architecture))
            .filters(filter("state", "available")),
    };
    let answer = request.send().await.map_err(failure(action))?;
    // Dates are ISO 8601 in UTC, so the order of the texts is that of the times.
    let newest = answer.images().iter().max_by_key(|image| (image.creation_date(), image.image_id()));
    let missing = query.wished.as_ref().unwrap_or(&query.name_pattern);
    newest.and_then(described).ok_or_else(|| Error::not_found(action, missing))
}

fn described(image: &Ami) -> Option<Image> {
    Some(Image {
        id: image.image_id()?.to_owned(),
        name: image.name().unwrap_or_default().to_owned(),
        root_device: image.root_device_name()?.to_owned(),
        architecture: image.architecture().map(ArchitectureValues::as_str).unwrap_or_default().to_owned(),
    })
}

/// Makes or finds the machine. Terminated machines count too: the token is used up, and the caller sees the state.
pub(super) async fn ensure(ec2: &Client, spec: &InstanceSpec) -> Result<String> {
    let known = ec2
        .describe_instances()
        .filters(filter("client-token", &spec.client_token))
        .send()
        .await
        .map_err(failure("ec2:DescribeInstances"))?;
    // Compared again, since a list that knew nothing of the filter would answer every machine of the account.
    let ours = |instance: &&Ec2Instance| instance.client_token() == Some(&spec.client_token);
    let known = known.reservations().iter().flat_map(|reservation| reservation.instances()).find(ours).and_then(Ec2Instance::instance_id);
    match known {
        Some(id) => Ok(id.to_owned()),
        None => run(ec2, spec).await,
    }
}

async fn run(ec2: &Client, spec: &InstanceSpec) -> Result<String> {
    let action = "ec2:RunInstances";
    let root = EbsBlockDevice::builder()
        .volume_size(i32::try_from(spec.root_volume_gib).unwrap_or(i32::MAX))
        .volume_type(VolumeType::Gp3)
        .encrypted(true)
        .delete_on_termination(true)
        .build();
    let answer = ec2
        .run_instances()
        .client_token(&spec.client_token)
        .image_id(&spec.image)
        .instance_type(InstanceType::from(spec.instance_type.as_str()))
        .min_count(1)
        .max_count(1)
        .subnet_id(&spec.subnet)
        .set_private_ip_address(spec.private_ip.clone())
        .security_group_ids(&spec.security_group)
        .iam_instance_profile(IamInstanceProfileSpecification::builder().name(&spec.profile).build())
        // One hop: a container on the machine does not reach the role's credentials.
        .metadata_options(
            InstanceMetadataOptionsRequest::builder().http_tokens(HttpTokensState::Required).http_put_response_hop_limit(1).build(),
        )
        .instance_initiated_shutdown_behavior(ShutdownBehavior::Stop)
        .block_device_mappings(BlockDeviceMapping::builder().device_name(&spec.root_device).ebs(root).build())
        .user_data(STANDARD.encode(&spec.user_data))
        .tag_specifications(tagged(ResourceType::Instance, &spec.tags))
        .tag_specifications(tagged(ResourceType::Volume, &spec.tags))
        .send()
        .await
        .map_err(failure(action))
        .map_err(|error| if error.cause().code.starts_with("InvalidGroup") { not_seen_yet(error) } else { error })?;
    let id = answer.instances().first().and_then(Ec2Instance::instance_id);
    id.map(ToOwned::to_owned).ok_or_else(|| Error::unexpected(action, "the answer has no instance"))
}

/// The machine as it is now.
pub(super) async fn look(ec2: &Client, id: &str) -> Result<Option<Instance>> {
    let answer = match ec2.describe_instances().instance_ids(id).send().await.map_err(failure("ec2:DescribeInstances")) {
        Ok(answer) => answer,
        Err(Error::NotFound { .. }) => return Ok(None),
        Err(error) => return Err(error),
    };
    Ok(answer.reservations().iter().flat_map(|reservation| reservation.instances()).next().map(seen))
}

fn seen(instance: &Ec2Instance) -> Instance {
    let said = instance.state_reason().and_then(|reason| reason.message()).or(instance.state_transition_reason());
    Instance {
        id: instance.instance_id().unwrap_or_default().to_owned(),
        image: instance.image_id().unwrap_or_default().to_owned(),
        instance_type: instance.instance_type().map(InstanceType::as_str).unwrap_or_default().to_owned(),
        state: state(instance),
        private_ip: instance.private_ip_address().map(ToOwned::to_owned),
        public_ip: instance.public_ip_address().map(ToOwned::to_owned),
        zone: instance.placement().and_then(|placement| placement.availability_zone()).unwrap_or_default().to_owned(),
        reason: said.filter(|text| !text.is_empty()).map(ToOwned::to_owned),
    }
}

pub(super) fn state(instance: &Ec2Instance) -> InstanceState {
    match instance.state().and_then(|state| state.name()) {
        Some(InstanceStateName::Running) => InstanceState::Running,
        Some(InstanceStateName::Stopping) => InstanceState::Stopping,
        Some(InstanceStateName::Stopped) => InstanceState::Stopped,
        Some(InstanceStateName::ShuttingDown) => InstanceState::ShuttingDown,
        Some(InstanceStateName::Terminated) => InstanceState::Terminated,
        _ => InstanceState::Pending,
    }
}

/// Every state in which a machine still exists.
pub(super) fn existing() -> Filter {
    let states = ["pending", "running", "stopping", "stopped", "shutting-down"].map(str::to_owned).to_vec();
    Filter::builder().name("instance-state-name").set_values(Some(states)).build()
}

/// "Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances", counted in virtual CPUs.
const STANDARD_QUOTA: &str = "L-1216C47A";

pub(super) async fn vcpus(ec2: &Client, quotas: &aws_sdk_servicequotas::Client) -> Result<Vcpus> {
    let action = "servicequotas:GetServiceQuota";
    let answer = quotas.get_service_quota().service_code("ec2").quota_code(STANDARD_QUOTA).send().await.map_err(failure(action))?;
    let value = answer.quota().and_then(|quota| quota.value()).ok_or_else(|| Error::unexpected(action, "the answer has no value"))?;
    let states = ["pending", "running"].map(str::to_owned).to_vec();
    let on = Filter::builder().name("instance-state-name").set_values(Some(states)).build();
    let mut pages = ec2.describe_instances().filters(on).into_paginator().send();
    let mut used = 0;
    while let Some(page) = pages.next().await {
        let page = page.map_err(failure("ec2:DescribeInstances"))?;
        let options = page.reservations().iter().flat_map(|reservation| reservation.instances()).filter_map(Ec2Instance::cpu_options);
        used += options.map(|cpu| cpu.core_count().unwrap_or(0) * cpu.threads_per_core().unwrap_or(1)).sum::<i32>();
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a quota is a small whole number, written as a float")]
    Ok(Vcpus { used: u32::try_from(used).unwrap_or(0), quota: value.max(0.0) as u32 })
}

/// Begins the end of the machine; absent is done.
pub(super) async fn terminate(ec2: &Client, id: &str) -> Result<()> {
    let ended = ec2.terminate_instances().instance_ids(id).send().await.map(drop).map_err(failure("ec2:TerminateInstances"));
    done_if_absent(ended, async { Ok(!look(ec2, id).await?.is_none_or(|machine| machine.state == InstanceState::Terminated)) }).await
}

pub(super) async fn stop(ec2: &Client, id: &str) -> Result<()> {
    ec2.stop_instances().instance_ids(id).send().await.map(drop).map_err(failure("ec2:StopInstances"))
}

pub(super) async fn start(ec2: &Client, id: &str) -> Result<()> {
    ec2.start_instances().instance_ids(id).send().await.map(drop).map_err(failure("ec2:StartInstances"))
}

pub(super) async fn set_type(ec2: &Client, id: &str, instance_type: &str) -> Result<()> {
    let value = AttributeValue::builder().value(instance_type).build();
    let asked = ec2.modify_instance_attribute().instance_id(id).instance_type(value).send().await;
    asked.map(drop).map_err(failure("ec2:ModifyInstanceAttribute"))
}
