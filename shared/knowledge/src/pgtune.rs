//! pgtune's settings, exactly, from the rules in `pgtune.toml`.

use crate::rules::{Domain, Given, Input, Kind, Place, Rules};
use crate::{Error, Refused, layer::Layer};
use serde::Deserialize;
use std::collections::BTreeMap;

const FILE: &str = "pgtune.toml";

/// 1 PB in kB: more than any machine has, and far from what would overflow.
const MEMORY_MOST: i64 = 1 << 40;

static INPUTS: [Input; 8] = [
    Input { name: "version", domain: Domain::Between(Kind::Number, 10, 18) },
    Input { name: "os", domain: Domain::Choice(&["linux", "windows", "mac"]) },
    Input { name: "workload", domain: Domain::Choice(&["web", "oltp", "dw", "desktop", "mixed"]) },
    Input { name: "memory", domain: Domain::Between(Kind::Size, 512 << 10, MEMORY_MOST) },
    Input { name: "cpus", domain: Domain::Between(Kind::Number, 0, 9999) },
    Input { name: "connections", domain: Domain::Between(Kind::Number, 0, 999_999) },
    Input { name: "disk", domain: Domain::Choice(&["ssd", "hdd", "san", "nvme"]) },
    Input { name: "size", domain: Domain::Choice(&["less_ram", "mid_ram", "greater_ram"]) },
];

/// What pgtune's form asks for.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PgtuneInputs {
    /// PostgreSQL's major version, 10 to 18.
    pub version: u32,
    /// `linux`, `windows` or `mac`.
    pub os: String,
    /// `web`, `oltp`, `dw`, `desktop` or `mixed`.
    pub workload: String,
    /// Memory, in `memory_unit`; at least 512 MB.
    pub memory: u64,
    /// `MB`, `GB` or `TB`, of 1024 each.
    pub memory_unit: String,
    /// CPUs, at least 1; none if not known.
    #[serde(default)]
    pub cpus: Option<u32>,
    /// Connections, at least 20; none for what the workload has as a rule.
    #[serde(default)]
    pub connections: Option<u32>,
    /// `ssd`, `hdd`, `san` or `nvme`.
    pub disk: String,
    /// How large the data is beside memory: `less_ram`, `mid_ram` or `greater_ram`.
    pub size: String,
}

impl PgtuneInputs {
    fn memory_kb(&self) -> Result<i64, Refused> {
        let scale: u64 = match self.memory_unit.as_str() {
            "MB" => 1 << 10,
            "GB" => 1 << 20,
            "TB" => 1 << 30,
            _ => return Err(Refused::new("memory_unit", "must be one of MB, GB, TB")),
        };
        let memory = self.memory.checked_mul(scale).and_then(|memory| i64::try_from(memory).ok());
        memory
            .filter(|memory| (512 << 10..=MEMORY_MOST).contains(memory))
            .ok_or_else(|| Refused::new("memory", "must be at least 512 MB and at most 1024 TB"))
    }

    fn given(&self) -> Result<[Given<'_>; 8], Refused> {
        let at_least = |name, count: Option<u32>, least| match count {
            Some(count) if count < least => Err(Refused::new(name, format!("must be at least {least}, or null"))),
            count => Ok(Given::Number(i64::from(count.unwrap_or(0)))),
        };
        Ok([
            Given::Number(i64::from(self.version)),
            Given::Word(&self.os),
            Given::Word(&self.workload),
            Given::Number(self.memory_kb()?),
            at_least("cpus", self.cpus, 1)?,
            at_least("connections", self.connections, 20)?,
            Given::Word(&self.disk),
            Given::Word(&self.size),
        ])
    }
}

/// pgtune's rules.
#[derive(Debug, Clone)]
pub struct Pgtune {
    rules: Rules,
}

impl Pgtune {
    pub(crate) fn read(layer: Layer<'_>) -> Result<Self, Error> {
        Ok(Self { rules: crate::rules::load(FILE, &layer.text(FILE)?, &INPUTS, &|_, _| Ok(None))? })
    }

    /// Names and values in pgtune's order and spelling.
    ///
    /// # Errors
    /// The first input that is out of its range, and what it may be.
    pub fn settings(&self, inputs: &PgtuneInputs) -> Result<Vec<(String, String)>, Refused> {
        let refused = |(name, message): (&str, String)| Refused::new(name, message);
        let outcomes = self.rules.evaluate(&inputs.given()?, &BTreeMap::new()).map_err(refused)?;
        let settings = outcomes.into_iter().filter(|outcome| outcome.place == Place::Setting);
        Ok(settings.map(|outcome| (outcome.name.to_owned(), outcome.value)).collect())
    }
}
