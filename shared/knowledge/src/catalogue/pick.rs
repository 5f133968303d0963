//! Which machine type a plan gets.

use super::{Machine, MachineFile, Money, PriceFile, Tariff};
use domain::plan::Architecture;
use std::fmt;

/// Burstable types only up to here, MiB: beyond that a database is busy enough to run out of their CPU credits.
const BURSTABLE_MAX_MIB: u32 = 4096;
/// How many valid choices a refusal names.
const NEAREST: usize = 3;

/// What a machine must have at least.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Need {
    /// Virtual CPUs.
    pub cpu: u32,
    /// Memory, GiB.
    pub memory_gib: u32,
    /// Operations a second that its disks always get together.
    pub iops: Option<u32>,
    /// MiB/s that its disks always get together.
    pub throughput_mib_s: Option<u32>,
    /// Instruction set; x86_64 where it is not said.
    pub architecture: Option<Architecture>,
    /// For example `ca-central-1`: what is offered there, and what it costs there.
    pub region: String,
}

/// The machine type that fits best.
#[derive(Debug, Clone)]
pub struct Pick<'a> {
    /// The type.
    pub machine: &'a Machine,
    /// An hour of it, if known.
    pub hourly: Option<Money>,
    /// The price is that of this region, borrowed.
    pub price_borrowed: Option<&'a str>,
    /// Why this one, in a sentence with the numbers that were compared.
    pub reason: String,
}

/// No machine type has all that is needed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct NoFit {
    provider: &'static str,
    need: Need,
    /// What no type reaches even alone; empty where only the combination is missing.
    pub unmet: Vec<Unmet>,
    /// The types that come closest, closest first.
    pub nearest: Vec<String>,
}

/// One number that no machine type reaches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unmet {
    /// The field of the plan's hardware, such as `cpu`.
    pub field: &'static str,
    /// What was asked.
    pub asked: u32,
    /// The most there is.
    pub most: u32,
}

/// One provider's machine types and their prices.
#[derive(Debug, Clone)]
pub struct Machines {
    pub(super) provider: &'static str,
    pub(super) file: MachineFile,
    pub(super) prices: Option<PriceFile>,
}

/// A number of a need, and how to read it from a machine.
struct Number {
    field: &'static str,
    asked: u32,
    of: fn(&Machine) -> u32,
}

impl Need {
    fn architecture(&self) -> Architecture {
        self.architecture.unwrap_or(Architecture::X86_64)
    }

    /// An unpublished figure counts as none: a machine is never promised more than its provider does.
    fn numbers(&self) -> Vec<Number> {
        let must = [
            Number { field: "cpu", asked: self.cpu, of: |machine| machine.cpu },
            Number { field: "memory_gib", asked: self.memory_gib, of: Machine::memory_gib },
        ];
        let may = [
            self.iops.map(|asked| Number { field: "iops", asked, of: |machine| machine.disk_iops.unwrap_or(0) }),
            self.throughput_mib_s.map(|asked| Number { field: "throughput_mib_s", asked, of: |machine| machine.disk_mib_s().unwrap_or(0) }),
        ];
        must.into_iter().chain(may.into_iter().flatten()).collect()
    }
}

/// `2 vCPUs and 8 GiB`, with the disk's numbers where they are asked for.
impl fmt::Display for Need {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} vCPUs, {} GiB of memory", self.cpu, self.memory_gib)?;
        if let Some(iops) = self.iops {
            write!(f, ", {iops} IOPS")?;
        }
        if let Some(throughput) = self.throughput_mib_s {
            write!(f, ", {throughput} MiB/s to its disks")?;
        }
        Ok(())
    }
}

impl fmt::Display for NoFit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { provider, need, unmet, nearest } = self;
        write!(f, "no {} machine type of {provider} in {} has {need}", need.architecture(), need.region)?;
        match unmet.as_slice() {
            [] => f.write_str(": each number alone can be had, but not all at once")?,
            all => {
                let said: Vec<String> = all.iter().map(|one| format!("{} at most {}", one.field, one.most)).collect();
                write!(f, ": {}", said.join(", "))?;
            }
        }
        if nearest.is_empty() { Ok(()) } else { write!(f, "; nearest: {}", nearest.join(", ")) }
    }
}

impl Machines {
    /// The machine types with their date and source, by name.
    #[must_use]
    pub fn file(&self) -> &MachineFile {
        &self.file
    }

