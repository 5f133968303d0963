//! Who we are, and the machine's own role.

use aws_sdk_iam::Client;
use aws_sdk_iam::primitives::DateTime;
use aws_sdk_iam::types::{ContextEntry, ContextKeyTypeEnum, PolicyEvaluationDecisionType, Tag};
use jiff::Timestamp;

use super::errors::{done_if_absent, failure, not_seen_yet, not_shown_yet};
use super::listing::moment;
use crate::access::{PATH, SSM_CORE_POLICY_ARN, permissions};
use crate::error::absent_is_done;
use crate::{Error, Identity, MissingPermission, Result, Role, RoleSpec, Tags};

/// The name of the one inline policy of our roles.
const INLINE_POLICY: &str = "read-own-secret";

/// The session's account and ARN.
pub(super) async fn caller(sts: &aws_sdk_sts::Client) -> Result<Identity> {
    let answer = sts.get_caller_identity().send().await.map_err(failure("sts:GetCallerIdentity"))?;
    Ok(Identity { account_id: answer.account().unwrap_or_default().into(), arn: answer.arn().unwrap_or_default().into() })
}

/// Makes or completes the role, its two permissions and its profile.
pub(super) async fn ensure(iam: &Client, spec: &RoleSpec) -> Result<Role> {
    let arn = ensure_role(iam, spec).await?;
    complete(iam, spec).await.map_err(not_seen_yet)?;
    Ok(Role { arn, profile: spec.name.clone() })
}

async fn complete(iam: &Client, spec: &RoleSpec) -> Result<()> {
    for (name, policy) in &spec.policies {
        let own = iam.put_role_policy().role_name(&spec.name).policy_name(name).policy_document(policy);
        own.send().await.map_err(failure("iam:PutRolePolicy"))?;
    }
    for arn in &spec.managed_policies {
        let managed = iam.attach_role_policy().role_name(&spec.name).policy_arn(arn);
        managed.send().await.map_err(failure("iam:AttachRolePolicy"))?;
    }
    ensure_profile(iam, spec).await
}

async fn ensure_role(iam: &Client, spec: &RoleSpec) -> Result<String> {
    let action = "iam:CreateRole";
    let made = iam
        .create_role()
        .role_name(&spec.name)
        .path(PATH)
        .permissions_boundary(&spec.boundary_arn)
        .assume_role_policy_document(&spec.trust)
        .description("What one Cloudsail machine may do")
        .set_tags(Some(tag_list(action, &spec.tags)?))
        .send()
        .await
        .map_err(failure(action));
    match made {
        Ok(answer) => answer.role().map(|role| role.arn().to_owned()).ok_or_else(|| Error::unexpected(action, "the answer has no role")),
        Err(Error::AlreadyExists { .. }) => {
            let known = iam.get_role().role_name(&spec.name).send().await.map_err(failure("iam:GetRole")).map_err(not_shown_yet)?;
            known.role().map(|role| role.arn().to_owned()).ok_or_else(|| Error::unexpected("iam:GetRole", "the answer has no role"))
        }
        Err(error) => Err(error),
    }
}

async fn ensure_profile(iam: &Client, spec: &RoleSpec) -> Result<()> {
    let action = "iam:CreateInstanceProfile";
    let request = iam.create_instance_profile().instance_profile_name(&spec.name).path(PATH).set_tags(Some(tag_list(action, &spec.tags)?));
    match request.send().await.map_err(failure(action)) {
        Ok(_) | Err(Error::AlreadyExists { .. }) => {}
        Err(error) => return Err(error),
    }
    if roles_of(iam, &spec.name).await.map_err(not_shown_yet)?.contains(&spec.name) {
        return Ok(());
    }
    let add = iam.add_role_to_instance_profile().instance_profile_name(&spec.name).role_name(&spec.name);
    match add.send().await.map_err(failure("iam:AddRoleToInstanceProfile")) {
        Ok(_) | Err(Error::AlreadyExists { .. }) => Ok(()),
        // A profile holds one role: "LimitExceeded" means that another run of the step has just added it.
        Err(Error::NoCapacity { action, cause, .. }) => {
            if roles_of(iam, &spec.name).await?.contains(&spec.name) {
                Ok(())
            } else {
                Err(Error::AlreadyExists { action, cause })
            }
        }
        Err(error) => Err(error),
    }
}

async fn roles_of(iam: &Client, profile: &str) -> Result<Vec<String>> {
    let answer = iam.get_instance_profile().instance_profile_name(profile).send().await.map_err(failure("iam:GetInstanceProfile"))?;
    let roles = answer.instance_profile().map(|found| found.roles().iter().map(|role| role.role_name().to_owned()).collect());
    Ok(roles.unwrap_or_default())
}

