//! The two roles that a customer makes for Cloudsail, as CloudFormation, Terraform or a script, and nothing that the calls
//! don't need.

mod cli;
mod cloudformation;
mod permissions;
mod policy;
mod statements;
mod terraform;

pub use permissions::{Permission, permissions};

use policy::Statement;

/// The path of everything Cloudsail makes in IAM.
pub const PATH: &str = "/cloudsail/";
/// Begins the name of the provisioning role. Each link has roles of its own, so that two people may link one AWS account.
const ROLE_NAME: &str = "CloudsailAccess";
/// Begins the name of the monitoring role. Not `cloudsail-`: the provisioning role may change roles that are named so.
const MONITOR_ROLE_NAME: &str = "CloudsailMonitor";
/// Begins the name of the permissions boundary.
const BOUNDARY_NAME: &str = "CloudsailBoundary";
/// The name of each role's one inline policy.
const POLICY_NAME: &str = "cloudsail";
/// The longest session that the roles give, in seconds: the least that IAM lets a role say. Cloudsail asks for less.
const LONGEST_SESSION: u32 = 3600;
/// AWS's own policy for what the SSM agent needs; the boundary cuts it down.
pub const SSM_CORE_POLICY_ARN: &str = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore";
/// A session's tag that names the deployment.
pub const SESSION_TAG_DEPLOYMENT: &str = "cloudsail:deployment";
/// A session's tag that names whose deployment it is.
pub const SESSION_TAG_OWNER: &str = "cloudsail:owner";

/// Which of the two roles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Provisioning,
    Monitoring,
}

impl Kind {
    /// By the role's name.
    fn of(role_arn: &str) -> Self {
        let name = role_arn.rsplit('/').next().unwrap_or_default();
        if name.starts_with(MONITOR_ROLE_NAME) { Self::Monitoring } else { Self::Provisioning }
    }
}

/// The ARN of the provisioning role in the customer's account. `link` is the short id of the account's link.
#[must_use]
pub fn role_arn(account_id: &str, link: &str) -> String {
    format!("arn:aws:iam::{account_id}:role{PATH}{ROLE_NAME}-{link}")
}

/// The ARN of the monitoring role that stands beside a provisioning role.
#[must_use]
pub fn monitor_role_arn(role_arn: &str) -> String {
    role_arn.replace(ROLE_NAME, MONITOR_ROLE_NAME)
}

/// The ARN of the permissions boundary that belongs to a provisioning role.
#[must_use]
pub fn boundary_arn(role_arn: &str) -> String {
    role_arn.replace(":role/", ":policy/").replace(ROLE_NAME, BOUNDARY_NAME)
}

fn boundary_name(link: &str) -> String {
    format!("{BOUNDARY_NAME}-{link}")
}

/// The link's id at the end of a role's name.
fn link_of(role_arn: &str) -> &str {
    role_arn.rsplit('-').next().unwrap_or_default()
}

/// What a template is written for.
#[derive(Debug, Clone, Copy)]
pub struct Template<'a> {
    /// The account that the control plane runs in.
    pub control_account_id: &'a str,
    /// The customer's account: twelve digits.
    pub account_id: &'a str,
    /// The one that belongs to this customer's account alone: without it a second customer could name the first one's role
    /// (the confused deputy problem).
    pub external_id: &'a str,
    /// The one of [`role_arn`].
    pub link: &'a str,
}

/// A role of the template.
struct TemplateRole {
    /// The resource's name in CloudFormation; in lower case, also in Terraform and in the script.
    key: &'static str,
    name: String,
    description: &'static str,
    trust: Vec<Statement>,
    policy: Vec<Statement>,
}

/// The managed policy of the template.
struct TemplateBoundary {
    name: String,
    description: &'static str,
    policy: Vec<Statement>,
}

impl Template<'_> {
    /// What the stack is called; one a link.
    #[must_use]
    pub fn stack_name(&self) -> String {
        format!("cloudsail-{}", self.link)
    }

    fn roles(&self) -> [TemplateRole; 2] {
        let trust = || statements::trust(self.control_account_id, self.external_id);
        [
            TemplateRole {
                key: "Access",
                name: format!("{ROLE_NAME}-{}", self.link),
                description: "Assumed by Cloudsail with this account's external id to deploy, change and destroy",
                trust: trust(),
                policy: statements::access(&boundary_name(self.link)),
            },
            TemplateRole {
                key: "Monitor",
                name: format!("{MONITOR_ROLE_NAME}-{}", self.link),
                description: "Assumed by Cloudsail with this account's external id to look, and to change nothing",
                trust: trust(),
                policy: statements::monitor(self.link),
            },
        ]
    }

    fn boundary(&self) -> TemplateBoundary {
        TemplateBoundary {
            name: boundary_name(self.link),
            description: "The most that a machine made by Cloudsail can ever do",
            policy: statements::boundary(),
        }
    }
}

#[cfg(test)]
mod tests;
