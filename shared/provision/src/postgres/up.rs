//! The way up, and the life after it: a look at the machine and a real query every minute.

use super::memory::{Memory, known};
use super::{Postgres, capacity, cloud_error, fatal, ready, secret_name, steps};
use clouds::{
    Cloud, CommandResult, FoundKind, InstanceSpec, InstanceState, RoleSpec, Secret, SecretSpec, SecurityGroupSpec, TAG_DEPLOYMENT, Tags,
    VolumeShape, VolumeSpec, VolumeState,
};
use domain::Status;
use engine::{Next, Step, StepError};
use serde::Deserialize;
use serde_json::{Value, json};
use std::time::Duration;
use store::NewResource;
use transform::Document;
use transform::aws::{BootFacts, Design};

/// How often a running deployment is looked at.
const HEALTH_EVERY: Duration = Duration::from_secs(60);
/// Green means that a real query succeeded this recently.
const GREEN_S: i64 = 120;

/// What `check.sh` prints: one line of JSON.
#[derive(Deserialize)]
pub(super) struct Check {
    state: String,
    #[serde(default)]
    step: Option<String>,
    #[serde(default)]
    pub(super) reason: Option<String>,
    #[serde(default)]
    sql_ok: bool,
    #[serde(default)]
    address: Option<String>,
    #[serde(default)]
    ca: Option<String>,
    /// How full the data disk is, percent.
    #[serde(default)]
    disk_used: Option<u32>,
}

impl Check {
    pub(super) fn read(stdout: &str) -> Option<Self> {
        stdout.lines().rev().find_map(|line| serde_json::from_str(line).ok())
    }

    pub(super) fn well(&self) -> bool {
        self.sql_ok && self.state == "ready"
    }
}

impl<C: Cloud> Postgres<C> {
    pub(super) async fn up(&self, label: &str, step: &mut Step<'_>, memory: &mut Memory) -> Result<Next, StepError> {
        if label == "start" {
            return self.start(step, memory).await;
        }
        let design = self.design(step)?;
        match label {
            "afresh" => self.afresh(step, memory).await,
            "security_group" => self.security_group(step, memory, &design).await,
            "secret" => self.secret(step, memory, &design).await,
            "role" => self.role(step, memory, &design).await,
            "volume" => self.volume(step, memory, &design).await,
            "machine" => self.machine(step, memory, &design).await,
            "attach" => self.attach(step, memory).await,
            "managed" => self.managed(step, memory).await,
            "check" => self.check(memory).await,
            "checked" => self.checked(step, memory, &design).await,
            other => Err(StepError::Fatal(format!("there is no step `{other}`"))),
        }
    }

    /// What was decided when the deployment began. One that began before documents were kept is derived again.
    pub(super) fn design(&self, step: &Step<'_>) -> Result<Design, StepError> {
        Design::read(&self.document(step)?).map_err(fatal)
    }

    pub(super) fn document(&self, step: &Step<'_>) -> Result<Document, StepError> {
        transform::running(&step.deployment.plan, step.document, &self.knowledge).map_err(fatal)
    }

    async fn start(&self, step: &mut Step<'_>, memory: &mut Memory) -> Result<Next, StepError> {
        // A retry takes the plan as it is by now.
        let document = transform::aws::document(&step.deployment.plan, &self.knowledge).map_err(fatal)?;
        let design = Design::read(&document).map_err(fatal)?;
        memory.decide(step.id());
        memory.begun_at = Some(step.now);
        memory.command = None;
        let image = ready::image(&self.cloud, &design).await.map_err(missing)?;
        let subnet = ready::subnets(&self.cloud, &design).await.map_err(missing)?.remove(0);
        (memory.full_zones, memory.full_types) = (Vec::new(), Vec::new());
        (memory.image, memory.root_device) = (Some(image.id), Some(image.root_device));
        (memory.subnet, memory.vpc, memory.zone) = (Some(subnet.id), Some(subnet.vpc_id), Some(subnet.zone));
        let json = |error: serde_json::Error| StepError::Fatal(error.to_string());
        step.change.configuration = Some(settings(&design)?);
        let document = serde_json::to_value(&document).map_err(json)?;
        let other = step.document.is_some_and(|before| *before != document);
        step.change.document = Some(document);
        step.change.status = Some(Status::Deploying);
        step.event(
            "info",
            Some("prepare"),
            format!("{} on {}, {}", image.name, design.instance_type, memory.zone.as_deref().unwrap_or_default()),
        );
        Ok(Next::Hop(if other { "afresh" } else { "security_group" }))
    }