/// What the template allows and the simulator denies.
pub(super) async fn missing(iam: &Client, role_arn: &str, region: &str) -> Result<Vec<MissingPermission>> {
    let asked = permissions(role_arn, region).into_iter().map(|permission| async move {
        let context = permission.context.iter().map(|(key, values)| {
            let kind = if values.len() > 1 { ContextKeyTypeEnum::StringList } else { ContextKeyTypeEnum::String };
            ContextEntry::builder().context_key_name(*key).set_context_key_values(Some(values.clone())).context_key_type(kind).build()
        });
        let actions: Vec<_> = permission.actions.iter().map(|&action| action.to_owned()).collect();
        let mut denied = Vec::new();
        for resource in &permission.resources {
            let question = iam
                .simulate_principal_policy()
                .policy_source_arn(role_arn)
                .set_action_names(Some(actions.clone()))
                .resource_arns(resource)
                .set_context_entries(Some(context.clone().collect()));
            let answer = question.send().await.map_err(failure("iam:SimulatePrincipalPolicy"))?;
            let refused = answer.evaluation_results().iter().filter(|one| *one.eval_decision() != PolicyEvaluationDecisionType::Allowed);
            denied.extend(refused.map(|one| one.eval_action_name().to_owned()));
        }
        Ok(permission.missing(role_arn, |action| denied.iter().any(|one| one == action)))
    });
    let all = futures_util::future::try_join_all(asked).await?;
    Ok(all.into_iter().flatten().collect())
}

/// Takes the profile and the role apart, in the order that IAM demands. Whatever is absent is done.
pub(super) async fn delete(iam: &Client, name: &str) -> Result<()> {
    done_if_absent(delete_profile(iam, name).await, async { Ok(profiles(iam, name).await?.iter().any(|one| one.name == name)) }).await?;
    done_if_absent(delete_role(iam, name).await, async { Ok(roles(iam, name).await?.iter().any(|one| one.name == name)) }).await
}

async fn delete_profile(iam: &Client, name: &str) -> Result<()> {
    for role in roles_of(iam, name).await? {
        let remove = iam.remove_role_from_instance_profile().instance_profile_name(name).role_name(role);
        absent_is_done(remove.send().await.map(drop).map_err(failure("iam:RemoveRoleFromInstanceProfile")))?;
    }
    let profile = iam.delete_instance_profile().instance_profile_name(name);
    profile.send().await.map(drop).map_err(failure("iam:DeleteInstanceProfile"))
}

async fn delete_role(iam: &Client, name: &str) -> Result<()> {
    let detach = iam.detach_role_policy().role_name(name).policy_arn(SSM_CORE_POLICY_ARN);
    absent_is_done(detach.send().await.map(drop).map_err(failure("iam:DetachRolePolicy")))?;
    let inline = iam.delete_role_policy().role_name(name).policy_name(INLINE_POLICY);
    absent_is_done(inline.send().await.map(drop).map_err(failure("iam:DeleteRolePolicy")))?;
    iam.delete_role().role_name(name).send().await.map(drop).map_err(failure("iam:DeleteRole"))
}

/// Our roles whose names begin with `prefix`.
pub(super) async fn roles(iam: &Client, prefix: &str) -> Result<Vec<Named>> {
    let mut pages = iam.list_roles().path_prefix(PATH).into_paginator().send();
    let mut found = Vec::new();
    while let Some(page) = pages.next().await {
        let page = page.map_err(failure("iam:ListRoles"))?;
        found.extend(page.roles().iter().map(|role| Named::new(role.role_name(), role.create_date())));
    }
    found.retain(|role| role.name.starts_with(prefix));
    Ok(found)
}

/// Our instance profiles whose names begin with `prefix`.
pub(super) async fn profiles(iam: &Client, prefix: &str) -> Result<Vec<Named>> {
    let mut pages = iam.list_instance_profiles().path_prefix(PATH).into_paginator().send();
    let mut found = Vec::new();
    while let Some(page) = pages.next().await {
        let page = page.map_err(failure("iam:ListInstanceProfiles"))?;
        let all = page.instance_profiles().iter();
        found.extend(all.map(|profile| Named::new(profile.instance_profile_name(), profile.create_date())));
    }
    found.retain(|profile| profile.name.starts_with(prefix));
    Ok(found)
}

/// All that IAM's lists say of a role or a profile.
pub(super) struct Named {
    pub name: String,
    pub created_at: Option<Timestamp>,
}

impl Named {
    fn new(name: &str, created_at: &DateTime) -> Self {
        Self { name: name.to_owned(), created_at: moment(created_at) }
    }
}

fn tag_list(action: &'static str, tags: &Tags) -> Result<Vec<Tag>> {
    let built = tags.iter().map(|(key, value)| Tag::builder().key(key).value(value).build());
    built.collect::<std::result::Result<_, _>>().map_err(|error| Error::unexpected(action, error.to_string()))
}
