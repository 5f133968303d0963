//! The catalogues of machine types and prices: what there is to choose from, and reading them anew.

mod ec2;
mod prices;
mod refresh;

pub use refresh::refresh;

use crate::args::CatalogueNeed;
use crate::failure::Failure;
use crate::out::Out;
use crate::table::Table;
use jiff::civil::Date;
use knowledge::{Knowledge, Machine, Money, Need};
use serde_json::{Value, json};
use std::path::Path;

/// Shows the types that fit, cheapest first.
pub fn list(out: &Out, wanted: &CatalogueNeed) -> Result<(), Failure> {
    let read;
    let catalogue = match &wanted.layer {
        Some(folder) => {
            read = layer(folder)?;
            &read.catalogue
        }
        None => &Knowledge::built_in().catalogue,
    };
    let machines = wanted.provider.of(catalogue);
    let need = Need {
        cpu: wanted.cpu,
        memory_gib: wanted.memory,
        iops: wanted.iops,
        throughput_mib_s: wanted.throughput,
        architecture: wanted.architecture.map(Into::into),
        region: wanted.region.clone().unwrap_or_else(|| wanted.provider.usual_region().to_owned()),
    };
    // The refusal names the nearest types; without it an empty table would say nothing.
    machines.pick(&need).map_err(|no_fit| Failure::usage(no_fit.to_string()))?;
    let fitting: Vec<_> = machines.fitting(&need).into_iter().take(wanted.limit).collect();
    let tariff = machines.tariff(&need.region);
    let age = tariff.map(|tariff| tariff.age_days(today()));
    let item = |(machine, hour): &(&Machine, Option<Money>)| {
        let mut item = json!(machine);
        item["hourly"] = json!(hour);
        item["monthly"] = json!(hour.map(Money::month));
        item
    };
    let answer = json!({
        "items": fitting.iter().map(item).collect::<Vec<_>>(),
        "region": need.region,
        "types_read_at": machines.file().date,
        "currency": tariff.map(|tariff| tariff.currency),
        "priced_at": tariff.map(|tariff| tariff.prices.date),
        "age_days": age,
        "region_borrowed": tariff.and_then(|tariff| tariff.borrowed),
    });
    out.show(&answer, || format!("{}\n{}", table(&answer).text(out), provenance(&answer)))
}

fn table(answer: &Value) -> Table<8> {
    let items = answer["items"].as_array().map_or(&[][..], Vec::as_slice);
    Table::of(["TYPE", "VCPU", "GIB", "ARCH", "IOPS", "MIB/S", "HOUR", "MONTH"], items, |item| {
        let plain = |key: &str| item[key].as_u64().map_or_else(String::new, |number| number.to_string());
        let amount = |key: &str| item[key].as_str().unwrap_or("unknown").to_owned();
        let memory = item["memory_mib"].as_u64().map_or_else(String::new, gib);
        let throughput = item["disk_kb_s"].as_u64().map_or_else(String::new, |kilobytes| (kilobytes * 1000 / 1_048_576).to_string());
        let name = |key: &str| item[key].as_str().unwrap_or_default().to_owned();
        [name("name"), plain("cpu"), memory, name("architecture"), plain("disk_iops"), throughput, amount("hourly"), amount("monthly")]
    })
}

/// GiB, with a fraction where it has one: `5.25`.
fn gib(mib: u64) -> String {
    match mib % 1024 {
        0 => (mib / 1024).to_string(),
        rest => format!("{}.{}", mib / 1024, format!("{:03}", rest * 1000 / 1024).trim_end_matches('0')),
    }
}

/// Whose prices these are, and how old.
fn provenance(answer: &Value) -> String {
    let Some(date) = answer["priced_at"].as_str() else {
        return format!("Prices are unknown: by size. Types as of {}.", answer["types_read_at"].as_str().unwrap_or_default());
    };
    let region = answer["region"].as_str().unwrap_or_default();
    let whose = match answer["region_borrowed"].as_str() {
        Some(from) => format!("{from}'s, as {region}'s are unknown"),
        None => format!("{region}'s"),
    };
    let currency = answer["currency"].as_str().unwrap_or_default();
    format!("List prices in {currency}, {whose}, of {date}: {} days old. IOPS and MiB/s are what its disks always get.", answer["age_days"])
}

/// The knowledge layer in a folder.
fn layer(folder: &Path) -> Result<Knowledge, Failure> {
    Knowledge::read(folder).map_err(|error| {
        let cause = std::error::Error::source(&error).map_or_else(String::new, |cause| format!(": {cause}"));
        Failure::usage(format!("{}: {error}{cause}", folder.display()))
    })
}

fn today() -> Date {
    jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date()
}
