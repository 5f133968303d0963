//! The machine's user data.

use super::Error;
use crate::bootstrap::{self, fill};
use crate::document::Configuration;
use flate2::{Compression, GzBuilder};
use std::collections::BTreeMap;
use std::io::Write;

/// What the control plane runs on the machine to see how it is.
pub const CHECK: &str = include_str!("../../../../layers/bootstrap/check.sh");

const AWS: &str = include_str!("../../../../layers/bootstrap/aws.sh");
const AGENT_KEY: &str = include_str!("../../../../layers/bootstrap/amazon-ssm-agent.key");

/// Amazon EC2 User Guide, "User data": the raw size before encoding.
pub(super) const USER_DATA_LIMIT: usize = 16 * 1024;
/// The pinned SSM agent, the last that was signed while `amazon-ssm-agent.key` (fingerprint in docs/deployment.md) was valid.
const AGENT_VERSION: &str = "3.3.1345.0";

/// What the machine must know at boot and nobody knows before. None of it is secret.
#[derive(Debug, Clone)]
pub struct BootFacts {
    /// `dep_…`.
    pub deployment_id: String,
    /// Where the password is.
    pub secret_arn: String,
    /// The data volume.
    pub volume_id: String,
}

/// The boot script with all that the plan says filled in, and places left for [`BootFacts`].
pub(super) fn script(configuration: &Configuration, region: &str) -> String {
    let functions = fill(AWS, &[("REGION", region), ("AGENT_VERSION", AGENT_VERSION), ("AGENT_KEY", AGENT_KEY.trim())]);
    bootstrap::script(&functions, configuration)
}

/// The user data: the script with the facts filled in, packed by gzip, which cloud-init unpacks.
///
/// # Errors
/// [`Error::TooLong`] beyond what AWS takes.
pub(super) fn user_data(script: &str, facts: &BTreeMap<&str, &str>) -> Result<Vec<u8>, Error> {
    let facts: Vec<_> = facts.iter().map(|(name, value)| (*name, *value)).collect();
    let text = fill(script, &facts);
    // No time stamp: the same script is the same bytes.
    let mut packer = GzBuilder::new().write(Vec::new(), Compression::best());
    let packed = packer.write_all(text.as_bytes()).and_then(|()| packer.finish());
    let packed = packed.map_err(|error| Error::Document(format!("the user data can't be packed: {error}")))?;
    if packed.len() > USER_DATA_LIMIT { Err(Error::TooLong { size: packed.len() }) } else { Ok(packed) }
}
