//! AWS, through a role of the customer's account.

mod commands;
mod counting;
mod dry_run;
mod errors;
mod identity;
mod listing;
mod machines;
mod network;
mod secrets;
mod sessions;
mod verify;
mod volumes;

pub use verify::{Verdict, verify};

use std::fmt;
use std::time::{Duration, SystemTime};

use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_sts::config::{Credentials, SharedCredentialsProvider};
use aws_sdk_sts::types::Tag;
use domain::{Errand, Link};
use jiff::Timestamp;

use crate::access::{SESSION_TAG_DEPLOYMENT, SESSION_TAG_OWNER};
use crate::{
    Cloud, CommandResult, Error, Found, Identity, Image, ImageQuery, Instance, InstanceSpec, Inventory, MissingPermission, NAME_PREFIX,
    Result, Role, RoleSpec, Secret, SecretSpec, SecurityGroupSpec, Storage, Subnet, Tags, Vcpus, Volume, VolumeShape, VolumeSpec,
};
use counting::Calls;
use errors::failure;
use sessions::Sessions;

/// The shortest session that AWS gives. A step of a deployment ends within a minute, so half of one is enough for any.
const SESSION_SECONDS: u16 = 900;

/// The role to take on.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Access {
    /// `arn:aws:iam::<account>:role/cloudsail/CloudsailAccess…`.
    pub role_arn: String,
    /// The account's external id. `None` only to prove that the role can't be assumed without it.
    pub external_id: Option<String>,
    /// Where the deployment is.
    pub region: String,
    /// Shown in the customer's own audit log, for example the deployment's id. 2 to 64 of `[A-Za-z0-9_=,.@-]`.
    pub session_name: String,
    /// The session's tags, shown there too. The role's trust must allow them.
    pub session_tags: Vec<(&'static str, String)>,
    /// A session is not used for what was verified after it was opened: the roles may have been made anew.
    pub verified_at: Option<Timestamp>,
}

impl Access {
    /// To change something.
    #[must_use]
    pub fn provisioning(link: &Link, region: &str, errand: &Errand) -> Self {
        Self::role(&link.role_arn, link, region, errand)
    }

    /// To look; `None` where no monitoring role was found to work yet.
    #[must_use]
    pub fn monitoring(link: &Link, region: &str, errand: &Errand) -> Option<Self> {
        link.monitor_role_arn.as_ref().map(|role_arn| Self::role(role_arn, link, region, errand))
    }

    /// What to tell a person where the role could not be taken on and trying again will not help.
    #[must_use]
    pub fn lost(&self, error: &Error) -> Option<String> {
        let remedy = "make it again from the template, then verify the account";
        matches!(error, Error::Denied { .. }).then(|| format!("the role {} can't be assumed any more: {remedy}", self.role_arn))
    }

    fn role(role_arn: &str, link: &Link, region: &str, errand: &Errand) -> Self {
        let deployment = errand.deployment.iter().map(|id| (SESSION_TAG_DEPLOYMENT, id.to_string()));
        let tags = deployment.chain([(SESSION_TAG_OWNER, errand.owner.as_str().to_owned())]);
        Self {
            role_arn: role_arn.to_owned(),
            external_id: Some(link.external_id.clone()),
            region: region.to_owned(),
            session_name: errand.name.clone(),
            // The trust of a role from before there were two lets no session carry tags.
            session_tags: if link.monitor_role_arn.is_some() { tags.collect() } else { Vec::new() },
            verified_at: link.verified_at,
        }
    }
}

impl fmt::Debug for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Access")
            .field("role_arn", &self.role_arn)
            .field("external_id", &self.external_id.as_ref().map(|_| "***"))
            .field("region", &self.region)
            .field("session_name", &self.session_name)
            .finish_non_exhaustive()
    }
}

/// What sessions are made from: the caller's own credentials, with the clients' limits set. Made once, at start, and keeps the
/// sessions.
#[derive(Clone)]
pub struct Connector {
    base: SdkConfig,
    sessions: Sessions<Access, Credentials>,
    calls: Calls,
}

impl fmt::Debug for Connector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connector").field("region", &self.base.region()).finish_non_exhaustive()
    }
}

impl Connector {
    /// The caller's credentials from where the AWS SDK looks for them (in a Lambda, the environment).
    pub async fn from_environment() -> Self {
        let config = aws_config::defaults(BehaviorVersion::v2026_01_12()).load().await;
        Self::new(config)
    }

    /// The given configuration with this crate's limits: 3 s to connect, 10 s for each attempt, 3 attempts.
    #[must_use]
    pub fn new(config: SdkConfig) -> Self {
        let timeouts =
            TimeoutConfig::builder().connect_timeout(Duration::from_secs(3)).operation_attempt_timeout(Duration::from_secs(10)).build();
        let retries = config.retry_config().cloned().unwrap_or_else(RetryConfig::standard).with_max_attempts(3);
        let base = config.into_builder().timeout_config(timeouts).retry_config(retries).build();
        Self { base, sessions: Sessions::new(Duration::from_secs(SESSION_SECONDS.into())), calls: Calls::default() }
    }

