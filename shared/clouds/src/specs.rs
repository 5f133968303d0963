use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::Secret;

/// Key and value labels of a resource, in a stable order.
pub type Tags = BTreeMap<String, String>;

/// On everything that is made: the id of the deployment it belongs to.
pub const TAG_DEPLOYMENT: &str = "cloudsail:deployment";
/// Begins the name of every machine, volume, group, role and profile that is made.
pub const NAME_PREFIX: &str = "cloudsail-";
/// Begins the name of every secret.
pub const SECRET_PREFIX: &str = "cloudsail/";
/// On a volume: the token it was made with, since volumes can't be looked up by their client token.
pub const TAG_CLIENT_TOKEN: &str = "cloudsail:client-token";
/// `true` on what a destroy keeps on purpose.
pub const TAG_RETAINED: &str = "cloudsail:retained";
/// The date (`YYYY-MM-DD`) from which a retained resource may go.
pub const TAG_RETAINED_UNTIL: &str = "cloudsail:retained-until";

/// Who the calls are made as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The cloud account, twelve digits on AWS.
    pub account_id: String,
    /// The session's ARN.
    pub arn: String,
}

/// What a role's template allows and the role may not do.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct MissingPermission {
    /// Which role.
    pub role_arn: String,
    /// The statement's name in the template.
    pub statement: String,
    /// Why the statement is there.
    pub why: String,
    /// For example `ec2:AttachVolume`.
    pub actions: Vec<String>,
}

/// Virtual CPUs of on-demand machines, standard families.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Vcpus {
    /// Of machines that run now.
    pub used: u32,
    /// The account's quota in the region.
    pub quota: u32,
}

/// Room on disks of the kind that data volumes are of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Storage {
    /// GiB of all such disks in the region, whoever made them.
    pub used_gib: u32,
    /// The account's quota in the region, GiB.
    pub quota_gib: u32,
}

/// Which machine image is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImageQuery {
    /// A name with `*`, for example `debian-13-amd64-*`; the newest match is taken.
    pub name_pattern: String,
    /// The publisher's account.
    pub owner: String,
    /// `x86_64` or `arm64`.
    pub architecture: String,
    /// An image the plan asks for by id; it wins over the pattern.
    pub wished: Option<String>,
}

/// A machine image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    /// `ami-…`.
    pub id: String,
    /// Its published name.
    pub name: String,
    /// The device name of its root volume, for example `/dev/xvda`.
    pub root_device: String,
    /// `x86_64` or `arm64`.
    pub architecture: String,
}

/// A subnet and what it decides: a volume and a machine must share its zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subnet {
    /// `subnet-…`.
    pub id: String,
    /// `vpc-…`.
    pub vpc_id: String,
    /// The availability zone's name.
    pub zone: String,
    /// How many more addresses it has to give.
    pub free_addresses: u32,
}

/// A security group that lets the given ranges in on one TCP port and lets everything out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecurityGroupSpec {
    /// Unique within the VPC.
    pub name: String,
    /// The network it belongs to.
    pub vpc_id: String,
    /// Can't be changed later on AWS.
    pub description: String,
    /// IPv4 ranges in CIDR notation.
    pub ingress_cidrs: Vec<String>,
    /// The TCP port.
    pub port: u16,
    /// Labels.
    pub tags: Tags,
}

/// A stored secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretSpec {
    /// For example `cloudsail/dep_…/postgres`.
    pub name: String,
    /// 32 to 64 characters; a repeated call with the same token makes one version.
    pub client_token: String,
    /// What it is for, shown in the account's console.
    pub description: String,
    /// Stored only if the secret is made by this call; an existing secret keeps its value.
    pub value: Secret,
    /// Labels.
    pub tags: Tags,
}

/// A machine's own role with its instance profile of the same name, under the path `/cloudsail/`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleSpec {
    /// Starts with `cloudsail-`, since the customer's role allows no other name.
    pub name: String,
    /// The permissions boundary, without which the customer's role refuses to make a role.
    pub boundary_arn: String,
    /// Who may assume it: a policy in JSON.
    pub trust: String,
    /// ARNs of policies that AWS keeps.
    pub managed_policies: Vec<String>,
    /// Its own policies: name and JSON.
    pub policies: Vec<(String, String)>,
    /// Labels.
    pub tags: Tags,
}

/// A role that is ready to be given to a machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Role {
    /// The role's ARN.
    pub arn: String,
    /// The instance profile's name, which [`InstanceSpec::profile`] takes.
    pub profile: String,
}

/// How large and how fast a volume is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VolumeShape {
    /// Size in GiB.
    pub size_gib: u32,
    /// Operations a second.
    pub iops: u32,
    /// MiB a second.
    pub throughput_mib_s: u32,
}

/// An empty data volume (gp3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VolumeSpec {
    /// At most 64 characters; the same token never makes a second volume.
    pub client_token: String,
    /// The availability zone.
    pub zone: String,
    /// Size and speed.
    pub shape: VolumeShape,
    /// With the account's default key.
    pub encrypted: bool,
    /// Labels.
    pub tags: Tags,
}

