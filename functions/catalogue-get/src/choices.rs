//! The answer: the catalogue as a form needs it.

use domain::plan::Architecture;
use knowledge::{Catalogue, Machines, Money};
use serde::Serialize;
use std::collections::BTreeSet;
use utoipa::ToSchema;

/// What there is to choose from.
#[derive(Serialize, ToSchema)]
pub struct Choices<'a> {
    /// `aws`, `azure` or `gcp`.
    pub provider: &'a str,
    /// As it was asked for.
    pub region: Option<&'a str>,
    /// The provider's regions that are known, by name.
    pub regions: BTreeSet<&'a str>,
    /// Operating systems, newest first.
    pub systems: Vec<System<'a>>,
    /// Smallest data disk, GiB.
    pub disk_min_gib: u32,
    /// Largest data disk, GiB.
    pub disk_max_gib: u32,
    /// Machine types, by name.
    pub machines: Vec<Machine<'a>>,
    /// Where these numbers come from.
    pub types_source: &'a str,
    /// When they were read.
    #[schema(value_type = String, format = Date)]
    pub types_read_at: String,
    /// Of the prices; null where none is known, as for all but AWS.
    pub currency: Option<&'a str>,
    /// The date of the prices.
    #[schema(format = Date)]
    pub priced_at: Option<String>,
    /// The prices are this other region's, as the region's own are unknown.
    pub region_borrowed: Option<&'a str>,
    /// What the catalogue holds and this answer does not.
    pub left_out: Vec<LeftOut>,
}

/// An operating system.
#[derive(Serialize, ToSchema)]
pub struct System<'a> {
    /// `debian`
    pub family: &'a str,
    /// `13`
    pub version: &'a str,
    /// Major versions of PostgreSQL, newest first.
    pub postgres: &'a [String],
}

/// A machine type.
#[derive(Serialize, ToSchema)]
pub struct Machine<'a> {
    /// For example `m7i.large`.
    pub name: &'a str,
    /// Virtual CPUs.
    pub cpu: u32,
    /// Memory, MiB.
    pub memory_mib: u32,
    /// `x86_64` or `arm64`.
    #[schema(value_type = String)]
    pub architecture: Architecture,
    /// Shares its cores and lives on CPU credits.
    pub burstable: bool,
    /// An hour on demand, a decimal as text; null where it is unknown.
    #[schema(value_type = Option<String>)]
    pub hourly: Option<Money>,
}

/// Machine types that are not in the answer.
#[derive(Serialize, ToSchema)]
pub struct LeftOut {
    /// How many.
    pub count: usize,
    /// Why.
    pub reason: String,
}

/// The provider's regions that are known.
pub fn regions<'a>(catalogue: &'a Catalogue, machines: &'a Machines, provider: &'a str) -> BTreeSet<&'a str> {
    machines.file().regions.keys().map(String::as_str).chain(catalogue.regions().names(provider)).collect()
}

impl<'a> Choices<'a> {
    /// What a region offers; without one, all that the provider has.
    pub fn of(catalogue: &'a Catalogue, machines: &'a Machines, provider: &'a str, region: Option<&'a str>) -> Self {
        let (disk_min_gib, disk_max_gib) = catalogue.disk_limits();
        let (file, tariff) = (machines.file(), machines.tariff(region.unwrap_or_default()));
        let systems = catalogue.systems().iter();
        let mut answer = Self {
            provider,
            region,
            regions: regions(catalogue, machines, provider),
            systems: systems.map(|s| System { family: &s.family, version: &s.version, postgres: &s.postgres }).collect(),
            disk_min_gib,
            disk_max_gib,
            machines: Vec::with_capacity(file.types.len()),
            types_source: &file.source,
            types_read_at: file.date.to_string(),
            currency: tariff.map(|tariff| tariff.currency),
            priced_at: tariff.map(|tariff| tariff.prices.date.to_string()),
            region_borrowed: tariff.and_then(|tariff| tariff.borrowed),
            left_out: Vec::new(),
        };
        let (mut elsewhere, mut small) = (0, 0);
        for machine in &file.types {
            if region.is_some_and(|region| !file.offers(region, machine)) {
                elsewhere += 1;
            } else if machine.memory_gib() == 0 {
                small += 1;
            } else {
                answer.machines.push(Machine {
                    name: &machine.name,
                    cpu: machine.cpu,
                    memory_mib: machine.memory_mib,
                    architecture: machine.architecture,
                    burstable: machine.burstable,
                    hourly: tariff.and_then(|tariff| tariff.hour(&machine.name)),
                });
            }
        }
        let elsewhere = (elsewhere, format!("{} does not offer them", region.unwrap_or_default()));
        let small = (small, "they have less than 1 GiB of memory, the least that a plan can ask for".to_owned());
        answer
            .left_out
            .extend([elsewhere, small].into_iter().filter(|(count, _)| *count > 0).map(|(count, reason)| LeftOut { count, reason }));
        answer
    }
}