    /// What an earlier try made from another plan never ran, so it holds nobody's data: machine and volume are made anew.
    async fn afresh(&self, step: &Step<'_>, memory: &mut Memory) -> Result<Next, StepError> {
        let found = self.cloud.list_tagged(step.id().as_str(), &memory.name).await.map_err(cloud_error)?;
        let of = |kind: FoundKind| found.iter().filter(move |found| found.kind == kind);
        for machine in of(FoundKind::Instance) {
            self.cloud.terminate_instance(&machine.id).await.map_err(cloud_error)?;
        }
        for volume in of(FoundKind::Volume) {
            self.cloud.delete_volume(&volume.id).await.map_err(cloud_error)?;
        }
        if of(FoundKind::Instance).chain(of(FoundKind::Volume)).next().is_some() {
            return Ok(Next::Nap(Duration::from_secs(1)));
        }
        memory.make_anew();
        Ok(Next::Hop("security_group"))
    }

    async fn security_group(&self, step: &mut Step<'_>, memory: &mut Memory, design: &Design) -> Result<Next, StepError> {
        memory.security_group = Some(self.ensure_group(step, memory, design).await?);
        Ok(Next::Hop("secret"))
    }

    /// The group as the design wants it: made, or its rules made equal.
    pub(super) async fn ensure_group(&self, step: &Step<'_>, memory: &Memory, design: &Design) -> Result<String, StepError> {
        plan_resource(step, "security_group", &memory.name, &memory.name).await?;
        let spec = SecurityGroupSpec {
            name: memory.name.clone(),
            vpc_id: known(&memory.vpc, "network")?.to_owned(),
            description: format!("PostgreSQL of {}", step.id()),
            ingress_cidrs: design.ingress.clone(),
            port: design.configuration.port,
            tags: tags(step, memory),
        };
        let id = self.cloud.ensure_security_group(&spec).await.map_err(cloud_error)?;
        step.store.ledger_present(step.id(), "security_group", &memory.name, &id).await?;
        Ok(id)
    }

    async fn secret(&self, step: &mut Step<'_>, memory: &mut Memory, design: &Design) -> Result<Next, StepError> {
        let name = secret_name(step);
        plan_resource(step, "secret", &name, &memory.secret_token).await?;
        // Made here and given away in the same call; a secret that is there already keeps its value.
        let value = json!({"username": design.configuration.user, "password": random_password(design.password_length)?}).to_string();
        let spec = SecretSpec {
            name: name.clone(),
            client_token: memory.secret_token.clone(),
            description: format!("PostgreSQL administrator of {}", step.id()),
            value: Secret::new(value),
            tags: tags(step, memory),
        };
        let id = match self.cloud.ensure_secret(&spec).await {
            // An earlier try with the same token and another random value got through.
            Err(clouds::Error::AlreadyExists { .. }) => return Err(StepError::Retry("the secret is being made".to_owned())),
            other => other.map_err(cloud_error)?,
        };
        step.store.ledger_present(step.id(), "secret", &name, &id).await?;
        memory.secret = Some(id);
        Ok(Next::Hop("role"))
    }