/// A volume as the cloud sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Volume {
    /// Where it is in its life.
    pub state: VolumeState,
    /// Size and speed, as last asked for.
    pub shape: VolumeShape,
    /// The machine that has it, while attaching and attached.
    pub attached_to: Option<String>,
}

/// Where a volume is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VolumeState {
    /// Not usable yet.
    Creating,
    /// Attached to nothing.
    Available,
    /// Attached, or about to be.
    InUse,
    /// On its way out.
    Deleting,
    /// Gone, and still listed.
    Deleted,
    /// The cloud lost it.
    Error,
}

/// A machine: IMDSv2 required, no key pair, root volume encrypted gp3 that goes with the machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstanceSpec {
    /// At most 64 characters; the same token never makes a second machine.
    pub client_token: String,
    /// `ami-…`.
    pub image: String,
    /// The image's root device, from [`Image::root_device`].
    pub root_device: String,
    /// Size of the root volume in GiB.
    pub root_volume_gib: u32,
    /// For example `m7i.large`.
    pub instance_type: String,
    /// `subnet-…`.
    pub subnet: String,
    /// The primary private address; the subnet's next free one where none is asked for. `InUse` while another machine has it.
    pub private_ip: Option<String>,
    /// `sg-…`.
    pub security_group: String,
    /// The instance profile's name, from [`Role::profile`].
    pub profile: String,
    /// At most 16 KiB; encoded by the call.
    pub user_data: Vec<u8>,
    /// Labels of the machine and of its root volume.
    pub tags: Tags,
}

/// A machine as the cloud sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instance {
    /// `i-…`.
    pub id: String,
    /// `ami-…`.
    pub image: String,
    /// For example `m7i.large`.
    pub instance_type: String,
    /// Where it is in its life.
    pub state: InstanceState,
    /// Its primary private address, which it keeps.
    pub private_ip: Option<String>,
    /// Its public address, if the subnet gives one.
    pub public_ip: Option<String>,
    /// The availability zone's name.
    pub zone: String,
    /// Why it is in this state, in the cloud's words.
    pub reason: Option<String>,
}

/// Where a machine is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InstanceState {
    /// Accepted, not yet started.
    Pending,
    /// Started; the system inside may still be booting.
    Running,
    /// Being stopped.
    Stopping,
    /// Stopped, and can be started.
    Stopped,
    /// Being terminated.
    ShuttingDown,
    /// Gone, and still listed for about an hour.
    Terminated,
}

/// What came of a command on a machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CommandResult {
    /// Not delivered or still running.
    Pending,
    /// Ended, by itself or by its deadline.
    Done {
        /// The script's exit code; -1 when it never ran to its end.
        exit_code: i32,
        /// The first 24 000 characters (the API's limit).
        stdout: String,
        /// The first 8 000 characters (the API's limit).
        stderr: String,
    },
}

/// What a [`Found`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FoundKind {
    /// A machine.
    Instance,
    /// A data or root volume.
    Volume,
    /// A security group.
    SecurityGroup,
    /// A stored secret.
    Secret,
    /// A machine's role.
    Role,
    /// The profile that carries the role.
    InstanceProfile,
}

impl FoundKind {
    /// The kind in words that people use: `volume`, `security group`, …
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Instance => "instance",
            Self::Volume => "volume",
            Self::SecurityGroup => "security group",
            Self::Secret => "secret",
            Self::Role => "role",
            Self::InstanceProfile => "instance profile",
        }
    }
}

/// What the cost of a [`Found`] depends on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Size {
    /// It costs nothing, or next to nothing.
    Free,
    /// A machine of this type.
    Machine(String),
    /// A volume.
    Volume(VolumeShape),
}

/// One resource that the cloud's own lists show. Terminated machines are left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// What it is.
    pub kind: FoundKind,
    /// The id that the delete calls take (the name, for roles and profiles; the ARN, for secrets).
    pub id: String,
    /// What people call it; the id again where it has no name.
    pub name: String,
    /// What its tag says it belongs to. Lists of roles and profiles show no tags.
    pub deployment: Option<String>,
    /// The cloud's word for its state; `present` where it has none.
    pub state: String,
    /// When it was made; the lists of security groups don't say it.
    pub created_at: Option<Timestamp>,
    /// The machine that has the volume.
    pub attached_to: Option<String>,
    /// What its cost depends on.
    pub size: Size,
    /// The date from which it may go, if it is kept on purpose (empty if the date is missing).
    pub retained_until: Option<String>,
}

impl Found {
    /// Whether it is kept on purpose.
    #[must_use]
    pub fn retained(&self) -> bool {
        self.retained_until.is_some()
    }

    /// Whether it is on its way out, by itself.
    #[must_use]
    pub fn going(&self) -> bool {
        matches!(self.state.as_str(), "shutting-down" | "terminated" | "deleting" | "deleted")
    }
}
