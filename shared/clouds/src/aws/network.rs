//! Subnets and security groups.

use std::collections::BTreeSet;

use aws_sdk_ec2::Client;
use aws_sdk_ec2::types::{Filter, IpPermission, IpRange, ResourceType, SecurityGroup, Tag, TagSpecification};

use super::errors::{done_if_absent, failure, not_seen_yet};
use crate::{Error, Result, SecurityGroupSpec, Subnet, Tags};

/// A filter of one value.
pub(super) fn filter(name: &str, value: &str) -> Filter {
    Filter::builder().name(name).values(value).build()
}

/// The tags for a resource that the call makes.
pub(super) fn tagged(kind: ResourceType, tags: &Tags) -> TagSpecification {
    TagSpecification::builder().resource_type(kind).set_tags(Some(tag_list(tags))).build()
}

/// The tags as EC2 takes them.
pub(super) fn tag_list(tags: &Tags) -> Vec<Tag> {
    tags.iter().map(|(key, value)| Tag::builder().key(key).value(value).build()).collect()
}

/// The wished subnet, or the default ones by zone name.
pub(super) async fn subnets(ec2: &Client, wished: Option<&str>) -> Result<Vec<Subnet>> {
    let action = "ec2:DescribeSubnets";
    let request = match wished {
        Some(id) => ec2.describe_subnets().subnet_ids(id),
        None => ec2.describe_subnets().filters(filter("default-for-az", "true")).filters(filter("state", "available")),
    };
    let answer = request.send().await.map_err(failure(action))?;
    let mut subnets: Vec<Subnet> = answer
        .subnets()
        .iter()
        .filter_map(|subnet| {
            Some(Subnet {
                id: subnet.subnet_id()?.to_owned(),
                vpc_id: subnet.vpc_id()?.to_owned(),
                zone: subnet.availability_zone()?.to_owned(),
                free_addresses: subnet.available_ip_address_count().and_then(|count| count.try_into().ok()).unwrap_or(u32::MAX),
            })
        })
        .collect();
    // Sorted, so that a repeated step meets the same subnet and zone.
    subnets.sort_by(|a, b| (&a.zone, &a.id).cmp(&(&b.zone, &b.id)));
    let missing = wished.unwrap_or("the account has no default subnet in this region");
    if subnets.is_empty() { Err(Error::not_found(action, missing)) } else { Ok(subnets) }
}

/// Makes or finds the group, then makes its inbound rules equal the spec.
pub(super) async fn ensure_group(ec2: &Client, spec: &SecurityGroupSpec) -> Result<String> {
    let id = match find_group(ec2, spec).await? {
        Some(group) => group.group_id().unwrap_or_default().to_owned(),
        None => create_group(ec2, spec).await?,
    };
    set_ingress(ec2, spec, &id).await.map_err(not_seen_yet)?;
    Ok(id)
}

async fn find_group(ec2: &Client, spec: &SecurityGroupSpec) -> Result<Option<SecurityGroup>> {
    let answer = ec2
        .describe_security_groups()
        .filters(filter("vpc-id", &spec.vpc_id))
        .filters(filter("group-name", &spec.name))
        .send()
        .await
        .map_err(failure("ec2:DescribeSecurityGroups"))?;
    let action = "ec2:CreateSecurityGroup";
    let Some(group) = answer.security_groups().first() else { return Ok(None) };
    // A group of that name without our tags was made by somebody else: its rules are not ours to change.
    let ours = spec.tags.iter().all(|(key, value)| group.tags().iter().any(|tag| tag.key() == Some(key) && tag.value() == Some(value)));
    if ours {
        return Ok(Some(group.clone()));
    }
    let message = format!("the security group {} exists and is not this deployment's", spec.name);
    let cause = crate::ApiError { code: "InvalidGroup.Duplicate".into(), message, request_id: None };
    Err(Error::AlreadyExists { action, cause })
}