    async fn role(&self, step: &mut Step<'_>, memory: &mut Memory, design: &Design) -> Result<Next, StepError> {
        plan_resource(step, "role", &memory.name, &memory.name).await?;
        let spec = RoleSpec {
            name: memory.name.clone(),
            boundary_arn: self.boundary_arn.clone(),
            trust: design.role.trust.to_string(),
            managed_policies: design.role.managed_policies.clone(),
            policies: design.role.policies(known(&memory.secret, "secret")?),
            tags: tags(step, memory),
        };
        let role = self.cloud.ensure_role(&spec).await.map_err(cloud_error)?;
        step.store.ledger_present(step.id(), "role", &memory.name, &role.arn).await?;
        memory.profile = Some(role.profile);
        Ok(Next::Hop("volume"))
    }

    async fn volume(&self, step: &mut Step<'_>, memory: &mut Memory, design: &Design) -> Result<Next, StepError> {
        plan_resource(step, "volume", &memory.name, &memory.volume_token).await?;
        let spec = VolumeSpec {
            client_token: memory.volume_token.clone(),
            zone: known(&memory.zone, "zone")?.to_owned(),
            shape: VolumeShape {
                size_gib: design.volume.size_gib,
                iops: design.volume.iops,
                throughput_mib_s: design.volume.throughput_mib_s,
            },
            encrypted: design.volume.encrypted,
            tags: tags(step, memory),
        };
        let id = self.cloud.ensure_volume(&spec).await.map_err(cloud_error)?;
        step.store.ledger_present(step.id(), "volume", &memory.name, &id).await?;
        memory.volume = Some(id);
        Ok(Next::Hop("machine"))
    }

    async fn machine(&self, step: &mut Step<'_>, memory: &mut Memory, design: &Design) -> Result<Next, StepError> {
        plan_resource(step, "instance", &memory.name, &memory.instance_token).await?;
        let facts = BootFacts {
            deployment_id: step.id().as_str().to_owned(),
            secret_arn: known(&memory.secret, "secret")?.to_owned(),
            volume_id: known(&memory.volume, "volume")?.to_owned(),
        };
        let user_data = design.user_data(&facts).map_err(fatal)?;
        let spec = InstanceSpec {
            client_token: memory.instance_token.clone(),
            image: known(&memory.image, "image")?.to_owned(),
            root_device: known(&memory.root_device, "root device")?.to_owned(),
            root_volume_gib: design.root_volume_gib,
            instance_type: design.instance_type.clone(),
            subnet: known(&memory.subnet, "subnet")?.to_owned(),
            security_group: known(&memory.security_group, "security group")?.to_owned(),
            profile: known(&memory.profile, "profile")?.to_owned(),
            user_data,
            tags: tags(step, memory),
        };
        let id = match self.cloud.ensure_instance(&spec).await {
            Err(error) if capacity::may_be_elsewhere(&error) => return self.elsewhere(step, memory, design, &error).await,
            answer => answer.map_err(cloud_error)?,
        };
        step.store.ledger_present(step.id(), "instance", &memory.name, &id).await?;
        memory.instance = Some(id);
        Ok(Next::Hop("attach"))
    }

    async fn attach(&self, step: &mut Step<'_>, memory: &Memory) -> Result<Next, StepError> {
        let (volume, instance) = (known(&memory.volume, "volume")?, known(&memory.instance, "machine")?);
        match self.cloud.instance(instance).await.map_err(cloud_error)?.map(|i| (i.state, i.reason)) {
            None if step.seconds_here() < 60 => return Ok(Next::Nap(Duration::from_secs(1))),
            None => return Err(StepError::Fatal("the machine is not there any more; delete the deployment to clean up".to_owned())),
            Some((InstanceState::Pending, _)) => return Ok(Next::Nap(Duration::from_secs(1))),
            Some((InstanceState::Running, _)) => {}
            Some((_, reason)) => {
                let reason = reason.unwrap_or_else(|| "no reason given".to_owned());
                return Err(StepError::Fatal(format!(
                    "the machine stopped while it was starting ({reason}); delete the deployment and deploy again"
                )));
            }
        }
        let state = self.cloud.volume(volume).await.map_err(cloud_error)?.map(|v| v.state);
        match state {
            Some(VolumeState::Creating) => return Ok(Next::Nap(Duration::from_secs(1))),
            Some(VolumeState::Available | VolumeState::InUse) => {}
            None if step.seconds_here() < 60 => return Ok(Next::Nap(Duration::from_secs(1))),
            _ => return Err(StepError::Fatal("the data volume is not there any more; delete the deployment to clean up".to_owned())),
        }
        self.cloud.attach_volume(volume, instance).await.map_err(cloud_error)?;
        Ok(Next::Hop("managed"))
    }

