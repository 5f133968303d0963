//! A document as the deploy engine carries it out: typed, and complete or refused.

use super::shapes::{self, Later};
use super::{BootFacts, Error, SCHEMA, boot};
use crate::bootstrap;
use crate::document::{Configuration, Document, Resource};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::BTreeMap;

/// Which image a machine starts from.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Image {
    /// A name with `*`; the newest match is taken.
    pub name_pattern: String,
    /// The publisher's account.
    pub owner: String,
    /// `x86_64` or `arm64`.
    pub architecture: String,
    /// An image the plan asks for; it wins over the pattern.
    pub wished: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Subnet {
    wished: Option<String>,
}

/// The machine's own role.
#[derive(Debug, Clone, PartialEq)]
pub struct MachineRole {
    /// Who may assume it, as a policy.
    pub trust: Value,
    /// ARNs.
    pub managed_policies: Vec<String>,
    policies: Vec<(String, Value)>,
    secret: String,
}

impl MachineRole {
    /// Its own policies by name, with the secret's ARN in its place.
    #[must_use]
    pub fn policies(&self, secret_arn: &str) -> Vec<(String, String)> {
        let place = serde_json::json!({"Ref": self.secret});
        self.policies.iter().map(|(name, policy)| (name.clone(), filled(policy, &place, secret_arn).to_string())).collect()
    }
}

fn filled(value: &Value, place: &Value, with: &str) -> Value {
    match value {
        value if value == place => Value::String(with.to_owned()),
        Value::Array(items) => items.iter().map(|item| filled(item, place, with)).collect(),
        Value::Object(fields) => Value::Object(fields.iter().map(|(key, field)| (key.clone(), filled(field, place, with))).collect()),
        other => other.clone(),
    }
}

/// The data volume.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataVolume {
    /// GiB.
    pub size_gib: u32,
    /// Operations a second.
    pub iops: u32,
    /// MiB a second.
    pub throughput_mib_s: u32,
    /// With the account's own key.
    pub encrypted: bool,
    /// How long a destroy keeps it.
    pub keep_days: u32,
}

/// What AWS is asked for.
#[derive(Debug, Clone)]
pub struct Design {
    /// For example `ca-central-1`.
    pub region: String,
    /// The image.
    pub image: Image,
    /// A subnet the plan asks for; else the default network's.
    pub subnet: Option<String>,
    /// Ranges that may connect on [`Configuration::port`], CIDR.
    pub ingress: Vec<String>,
    /// Length of the administrator's password.
    pub password_length: usize,
    /// The machine's role.
    pub role: MachineRole,
    /// The data volume.
    pub volume: DataVolume,
    /// For example `m7i.large`.
    pub instance_type: String,
    /// GiB.
    pub root_volume_gib: u32,
    /// PostgreSQL's configuration.
    pub configuration: Configuration,
    script: String,
    places: BTreeMap<String, Later>,
    ids: Ids,
}

#[derive(Debug, Clone)]
struct Ids {
    secret: String,
    volume: String,
}

