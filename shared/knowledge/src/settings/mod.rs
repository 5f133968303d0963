//! PostgreSQL's settings from a machine's size and a database's use, by the rules in `postgres.toml`.

mod overrides;
mod parameters;

use crate::rules::{Domain, Given, Input, Kind, Outcome, Place, Rules};
use crate::{Error, Refused, layer::Layer};
use domain::plan::Workload;
use overrides::Overrides;
use parameters::Parameters;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

const FILE: &str = "postgres.toml";

static INPUTS: [Input; 11] = [
    Input { name: "version", domain: Domain::Between(Kind::Number, 13, 18) },
    Input { name: "memory_mib", domain: Domain::Between(Kind::Number, 512, 1 << 24) },
    Input { name: "cpu", domain: Domain::Between(Kind::Number, 1, 1024) },
    Input { name: "disk_gib", domain: Domain::Between(Kind::Number, 10, 1 << 16) },
    Input { name: "iops", domain: Domain::Between(Kind::Number, 100, 1_000_000) },
    Input { name: "throughput_mib_s", domain: Domain::Between(Kind::Number, 10, 100_000) },
    Input { name: "workload", domain: Domain::Choice(&["web", "oltp", "dw", "mixed", "desktop"]) },
    Input { name: "connections", domain: Domain::Between(Kind::Number, 10, 10_000) },
    Input { name: "archiving", domain: Domain::Between(Kind::Truth, 0, 1) },
    Input { name: "pooled", domain: Domain::Between(Kind::Truth, 0, 1) },
    Input { name: "replicas", domain: Domain::Between(Kind::Number, 0, 100) },
];

/// What the settings depend on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Inputs {
    /// PostgreSQL's major version, 13 to 18.
    pub version: u32,
    /// Memory of the machine, MiB.
    pub memory_mib: u64,
    /// Virtual CPUs of the machine.
    pub cpu: u32,
    /// The data disk, an SSD.
    pub disk: Disk,
    /// What the database is for.
    pub workload: Workload,
    /// How many clients may be connected at once.
    pub max_connections: u32,
    /// Whether backups are wanted, so that WAL is archived.
    pub archiving: bool,
    /// Whether clients come through a PgBouncer.
    pub pooled: bool,
    /// How many standbys there are.
    pub replicas: u32,
}

/// A data disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Disk {
    /// Size in GiB.
    pub size_gib: u32,
    /// Operations a second.
    pub iops: u32,
    /// MiB a second.
    pub throughput_mib_s: u32,
}

impl Inputs {
    fn given(&self, workload: &'static str) -> [Given<'static>; 11] {
        let number = |number: u32| Given::Number(i64::from(number));
        [
            number(self.version),
            Given::Number(i64::try_from(self.memory_mib).unwrap_or(i64::MAX)),
            number(self.cpu),
            number(self.disk.size_gib),
            number(self.disk.iops),
            number(self.disk.throughput_mib_s),
            Given::Word(workload),
            number(self.max_connections),
            number(self.archiving.into()),
            number(self.pooled.into()),
            number(self.replicas),
        ]
    }
}

/// One value with its reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Setting {
    /// The parameter, the sysctl or the limit.
    pub name: String,
    /// As it stands in the file, units included.
    pub value: String,
    /// Why, with the inputs and numbers it came from.
    pub reason: String,
    /// Where the rule comes from.
    pub source: String,
    /// Whether a person decided it instead of the rule.
    #[serde(default)]
    pub overridden: bool,
}

/// How a PostgreSQL and its machine are set up, each in a stable order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = Tuned)]
pub struct Configuration {
    /// PostgreSQL's own settings.
    pub settings: Vec<Setting>,
    /// Settings of the kernel, by their sysctl names.
    pub kernel: Vec<Setting>,
    /// Limits of the service, by their systemd names.
    pub limits: Vec<Setting>,
}

/// Cloudsail's own rules, and the parameters that there are.
#[derive(Debug, Clone)]
pub struct Tuning {
    rules: Rules,
    parameters: Parameters,
}

impl Tuning {
    pub(crate) fn read(layer: Layer<'_>) -> Result<Self, Error> {
        let parameters = Parameters::read(layer)?;
        let rules = crate::rules::load(FILE, &layer.text(FILE)?, &INPUTS, &|name, kind| parameters.limit(name, kind))?;
        Ok(Self { rules, parameters })
    }

    /// The version that the rule file gives itself.
    #[must_use]
    pub fn version(&self) -> u32 {
        self.rules.version
    }

    /// Whether a change of the setting waits for a restart; none if that major version has no such setting.
    #[must_use]
    pub fn needs_restart(&self, version: u32, name: &str) -> Option<bool> {
        self.parameters.needs_restart(version, name)
    }

    /// The whole configuration. What a person decided wins over the rules, and the rules for other settings follow it.
    ///
    /// # Errors
    /// An input out of its range, or a setting that can't be decided so: which, and what is allowed.
    pub fn configuration(&self, inputs: &Inputs, overrides: &BTreeMap<String, String>) -> Result<Configuration, Refused> {
        let mut overrides = Overrides::check(overrides, inputs.version, &self.rules, &self.parameters)?;
        let given = inputs.given(word(inputs.workload));
        let outcomes = self.rules.evaluate(&given, &overrides.chosen).map_err(|(name, message)| {
            // The plan's word for it; a rule's `max_connections` is the setting.
            Refused::new(if name == "connections" { "max_connections" } else { name }, message)
        })?;
        if let Some(refusal) = outcomes.iter().find(|outcome| outcome.place == Place::Refusal) {
            return Err(Refused::new(refusal.name, &refusal.reason));
        }
        let mut configuration = Configuration::default();
        for outcome in outcomes {
            match outcome.place {
                Place::Setting => configuration.settings.push(overrides.apply(setting(outcome))),
                Place::Kernel => configuration.kernel.push(setting(outcome)),
                Place::Limit => configuration.limits.push(setting(outcome)),
                Place::Helper | Place::Refusal => {}
            }
        }
        configuration.settings.extend(overrides.rest());
        Ok(configuration)
    }
}

fn setting(outcome: Outcome<'_>) -> Setting {
    let value = if outcome.place == Place::Setting { quoted(&outcome.value) } else { outcome.value };
    Setting { name: outcome.name.to_owned(), value, reason: outcome.reason, source: outcome.source.to_owned(), overridden: false }
}

fn word(workload: Workload) -> &'static str {
    match workload {
        Workload::Web => "web",
        Workload::Oltp => "oltp",
        Workload::Dw => "dw",
        Workload::Mixed => "mixed",
        Workload::Desktop => "desktop",
    }
}

/// A value as PostgreSQL's file takes it: numbers, units and plain words as they are, all else in quotes.
fn quoted(value: &str) -> String {
    let number = value.strip_prefix('-').unwrap_or(value).starts_with(|c: char| c.is_ascii_digit());
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '.' || (!number && matches!(c, '_' | '-'));
    let body = value.strip_prefix('-').filter(|_| number).unwrap_or(value);
    let begins = number || body.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    if begins && body.chars().all(plain) { value.to_owned() } else { format!("'{}'", value.replace('\\', "\\\\").replace('\'', "''")) }
}

/// The configuration as a file: every line under its reason.
#[must_use]
pub fn render(settings: &[Setting]) -> String {
    settings.iter().map(|s| format!("# {}\n{} = {}\n", s.reason, s.name, s.value)).collect()
}