    async fn managed(&self, step: &Step<'_>, memory: &Memory) -> Result<Next, StepError> {
        let instance = known(&memory.instance, "machine")?;
        if self.cloud.is_managed(instance).await.map_err(cloud_error)? {
            return Ok(Next::Hop("check"));
        }
        self.booting(step, memory).await
    }

    async fn check(&self, memory: &mut Memory) -> Result<Next, StepError> {
        let instance = known(&memory.instance, "machine")?;
        let sent = self.cloud.run_command(instance, transform::aws::CHECK, "cloudsail health check").await;
        match sent {
            Ok(command) => {
                memory.command = Some(command);
                Ok(Next::Hop("checked"))
            }
            Err(error) => match cloud_error(error) {
                StepError::Retry(reason) | StepError::Fatal(reason) if memory.ran => {
                    tracing::info!(reason, "the health check could not be sent");
                    memory.command = None;
                    Ok(Next::Hop("checked"))
                }
                other => Err(other),
            },
        }
    }

    async fn checked(&self, step: &mut Step<'_>, memory: &mut Memory, design: &Design) -> Result<Next, StepError> {
        let instance = known(&memory.instance, "machine")?.to_owned();
        let result = match &memory.command {
            Some(command) => self.cloud.command_result(&instance, command).await.map_err(cloud_error)?,
            None => CommandResult::Done { exit_code: -1, stdout: String::new(), stderr: "the machine takes no commands".to_owned() },
        };
        let (stdout, stderr) = match result {
            CommandResult::Pending if step.seconds_here() < 30 => return Ok(Next::Nap(Duration::from_secs(1))),
            CommandResult::Pending => (String::new(), "the health check did not end within 30 seconds".to_owned()),
            CommandResult::Done { stdout, stderr, .. } => (stdout, stderr),
        };
        let check = Check::read(&stdout);
        // Before the answer counts: without room PostgreSQL may not answer any more.
        if let Some(used) = check.as_ref().and_then(|check| check.disk_used)
            && memory.ran
            && memory.changing.is_none()
            && let Some(next) = self.filling(step, memory, used)?
        {
            return Ok(next);
        }
        match check {
            Some(check) if check.well() => self.healthy(step, memory, design, check).await,
            Some(check) if check.state == "failed" && !memory.ran => {
                let reason = check.reason.unwrap_or_else(|| "no reason given".to_owned());
                Err(StepError::Fatal(format!("installing PostgreSQL failed: {reason}. Delete the deployment and deploy again.")))
            }
            // A restart, or a reboot, takes its time.
            other if memory.changing.is_some() => {
                memory.progress = other.and_then(|check| check.reason).or(Some(stderr));
                Ok(Next::HopAfter("check", Duration::from_secs(2)))
            }
            other if memory.ran => self.unhealthy(step, &instance, other.and_then(|c| c.reason).unwrap_or(stderr)).await,
            other => {
                memory.progress = other.and_then(|check| check.step).or_else(|| memory.progress.take());
                Ok(Next::HopAfter("check", Duration::from_secs(1)))
            }
        }
    }

