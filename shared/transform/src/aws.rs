//! A plan in AWS's words.

use domain::plan::{Component, Plan};
use knowledge::{Catalogue, Inputs, Knowledge, Machine, Need, Setting};

/// What the control plane runs on the machine to see how it is.
pub const CHECK: &str = include_str!("../../../layers/bootstrap/check.sh");

const BOOT: &str = include_str!("../../../layers/bootstrap/postgres.sh");
const AGENT_KEY: &str = include_str!("../../../layers/bootstrap/amazon-ssm-agent.key");

/// Amazon EC2 User Guide, "User data": the raw size before encoding.
const USER_DATA_LIMIT: usize = 16 * 1024;
/// The pinned SSM agent, the last that was signed while `amazon-ssm-agent.key` (fingerprint in docs/deployment.md) was valid.
const AGENT_VERSION: &str = "3.3.1345.0";

/// Why a plan has no design on AWS.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A field of the plan, by JSON pointer, and what to do.
    #[error("{pointer}: {message}")]
    Field {
        /// JSON pointer into the plan.
        pointer: &'static str,
        /// What is wrong and what is allowed.
        message: String,
    },
    /// The rendered user data is too long.
    #[error("the user data would be {size} bytes, and AWS takes {USER_DATA_LIMIT}; shorten /components/0/network/allow")]
    TooLong {
        /// Its size in bytes.
        size: usize,
    },
}

/// Which image a machine starts from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    /// A name with `*`; the newest match is taken.
    pub name_pattern: String,
    /// The publisher's account.
    pub owner: String,
    /// `x86_64`.
    pub architecture: String,
    /// An image the plan asks for; it wins over the pattern.
    pub wished: Option<String>,
}

/// What AWS is asked for.
#[derive(Debug, Clone)]
pub struct Design {
    /// For example `ca-central-1`.
    pub region: String,
    /// For example `m7i.large`.
    pub instance_type: String,
    /// The image.
    pub image: Image,
    /// A subnet the plan asks for; else the default network's.
    pub subnet: Option<String>,
    /// GiB.
    pub root_volume_gib: u32,
    /// GiB.
    pub data_volume_gib: u32,
    /// Ranges that may connect, CIDR.
    pub ingress: Vec<String>,
    /// PostgreSQL's configuration with its reasons.
    pub settings: Vec<Setting>,
    postgres_version: String,
    database: String,
}

/// What the machine must know at boot, beside the plan. None of it is secret.
#[derive(Debug, Clone)]
pub struct BootFacts {
    /// `dep_…`.
    pub deployment_id: String,
    /// For example `ca-central-1`.
    pub region: String,
    /// Where the password is.
    pub secret_arn: String,
    /// The data volume.
    pub volume_id: String,
}

/// Derives the design of a plan.
///
/// # Errors
/// [`Error::Field`] if the catalogue has no machine or system for it, or the plan names no region.
pub fn design(plan: &Plan, knowledge: &Knowledge) -> Result<Design, Error> {
    let field = |pointer, message: &str| Error::Field { pointer, message: message.to_owned() };
    let component = plan.postgres().ok_or_else(|| field("/components", "must hold one postgres"))?;
    let region = plan.cloud.region.clone().ok_or_else(|| field("/cloud/region", "is needed to deploy"))?;
    let catalogue = &knowledge.catalogue;
    let machine = machine(component, &region, catalogue)?;
    let system = catalogue
        .system(&component.os.family, &component.os.version)
        .ok_or_else(|| field("/components/0/os", "is not offered any more"))?;
    let image = &system
        .image(machine.architecture)
        .ok_or_else(|| field("/components/0/aws/instance_type", "has no image of that system for its architecture"))?
        .aws;
    let version = component.db.version.parse().map_err(|_| field("/components/0/db/version", "must be a major version"))?;
    let inputs = Inputs {
        version,
        memory_mib: u64::from(machine.memory_mib),
        cpu: machine.cpu,
        disk_gib: component.hardware.disk.size_gib,
        workload: component.db.workload,
        max_connections: component.db.max_connections,
    };
    let wishes = component.aws.clone().unwrap_or_default();
    Ok(Design {
        region,
        instance_type: machine.name.clone(),
        image: Image {
            name_pattern: image.name.clone(),
            owner: image.owner.clone(),
            architecture: machine.architecture.to_string(),
            wished: wishes.ami,
        },
        subnet: wishes.subnet,
        root_volume_gib: catalogue.root_volume_gib(),
        data_volume_gib: component.hardware.disk.size_gib,
        ingress: component.network.allow.iter().map(ToString::to_string).collect(),
        settings: knowledge::settings(&inputs),
        postgres_version: component.db.version.clone(),
        database: component.db.name.clone(),
    })
}

fn machine<'a>(component: &Component, region: &str, catalogue: &'a Catalogue) -> Result<&'a Machine, Error> {
    let refuse = |message| Error::Field { pointer: "/components/0/hardware", message };
    let hardware = &component.hardware;
    let wished = component.aws.as_ref().and_then(|wishes| wishes.instance_type.as_deref());
    match wished {
        Some(name) => catalogue.machine(name).ok_or_else(|| refuse(format!("`{name}` is not in the catalogue"))),
        None => {
            let need = Need {
                cpu: hardware.cpu,
                memory_gib: hardware.memory_gib,
                iops: None,
                throughput_mib_s: None,
                architecture: None,
                region: region.to_owned(),
            };
            catalogue.pick(&need).map(|pick| pick.machine).map_err(|no_fit| refuse(no_fit.to_string()))
        }
    }
}

impl Design {
    /// The boot script, filled in.
    ///
    /// # Errors
    /// [`Error::TooLong`] beyond what AWS takes.
    pub fn user_data(&self, facts: &BootFacts) -> Result<String, Error> {
        let text = BOOT
            .replace("@VERSION@", &self.postgres_version)
            .replace("@DATABASE@", &self.database)
            .replace("@REGION@", &facts.region)
            .replace("@SECRET@", &facts.secret_arn)
            .replace("@VOLUME@", &facts.volume_id)
            .replace("@DEPLOYMENT@", &facts.deployment_id)
            .replace("@ALLOW@", &self.ingress.join(" "))
            .replace("@AGENT_VERSION@", AGENT_VERSION)
            .replace("@AGENT_KEY@", AGENT_KEY.trim())
            .replace("@SETTINGS@", knowledge::render(&self.settings).trim());
        if text.len() > USER_DATA_LIMIT { Err(Error::TooLong { size: text.len() }) } else { Ok(text) }
    }
}
