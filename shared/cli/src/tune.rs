//! Settings from sizes, without the API: the rules are part of the program.

use crate::args::TuneFormat;
use crate::failure::Failure;
use crate::out::Out;
use domain::plan::Workload;
use knowledge::{Disk, Inputs, Knowledge, PgtuneInputs};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use std::collections::BTreeMap;
use std::io::BufRead;

/// A line of pgtune's vectors; what it says besides is left alone.
#[derive(Deserialize)]
struct Asked {
    input: PgtuneInputs,
}

/// Answers each line of standard input with pgtune's settings.
pub fn pgtune(out: &Out) -> Result<(), Failure> {
    let rules = &Knowledge::built_in().pgtune;
    each_line(|number, line| {
        let Asked { input } = read(number, line)?;
        let settings = rules.settings(&input).map_err(|refused| wrong(number, format!("input.{refused}")))?;
        out.line(&json!({ "settings": settings }).to_string())
    })
}

/// One machine and what its PostgreSQL is for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Machine {
    version: u32,
    memory_mib: u64,
    cpu: u32,
    disk_gib: u32,
    /// What gp3 volumes come with.
    #[serde(default = "iops")]
    iops: u32,
    #[serde(default = "throughput_mib_s")]
    throughput_mib_s: u32,
    workload: Workload,
    max_connections: u32,
    #[serde(default)]
    archiving: bool,
    #[serde(default)]
    pooled: bool,
    #[serde(default)]
    replicas: u32,
    #[serde(default)]
    settings: BTreeMap<String, String>,
}

fn iops() -> u32 {
    3000
}

fn throughput_mib_s() -> u32 {
    125
}

/// Answers each line of standard input with Cloudsail's own settings and their reasons.
pub fn configuration(out: &Out, format: TuneFormat) -> Result<(), Failure> {
    let rules = &Knowledge::built_in().tuning;
    let mut first = true;
    each_line(|number, line| {
        let machine: Machine = read(number, line)?;
        let inputs = Inputs {
            version: machine.version,
            memory_mib: machine.memory_mib,
            cpu: machine.cpu,
            disk: Disk { size_gib: machine.disk_gib, iops: machine.iops, throughput_mib_s: machine.throughput_mib_s },
            workload: machine.workload,
            max_connections: machine.max_connections,
            archiving: machine.archiving,
            pooled: machine.pooled,
            replicas: machine.replicas,
        };
        let configuration = rules.configuration(&inputs, &machine.settings).map_err(|refused| wrong(number, refused.to_string()))?;
        match format {
            TuneFormat::Json => out.line(&json!(configuration).to_string()),
            TuneFormat::Conf => {
                if !std::mem::take(&mut first) {
                    out.line("")?;
                }
                out.line(&knowledge::render(&configuration.settings))
            }
        }
    })
}

fn each_line(mut answer: impl FnMut(usize, &str) -> Result<(), Failure>) -> Result<(), Failure> {
    for (index, line) in std::io::stdin().lock().lines().enumerate() {
        let line = line.map_err(|error| wrong(index + 1, format!("{error}: send JSON as UTF-8 text, an object a line")))?;
        if !line.trim().is_empty() {
            answer(index + 1, &line)?;
        }
    }
    Ok(())
}

fn read<T: DeserializeOwned>(number: usize, line: &str) -> Result<T, Failure> {
    let mut json = serde_json::Deserializer::from_str(line);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let path = error.path().to_string();
        let error = error.into_inner();
        if !error.is_data() {
            return wrong(number, format!("is not JSON: {error}"));
        }
        // Where it stands in the line says less than the path.
        let said = error.to_string();
        let said = said.split(" at line ").next().unwrap_or_default();
        wrong(number, if path == "." { said.to_owned() } else { format!("{path}: {said}") })
    })?;
    json.end().map_err(|_| wrong(number, "there is more after the object: send an object a line".to_owned()))?;
    Ok(value)
}

fn wrong(number: usize, message: String) -> Failure {
    Failure::usage(format!("line {number}: {message}")).hint("what a line may hold: cloudsail tune --help")
}