    /// The prices of all regions, if there are any.
    #[must_use]
    pub fn prices(&self) -> Option<&PriceFile> {
        self.prices.as_ref()
    }

    /// The prices that count in a region, if there are any.
    #[must_use]
    pub fn tariff(&self, region: &str) -> Option<Tariff<'_>> {
        self.prices.as_ref().and_then(|prices| prices.tariff(region))
    }

    /// Every type that a plan may get there: of that architecture, offered in the region, burstable only up to 4 GiB.
    fn eligible<'a, 'b>(&'a self, need: &'b Need) -> impl Iterator<Item = &'a Machine> + use<'a, 'b> {
        let architecture = need.architecture();
        self.file.types.iter().filter(move |machine| {
            machine.architecture == architecture
                && (!machine.burstable || machine.memory_mib <= BURSTABLE_MAX_MIB)
                && self.file.offers(&need.region, machine)
        })
    }

    /// All that meet a need, best first: the cheapest, then the smaller, then by name. Types without a price follow, by size.
    #[must_use]
    pub fn fitting(&self, need: &Need) -> Vec<(&Machine, Option<Money>)> {
        let (numbers, tariff) = (need.numbers(), self.tariff(&need.region));
        let fits = |machine: &&Machine| numbers.iter().all(|number| (number.of)(machine) >= number.asked);
        let fitting = self.eligible(need).filter(fits);
        let mut all: Vec<_> = fitting.map(|machine| (machine, tariff.and_then(|tariff| tariff.hour(&machine.name)))).collect();
        all.sort_by_key(|(machine, price)| (price.is_none(), *price, machine.size()));
        all
    }

    /// The cheapest machine type that has all of it; where no price is known, the smallest.
    ///
    /// # Errors
    /// [`NoFit`] if none has; it names what can't be met and the nearest valid choices.
    pub fn pick(&self, need: &Need) -> Result<Pick<'_>, NoFit> {
        let fitting = self.fitting(need);
        let Some(&(machine, hourly)) = fitting.first() else { return Err(self.no_fit(need)) };
        let price_borrowed = self.tariff(&need.region).and_then(|tariff| tariff.borrowed);
        let reason = self.reason(need, &fitting);
        Ok(Pick { machine, hourly, price_borrowed, reason })
    }

    fn reason(&self, need: &Need, fitting: &[(&Machine, Option<Money>)]) -> String {
        let [(first, hourly), rest @ ..] = fitting else { return String::new() };
        let region = &need.region;
        let offered = match self.file.regions.contains_key(region) {
            true => format!("that {} offers in {region}", self.provider),
            false => format!("of {} (what {region} offers is not known)", self.provider),
        };
        let among = format!("of {} {} types {offered} with at least {need}", fitting.len(), need.architecture());
        let has = format!("{} ({} vCPUs, {} MiB)", first.name, first.cpu, first.memory_mib);
        match (hourly, self.tariff(&need.region)) {
            (Some(price), Some(tariff)) => {
                let next = rest.first().map_or_else(String::new, |(other, price)| match price {
                    Some(price) => format!("; next is {} at {price}", other.name),
                    None => format!("; {} has no known price", other.name),
                });
                let provenance = tariff.provenance(region);
                format!("{has} costs least {among}: {price} {} an hour ({provenance}){next}", tariff.currency)
            }
            _ => format!("{has} is the smallest {among}; their prices are unknown"),
        }
    }

    fn no_fit(&self, need: &Need) -> NoFit {
        let numbers = need.numbers();
        let most = |number: &Number| self.eligible(need).map(number.of).max().unwrap_or(0);
        let unmet = numbers.iter().map(|number| Unmet { field: number.field, asked: number.asked, most: most(number) });
        let unmet = unmet.filter(|one| one.most < one.asked).collect();
        // How much of each number is missing, in thousandths of what was asked.
        let missing = |machine: &Machine| -> u64 {
            let each = |number: &Number| {
                let asked = u64::from(number.asked.max(1));
                asked.saturating_sub((number.of)(machine).into()) * 1000 / asked
            };
            numbers.iter().map(each).sum()
        };
        let mut near: Vec<&Machine> = self.eligible(need).collect();
        near.sort_by_key(|machine| (missing(machine), machine.size()));
        let nearest = near.into_iter().take(NEAREST).map(|machine| machine.name.clone()).collect();
        NoFit { provider: self.provider, need: need.clone(), unmet, nearest }
    }
}
