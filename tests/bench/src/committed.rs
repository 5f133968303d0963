//! The committed table of package sizes and memory.

use crate::Failure;
use crate::measured::Measured;
use figures::Figure;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;

/// How far a figure may be from the committed one.
const TOLERANCE: f64 = 0.10;

/// One function's figures.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Committed {
    /// Zipped, in KiB.
    package_kib: u64,
    /// `VmHWM` after 500 calls, in KiB.
    peak_kib: u64,
}

fn now(measured: &Measured) -> Result<Committed, Failure> {
    let package = measured.package_kib.ok_or("a function without a package")?;
    let peak = Figure::of(measured.peak_kib.iter().copied())?.median;
    Ok(Committed { package_kib: package.round() as u64, peak_kib: peak.round() as u64 })
}

/// What is further than the tolerance from what is committed, as sentences.
pub(crate) fn differences(file: &Path, all: &[&Measured]) -> Result<Vec<String>, Failure> {
    let table: BTreeMap<String, Committed> = toml::from_str(&std::fs::read_to_string(file)?)?;
    let mut found = Vec::new();
    for measured in all {
        let committed = table.get(measured.name).ok_or_else(|| format!("{} is not in {}", measured.name, file.display()))?;
        let now = now(measured)?;
        for (what, then, now) in [("package", committed.package_kib, now.package_kib), ("peak memory", committed.peak_kib, now.peak_kib)] {
            let change = now as f64 / then as f64 - 1.0;
            if change.abs() > TOLERANCE {
                found.push(format!("{}: {what} is {now} KiB, {:+.0} % from the committed {then} KiB", measured.name, change * 100.0));
            }
        }
    }
    Ok(found)
}

/// Writes the table anew.
pub(crate) fn write(file: &Path, all: &[&Measured]) -> Result<(), Failure> {
    let table: BTreeMap<&str, Committed> =
        all.iter().map(|measured| Ok((measured.name, now(measured)?))).collect::<Result<_, Failure>>()?;
    let head = "# What `./scripts/bench functions --check` holds within 10 %: KiB of the zip, KiB of VmHWM after 500 calls.\n\
        # `./scripts/bench functions --record` writes it anew.\n\n";
    Ok(std::fs::write(file, format!("{head}{}", toml::to_string(&table)?))?)
}