impl Design {
    /// Reads what a document asks for.
    ///
    /// # Errors
    /// [`Error::Document`] if a part is missing or is not what this engine makes.
    pub fn read(document: &Document) -> Result<Self, Error> {
        if document.schema != SCHEMA {
            return Err(Error::Document(format!("its schema is `{}`, not `{SCHEMA}`", document.schema)));
        }
        if let Some(other) = document.resources.iter().find(|resource| !shapes::TYPES.contains(&resource.kind.as_str())) {
            return Err(Error::Document(format!("`{}` is of the unknown type {}", other.id, other.kind)));
        }
        let group: shapes::SecurityGroup = properties(one(document, shapes::SECURITY_GROUP)?)?;
        let secret_resource = one(document, shapes::SECRET)?;
        let secret: shapes::Secret = properties(secret_resource)?;
        let role: shapes::Role = properties(one(document, shapes::ROLE)?)?;
        let volume_resource = one(document, shapes::VOLUME)?;
        let volume: shapes::Volume = properties(volume_resource)?;
        let instance: shapes::Instance = properties(one(document, shapes::INSTANCE)?)?;
        let root = instance.block_device_mappings.first().ok_or_else(|| Error::Document("the machine has no root volume".to_owned()))?;
        let configuration = document.configuration.values().next();
        let (script, places) = instance.user_data.base64.script;
        Ok(Self {
            region: document.region.clone(),
            image: lookup(document, "Image")?,
            subnet: lookup::<Subnet>(document, "Subnet")?.wished,
            ingress: group.security_group_ingress.into_iter().map(|rule| rule.cidr_ip).collect(),
            password_length: usize::try_from(secret.generate_secret_string.password_length).unwrap_or(32),
            role: MachineRole {
                trust: role.assume_role_policy_document,
                managed_policies: role.managed_policy_arns,
                policies: role.policies.into_iter().map(|policy| (policy.policy_name, policy.policy_document)).collect(),
                secret: secret_resource.id.clone(),
            },
            volume: DataVolume {
                size_gib: volume.size,
                iops: volume.iops,
                throughput_mib_s: volume.throughput,
                encrypted: volume.encrypted,
                keep_days: volume_resource.keep_days.unwrap_or_default(),
            },
            instance_type: instance.instance_type,
            root_volume_gib: root.ebs.volume_size,
            configuration: configuration.cloned().ok_or_else(|| Error::Document("it holds no configuration".to_owned()))?,
            script,
            places,
            ids: Ids { secret: secret_resource.id.clone(), volume: volume_resource.id.clone() },
        })
    }

    /// What the control plane runs on the machine to bring a running PostgreSQL to this configuration. It prints one line of JSON:
    /// `{"applied": "reload" | "restart"}`, or `{"failed": why}` and all is as it was.
    #[must_use]
    pub fn apply(&self) -> String {
        bootstrap::apply(&self.configuration)
    }

    /// The same with today's boot script: a machine that is made from an earlier document should know what this release knows.
    #[must_use]
    pub fn with_todays_script(mut self) -> Self {
        self.script = boot::script(&self.configuration, &self.region);
        self
    }

    /// What brings PostgreSQL on a machine that is about to be replaced to rest.
    #[must_use]
    pub fn rest(&self) -> String {
        bootstrap::rest(&self.configuration)
    }

    /// The user data, filled in and packed.
    ///
    /// # Errors
    /// [`Error::TooLong`] beyond what AWS takes.
    pub fn user_data(&self, facts: &BootFacts) -> Result<Vec<u8>, Error> {
        let value = |later: &Later| match later {
            Later::Ref(id) if *id == self.ids.secret => Ok(facts.secret_arn.as_str()),
            Later::Ref(id) if *id == self.ids.volume => Ok(facts.volume_id.as_str()),
            Later::Ref(id) if id == "Deployment" => Ok(facts.deployment_id.as_str()),
            other => Err(Error::Document(format!("the boot script asks for {other:?}"))),
        };
        let filled = self.places.iter().map(|(place, later)| Ok((place.as_str(), value(later)?)));
        boot::user_data(&self.script, &filled.collect::<Result<_, Error>>()?)
    }
}

fn one<'a>(document: &'a Document, kind: &str) -> Result<&'a Resource, Error> {
    let mut of = document.resources.iter().filter(|resource| resource.kind == kind);
    match (of.next(), of.next()) {
        (Some(only), None) => Ok(only),
        (None, _) => Err(Error::Document(format!("it holds no {kind}"))),
        (Some(_), Some(_)) => Err(Error::Document(format!("it holds more than one {kind}"))),
    }
}

fn properties<T: DeserializeOwned>(resource: &Resource) -> Result<T, Error> {
    T::deserialize(&resource.properties).map_err(|error| Error::Document(format!("{}: {error}", resource.id)))
}

fn lookup<T: DeserializeOwned>(document: &Document, name: &str) -> Result<T, Error> {
    let value = document.lookups.get(name).ok_or_else(|| Error::Document(format!("the lookup {name} is missing")))?;
    T::deserialize(value).map_err(|error| Error::Document(format!("the lookup {name}: {error}")))
}