    async fn healthy(&self, step: &mut Step<'_>, memory: &mut Memory, design: &Design, check: Check) -> Result<Next, StepError> {
        step.change.healthy = true;
        if let Some(changing) = memory.changing.clone() {
            self.settle(step, memory, changing).await?;
            memory.changing = None;
        }
        if step.deployment.status != Status::Running {
            let word = if memory.ran { "PostgreSQL answers again." } else { "PostgreSQL answers over TLS." };
            step.event("info", None, word);
            step.change.status = Some(Status::Running);
            steps::finish(step);
        }
        memory.ran = true;
        if step.deployment.connection.is_none()
            && let (Some(host), Some(ca_certificate)) = (check.address, check.ca)
        {
            step.change.connection = Some(store::Connection {
                host,
                port: design.configuration.port,
                database: design.configuration.database.clone(),
                user: design.configuration.user.clone(),
                ca_certificate,
                secret_arn: known(&memory.secret, "secret")?.to_owned(),
            });
        }
        Ok(Next::HopAfter("check", HEALTH_EVERY))
    }

    /// One failed look is not yet an issue: green means that a query succeeded within the last two minutes.
    async fn unhealthy(&self, step: &mut Step<'_>, instance: &str, why: String) -> Result<Next, StepError> {
        let state = self.cloud.instance(instance).await.map_err(cloud_error)?.map(|i| i.state);
        let reason = match state {
            Some(InstanceState::Running) => format!("PostgreSQL does not answer: {}", why.trim()),
            Some(InstanceState::Stopped | InstanceState::Stopping) => "the machine is stopped; start it in your account".to_owned(),
            None | Some(InstanceState::Terminated | InstanceState::ShuttingDown) => {
                "the machine was terminated outside Cloudsail; its data volume is kept. Delete the deployment to clean up.".to_owned()
            }
            Some(InstanceState::Pending) => "the machine is starting".to_owned(),
        };
        let last_ok = step.deployment.last_ok_at.map_or(i64::MAX, |at| step.now.as_second() - at.as_second());
        let gone = state != Some(InstanceState::Running);
        if (gone || last_ok > GREEN_S) && step.deployment.reason.as_deref() != Some(&reason) {
            step.event("issue", None, reason.clone());
            (step.change.status, step.change.reason) = (Some(Status::Issue), Some(reason));
        }
        Ok(Next::HopAfter("check", HEALTH_EVERY))
    }
}

/// The settings as people see them.
pub(super) fn settings(design: &Design) -> Result<Value, StepError> {
    serde_json::to_value(&design.configuration.tuned.settings).map_err(|error| StepError::Fatal(error.to_string()))
}

pub(super) fn missing(missing: ready::Missing) -> StepError {
    match missing {
        ready::Missing::Field(field) => StepError::Fatal(format!("{}: {}", field.pointer, field.message)),
        ready::Missing::Cloud(error) => cloud_error(error),
    }
}

async fn plan_resource(step: &Step<'_>, kind: &str, name: &str, client_token: &str) -> Result<(), StepError> {
    Ok(step.store.ledger_plan(step.id(), NewResource { kind, name, client_token }).await?)
}

fn tags(step: &Step<'_>, memory: &Memory) -> Tags {
    Tags::from([(TAG_DEPLOYMENT.to_owned(), step.id().to_string()), ("Name".to_owned(), memory.name.clone())])
}

/// Letters and digits from the operating system's source, 5.95 bits each.
fn random_password(length: usize) -> Result<String, StepError> {
    const ALPHABET: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    let mut password = String::with_capacity(length);
    while password.len() < length {
        let mut bytes = [0u8; 64];
        getrandom::fill(&mut bytes).map_err(|error| StepError::Retry(format!("no randomness: {error}")))?;
        // 248 is the largest multiple of 62 in a byte; beyond it the first letters would come more often.
        password
            .extend(bytes.iter().filter(|b| **b < 248).map(|b| char::from(ALPHABET[usize::from(b % 62)])).take(length - password.len()));
    }
    Ok(password)
}
