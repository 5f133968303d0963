//! The way up, as far as a machine that boots.

use super::memory::{Base, Memory, known};
use super::{Postgres, capacity, cloud_error, fatal, ready, secret_name};
use clouds::{
    Cloud, FoundKind, InstanceSpec, InstanceState, RoleSpec, Secret, SecretSpec, SecurityGroupSpec, TAG_DEPLOYMENT, Tags, VolumeShape,
    VolumeSpec, VolumeState,
};
use domain::Status;
use engine::{Next, Step, StepError};
use serde_json::{Value, json};
use std::time::Duration;
use store::NewResource;
use transform::Document;
use transform::aws::{BootFacts, Design};

/// IAM's changes are seen everywhere within seconds; a refusal after this long is one.
const REFUSED_S: i64 = 60;

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
        let role = self.cloud.ensure_role(&spec).await.map_err(|error| refused_for_long(step, error))?;
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
        let base =
            Base { image: known(&memory.image, "image")?.to_owned(), root_device: known(&memory.root_device, "root device")?.to_owned() };
        let spec = instance_spec(step, memory, design, (&memory.instance_token, base, None)).await?;
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
}

/// A machine of the deployment, written to the ledger: by its token, from its image, at a private address if it is to have a certain one.
pub(super) async fn instance_spec(
    step: &Step<'_>,
    memory: &Memory,
    design: &Design,
    (client_token, base, private_ip): (&str, Base, Option<String>),
) -> Result<InstanceSpec, StepError> {
    plan_resource(step, "instance", &memory.name, client_token).await?;
    let facts = BootFacts {
        deployment_id: step.id().as_str().to_owned(),
        secret_arn: known(&memory.secret, "secret")?.to_owned(),
        volume_id: known(&memory.volume, "volume")?.to_owned(),
    };
    Ok(InstanceSpec {
        client_token: client_token.to_owned(),
        image: base.image,
        root_device: base.root_device,
        root_volume_gib: design.root_volume_gib,
        instance_type: design.instance_type.clone(),
        subnet: known(&memory.subnet, "subnet")?.to_owned(),
        private_ip,
        security_group: known(&memory.security_group, "security group")?.to_owned(),
        profile: known(&memory.profile, "profile")?.to_owned(),
        user_data: design.user_data(&facts).map_err(fatal)?,
        tags: tags(step, memory),
    })
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

/// AWS also refuses a look at what it does not show yet. What it still refuses a minute later it does not allow.
fn refused_for_long(step: &Step<'_>, error: clouds::Error) -> StepError {
    let refused = matches!(&error, clouds::Error::NotReady { cause, .. } if cause.code.starts_with("AccessDenied"));
    match error {
        clouds::Error::NotReady { action, cause } if refused && step.seconds_here() >= REFUSED_S => {
            cloud_error(clouds::Error::Denied { action, message: cause.message.clone(), cause })
        }
        other => cloud_error(other),
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