async fn create_group(ec2: &Client, spec: &SecurityGroupSpec) -> Result<String> {
    let action = "ec2:CreateSecurityGroup";
    let made = ec2
        .create_security_group()
        .group_name(&spec.name)
        .vpc_id(&spec.vpc_id)
        .description(&spec.description)
        .tag_specifications(tagged(ResourceType::SecurityGroup, &spec.tags))
        .send()
        .await
        .map_err(failure(action));
    match made {
        Ok(answer) => answer.group_id().map(ToOwned::to_owned).ok_or_else(|| Error::unexpected(action, "the answer has no group id")),
        // Made by an earlier run of the same step, and not shown by the look before the call; perhaps not by this one either.
        Err(Error::AlreadyExists { action, cause }) => match find_group(ec2, spec).await? {
            Some(group) => Ok(group.group_id().unwrap_or_default().to_owned()),
            None => Err(Error::NotReady { action, cause }),
        },
        Err(error) => Err(error),
    }
}

async fn group(ec2: &Client, id: &str) -> Result<Option<SecurityGroup>> {
    match ec2.describe_security_groups().group_ids(id).send().await.map_err(failure("ec2:DescribeSecurityGroups")) {
        Ok(answer) => Ok(answer.security_groups().first().cloned()),
        Err(Error::NotFound { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Rules are compared range by range, so that a range that stays is never cut off for a moment.
async fn set_ingress(ec2: &Client, spec: &SecurityGroupSpec, id: &str) -> Result<()> {
    let group = group(ec2, id).await?.ok_or_else(|| Error::not_found("ec2:DescribeSecurityGroups", id))?;
    let port = i32::from(spec.port);
    let ours = |rule: &&IpPermission| rule.ip_protocol() == Some("tcp") && rule.from_port() == Some(port) && rule.to_port() == Some(port);
    let wanted: BTreeSet<&str> = spec.ingress_cidrs.iter().map(String::as_str).collect();
    let present: BTreeSet<&str> =
        group.ip_permissions().iter().filter(ours).flat_map(IpPermission::ip_ranges).filter_map(IpRange::cidr_ip).collect();

    let surplus: Vec<IpPermission> = group.ip_permissions().iter().filter_map(|rule| surplus_of(rule, ours(&rule), &wanted)).collect();
    if !surplus.is_empty() {
        let request = ec2.revoke_security_group_ingress().group_id(id).set_ip_permissions(Some(surplus));
        request.send().await.map_err(failure("ec2:RevokeSecurityGroupIngress"))?;
    }
    let missing: Vec<IpRange> =
        wanted.difference(&present).map(|cidr| IpRange::builder().cidr_ip(*cidr).description("allowed by the plan").build()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let rule = IpPermission::builder().ip_protocol("tcp").from_port(port).to_port(port).set_ip_ranges(Some(missing)).build();
    match ec2
        .authorize_security_group_ingress()
        .group_id(id)
        .ip_permissions(rule)
        .send()
        .await
        .map_err(failure("ec2:AuthorizeSecurityGroupIngress"))
    {
        Ok(_) | Err(Error::AlreadyExists { .. }) => Ok(()),
        Err(error) => Err(error),
    }
}

/// The part of a rule that the spec does not ask for, in the shape that revokes it.
fn surplus_of(rule: &IpPermission, on_our_port: bool, wanted: &BTreeSet<&str>) -> Option<IpPermission> {
    if !on_our_port {
        return Some(rule.clone());
    }
    let ranges: Vec<IpRange> =
        rule.ip_ranges().iter().filter(|range| !range.cidr_ip().is_some_and(|cidr| wanted.contains(cidr))).cloned().collect();
    let others = !rule.ipv6_ranges().is_empty() || !rule.prefix_list_ids().is_empty() || !rule.user_id_group_pairs().is_empty();
    if ranges.is_empty() && !others {
        return None;
    }
    let mut surplus = rule.clone();
    surplus.ip_ranges = Some(ranges);
    Some(surplus)
}

/// Deletes the group; absent is done.
pub(super) async fn delete_group(ec2: &Client, id: &str) -> Result<()> {
    let deleted = ec2.delete_security_group().group_id(id).send().await.map(drop).map_err(failure("ec2:DeleteSecurityGroup"));
    done_if_absent(deleted, async { Ok(group(ec2, id).await?.is_some()) }).await
}
