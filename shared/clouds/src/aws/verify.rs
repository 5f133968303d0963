//! Whether an account's roles are as the template makes them: usable by us, by nobody without the external id, and complete.

use domain::{Errand, Link};

use super::{Access, Aws, Connector};
use crate::access::{self, Permission, permissions};
use crate::{Cloud, Error, MissingPermission, Result};

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// A role can't be used, or could be used by others; the text says what to change.
    Refused(String),
    /// Both can be used by us alone; this much of the template they may not do.
    Usable {
        /// By statement; empty if nothing is missing.
        missing: Vec<MissingPermission>,
    },
}

/// An external id that is not the account's, of the same letters: one that another account could have.
fn another(external_id: &str) -> String {
    let reversed: String = external_id.chars().rev().collect();
    if reversed == external_id { format!("{reversed}0") } else { reversed }
}

/// Takes both roles on, with the external id, without and with another, then asks what they may do. Sessions are new ones.
///
/// # Errors
/// Whatever AWS answers but refusals.
pub async fn verify(connector: &Connector, link: &Link, account_id: &str, region: &str, errand: &Errand) -> Result<Verdict> {
    // The template makes both roles; that the second is in use is written down only after this.
    let monitor_role_arn = access::monitor_role_arn(&link.role_arn);
    let link = Link { monitor_role_arn: Some(monitor_role_arn.clone()), ..link.clone() };
    let provisioning = Access::provisioning(&link, region, errand);
    let monitoring = Access { role_arn: monitor_role_arn, ..provisioning.clone() };
    let mut sessions = Vec::new();
    for access in [&provisioning, &monitoring] {
        match open(connector, access, account_id).await? {
            Ok(session) => sessions.push(session),
            Err(reason) => return Ok(Verdict::Refused(reason)),
        }
        if let Some(reason) = open_to_others(connector, access).await? {
            return Ok(Verdict::Refused(reason));
        }
    }
    let [provisioner, monitor] = sessions.as_slice() else { return Err(Error::unexpected("sts:AssumeRole", "a session is missing")) };
    let roles = [(provisioner, provisioning.role_arn.as_str()), (monitor, monitoring.role_arn.as_str())];
    let mut missing = Vec::new();
    for (session, role_arn) in roles {
        let denied = match monitor.missing_permissions(role_arn, region).await {
            Ok(denied) => denied,
            // Even asking is refused.
            Err(Error::Denied { action, .. }) => of_actions(&permissions(&monitoring.role_arn, region), &monitoring.role_arn, &[action]),
            Err(error) => return Err(error),
        };
        let dry = of_actions(&permissions(role_arn, region), role_arn, &dry_runs(session, role_arn == link.role_arn).await?);
        for one in denied.into_iter().chain(dry) {
            if !missing.iter().any(|known: &MissingPermission| known.role_arn == one.role_arn && known.statement == one.statement) {
                missing.push(one);
            }
        }
    }
    Ok(Verdict::Usable { missing })
}

/// The session, or what a person must change to have it.
async fn open(connector: &Connector, access: &Access, account_id: &str) -> Result<std::result::Result<Aws, String>> {
    let role = &access.role_arn;
    let session = match connector.connect_anew(access).await {
        Ok(session) => session,
        Err(Error::Denied { .. } | Error::NotFound { .. }) => {
            return Ok(Err(format!(
                "the role {role} can't be assumed: make it from the template in account {account_id}, with the external id as it stands there; if it is there already, update it from the template, whose trust policy has two statements"
            )));
        }
        Err(error) => return Err(error),
    };
    let identity = session.check_account().await?;
    if identity.account_id != account_id {
        return Ok(Err(format!("the role {role} leads to account {}, not to {account_id}", identity.account_id)));
    }
    Ok(Ok(session))
}

/// What a person must change so that only the account's own external id opens the role.
async fn open_to_others(connector: &Connector, access: &Access) -> Result<Option<String>> {
    let right = access.external_id.as_deref().unwrap_or_default();
    for (wrong, how) in [(None, "without the external id"), (Some(another(right)), "with another account's external id")] {
        match connector.connect_anew(&Access { external_id: wrong, ..access.clone() }).await {
            Err(Error::Denied { .. }) => {}
            Err(error) => return Err(error),
            Ok(_) => {
                return Ok(Some(format!(
                    "the role {} can be assumed {how}: its trust policy must have the condition StringEquals sts:ExternalId from the template, in every statement that allows sts:AssumeRole",
                    access.role_arn
                )));
            }
        }
    }
    Ok(None)
}

/// What EC2 refuses to the session. Where the region has no default network there is nothing to ask the making calls with.
async fn dry_runs(session: &Aws, makes: bool) -> Result<Vec<&'static str>> {
    let mut refused = session.refused_looks().await?;
    if makes {
        refused.extend(session.refused_progress().await?);
        match session.subnets(None).await {
            Ok(subnets) => refused.extend(session.refused_makes(&subnets[0]).await?),
            Err(Error::NotFound { .. } | Error::Denied { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(refused)
}

fn of_actions(permissions: &[Permission], role_arn: &str, refused: &[&str]) -> Vec<MissingPermission> {
    permissions.iter().filter_map(|permission| permission.missing(role_arn, |action| refused.contains(&action))).collect()
}

#[cfg(test)]
mod tests {
    use super::another;

    #[test]
    fn the_other_external_id_is_never_the_account_s_own() {
        assert_eq!(another("ab12"), "21ba");
        assert_eq!(another("abba"), "abba0");
    }
}