    /// The same, with the same sessions, for one errand: it counts that errand's calls alone.
    #[must_use]
    pub fn counting(&self) -> Self {
        Self { calls: Calls::default(), ..self.clone() }
    }

    /// How often the customer's account was called by the sessions that came from here.
    #[must_use]
    pub fn calls(&self) -> u32 {
        self.calls.of_all_sessions()
    }

    /// A session of the role: one that was opened for the same errand and has half its life before it, else a new one. Errors
    /// are those of [`Connector::connect_anew`].
    pub async fn connect(&self, access: &Access) -> Result<Aws> {
        let now = SystemTime::now();
        if let Some(credentials) = self.sessions.get(access, now) {
            return Ok(self.enter(access, credentials));
        }
        let credentials = self.take_on(access).await?;
        self.sessions.keep(access.clone(), credentials.clone(), now);
        Ok(self.enter(access, credentials))
    }

    /// Takes on the role. `Denied` when the role does not exist, does not trust the caller, or wants another external id:
    /// AWS does not say which.
    pub async fn connect_anew(&self, access: &Access) -> Result<Aws> {
        Ok(self.enter(access, self.take_on(access).await?))
    }

    fn in_region(&self, access: &Access) -> SdkConfig {
        self.base.to_builder().region(Region::new(access.region.clone())).build()
    }

    /// Clients are built for each use: kept, they would keep their connections open.
    fn enter(&self, access: &Access, credentials: Credentials) -> Aws {
        let provider = SharedCredentialsProvider::new(credentials);
        Aws::new(&self.in_region(access).to_builder().credentials_provider(provider).build(), self.calls.of_a_session())
    }

    /// Asked for where we are at home: a region that is not enabled in the account has no STS, and sessions from there are good in every
    /// region, so that EC2 can say what is wrong with this one. Source: IAM's "Manage AWS STS in an AWS Region".
    async fn take_on(&self, access: &Access) -> Result<Credentials> {
        let tags = access.session_tags.iter().map(|(key, value)| Tag::builder().key(*key).value(value).build());
        let tags =
            tags.collect::<std::result::Result<Vec<_>, _>>().map_err(|error| Error::unexpected("sts:AssumeRole", error.to_string()))?;
        let answer = aws_sdk_sts::Client::new(&self.base)
            .assume_role()
            .role_arn(&access.role_arn)
            .role_session_name(&access.session_name)
            .set_external_id(access.external_id.clone())
            .set_tags((!tags.is_empty()).then_some(tags))
            .duration_seconds(SESSION_SECONDS.into())
            .send()
            .await
            .map_err(failure("sts:AssumeRole"))?;
        let session = answer.credentials().ok_or_else(|| Error::unexpected("sts:AssumeRole", "the answer has no credentials"))?;
        let token = Some(session.session_token().to_owned());
        tracing::debug!(role = %access.role_arn, session = %access.session_name, "assumed the customer's role");
        Ok(Credentials::new(session.access_key_id(), session.secret_access_key(), token, None, "assumed-role"))
    }
}

/// A session in the customer's account, good for 15 minutes.
#[derive(Clone)]
pub struct Aws {
    calls: Calls,
    ec2: aws_sdk_ec2::Client,
    iam: aws_sdk_iam::Client,
    quotas: aws_sdk_servicequotas::Client,
    secrets: aws_sdk_secretsmanager::Client,
    ssm: aws_sdk_ssm::Client,
    sts: aws_sdk_sts::Client,
}

impl fmt::Debug for Aws {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Aws").finish_non_exhaustive()
    }
}

impl Aws {
    fn new(config: &SdkConfig, calls: Calls) -> Self {
        Self {
            ec2: aws_sdk_ec2::Client::from_conf(aws_sdk_ec2::config::Builder::from(config).interceptor(calls.clone()).build()),
            iam: aws_sdk_iam::Client::from_conf(aws_sdk_iam::config::Builder::from(config).interceptor(calls.clone()).build()),
            quotas: aws_sdk_servicequotas::Client::from_conf(
                aws_sdk_servicequotas::config::Builder::from(config).interceptor(calls.clone()).build(),
            ),
            secrets: aws_sdk_secretsmanager::Client::from_conf(
                aws_sdk_secretsmanager::config::Builder::from(config).interceptor(calls.clone()).build(),
            ),
            ssm: aws_sdk_ssm::Client::from_conf(aws_sdk_ssm::config::Builder::from(config).interceptor(calls.clone()).build()),
            sts: aws_sdk_sts::Client::from_conf(aws_sdk_sts::config::Builder::from(config).interceptor(calls.clone()).build()),
            calls,
        }
    }

    /// Of EC2's looking calls that both roles are for, those that it refuses to this session, by its own dry runs.
    pub async fn refused_looks(&self) -> Result<Vec<&'static str>> {
        dry_run::refused_looks(&self.ec2).await
    }

    /// The look at a volume's change, which is the provisioning role's alone, if EC2 refuses it to this session.
    pub async fn refused_progress(&self) -> Result<Option<&'static str>> {
        dry_run::refused_progress(&self.ec2).await
    }

    /// EC2's making calls that it refuses to this session, by its own dry runs in the subnet. Nothing is made.
    pub async fn refused_makes(&self, subnet: &Subnet) -> Result<Vec<&'static str>> {
        dry_run::refused_makes(&self.ec2, subnet).await
    }
}

impl Cloud for Aws {
    fn calls(&self) -> u32 {
        self.calls.so_far()
    }

    async fn check_account(&self) -> Result<Identity> {
        identity::caller(&self.sts).await
    }

    async fn missing_permissions(&self, role_arn: &str, region: &str) -> Result<Vec<MissingPermission>> {
        identity::missing(&self.iam, role_arn, region).await
    }

    async fn vcpus(&self) -> Result<Vcpus> {
        machines::vcpus(&self.ec2, &self.quotas).await
    }

    async fn storage(&self) -> Result<Storage> {
        volumes::storage(&self.ec2, &self.quotas).await
    }

    async fn find_image(&self, query: &ImageQuery) -> Result<Image> {
        machines::find_image(&self.ec2, query).await
    }

    async fn subnets(&self, wished: Option<&str>) -> Result<Vec<Subnet>> {
        network::subnets(&self.ec2, wished).await
    }

    async fn ensure_security_group(&self, spec: &SecurityGroupSpec) -> Result<String> {
        network::ensure_group(&self.ec2, spec).await
    }

    async fn ensure_secret(&self, spec: &SecretSpec) -> Result<String> {
        secrets::ensure(&self.secrets, spec).await
    }

    async fn read_secret(&self, id: &str) -> Result<Secret> {
        secrets::read(&self.secrets, id).await
    }

    async fn ensure_role(&self, spec: &RoleSpec) -> Result<Role> {
        identity::ensure(&self.iam, spec).await
    }

    async fn ensure_volume(&self, spec: &VolumeSpec) -> Result<String> {
        volumes::ensure(&self.ec2, spec).await
    }

    async fn volume(&self, id: &str) -> Result<Option<Volume>> {
        volumes::look(&self.ec2, id).await
    }

    async fn modify_volume(&self, id: &str, shape: &VolumeShape) -> Result<()> {
        volumes::modify(&self.ec2, id, shape).await
    }

    async fn volume_growing(&self, id: &str) -> Result<bool> {
        volumes::growing(&self.ec2, id).await
    }

    async fn attach_volume(&self, volume: &str, instance: &str) -> Result<()> {
        volumes::attach(&self.ec2, volume, instance).await
    }

    async fn detach_volume(&self, volume: &str, instance: &str) -> Result<()> {
        volumes::detach(&self.ec2, volume, instance).await
    }

    async fn ensure_instance(&self, spec: &InstanceSpec) -> Result<String> {
        machines::ensure(&self.ec2, spec).await
    }

    async fn instance(&self, id: &str) -> Result<Option<Instance>> {
        machines::look(&self.ec2, id).await
    }

    async fn stop_instance(&self, id: &str) -> Result<()> {
        machines::stop(&self.ec2, id).await
    }

    async fn set_instance_type(&self, id: &str, instance_type: &str) -> Result<()> {
        machines::set_type(&self.ec2, id, instance_type).await
    }

    async fn start_instance(&self, id: &str) -> Result<()> {
        machines::start(&self.ec2, id).await
    }

    async fn is_managed(&self, instance: &str) -> Result<bool> {
        commands::is_managed(&self.ssm, instance).await
    }

    async fn run_command(&self, instance: &str, script: &str, comment: &str) -> Result<String> {
        commands::run(&self.ssm, instance, script, comment).await
    }

    async fn command_result(&self, instance: &str, command: &str) -> Result<CommandResult> {
        commands::result(&self.ssm, instance, command).await
    }

    async fn terminate_instance(&self, id: &str) -> Result<()> {
        machines::terminate(&self.ec2, id).await
    }

    async fn delete_volume(&self, id: &str) -> Result<()> {
        volumes::delete(&self.ec2, id).await
    }

    async fn retain_volume(&self, id: &str, tags: &Tags) -> Result<()> {
        volumes::retain(&self.ec2, id, tags).await
    }

    async fn delete_secret(&self, id: &str) -> Result<()> {
        secrets::delete(&self.secrets, id).await
    }

    async fn delete_role(&self, name: &str) -> Result<()> {
        identity::delete(&self.iam, name).await
    }

    async fn delete_security_group(&self, id: &str) -> Result<()> {
        network::delete_group(&self.ec2, id).await
    }

    async fn list_tagged(&self, deployment: &str, name: &str) -> Result<Vec<Found>> {
        listing::of_deployment(self, deployment, name).await
    }
}

impl Inventory for Aws {
    async fn list_region(&self) -> Result<Vec<Found>> {
        listing::of_region(self).await
    }

    async fn list_identities(&self) -> Result<Vec<Found>> {
        listing::identities(self, NAME_PREFIX).await
    }
}
