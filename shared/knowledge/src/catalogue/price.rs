//! Prices by region.

use super::Money;
use serde::Deserialize;
use std::collections::BTreeMap;

use crate::Error;
use crate::layer::{Layer, json};

/// The region whose prices stand in for those of a region without any.
pub const STAND_IN: &str = "us-east-1";

/// The price file: whole millionths of the currency.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PriceFile {
    /// For example `USD`.
    pub currency: String,
    /// By region.
    pub regions: BTreeMap<String, RegionPrices>,
}

/// A region's list prices. What is not in it is unknown.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegionPrices {
    /// When they were read, `2026-07-20`.
    pub date: jiff::civil::Date,
    /// Where they come from.
    pub source: String,
    /// A gp3 volume's parts.
    pub gp3: Option<Gp3Prices>,
    /// A GiB of backups for a month.
    pub backup_gib_month: Option<Money>,
    /// An hour of each machine type: on demand, Linux, shared tenancy.
    pub instance_hour: BTreeMap<String, Money>,
}

/// What a gp3 volume costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gp3Prices {
    /// A GiB for a month.
    pub gib_month: Money,
    /// An IOPS beyond those included, for a month.
    pub iops_month: Money,
    /// A MiB/s beyond those included, for a month.
    pub mib_s_month: Money,
}

/// The prices that count in a region.
#[derive(Debug, Clone, Copy)]
pub struct Tariff<'a> {
    /// They are those of this region, borrowed.
    pub borrowed: Option<&'a str>,
    /// The prices.
    pub prices: &'a RegionPrices,
    /// For example `USD`.
    pub currency: &'a str,
}

impl PriceFile {
    pub(super) fn read(layer: Layer<'_>) -> Result<Self, Error> {
        let file = "aws-prices.json";
        Self::parse(file, &layer.text(file)?)
    }

    /// Reads the file's text; its name is only for the error.
    ///
    /// # Errors
    /// What is wrong, with its line.
    pub fn parse(file: &'static str, text: &str) -> Result<Self, Error> {
        let prices: Self = json(file, text)?;
        let zero = |region: &&RegionPrices| region.instance_hour.values().any(|price| *price == Money::default());
        match prices.regions.values().find(zero) {
            None => Ok(prices),
            // A free machine is a mistake in the file, and the pick would take it.
            Some(region) => {
                let name = region.instance_hour.iter().find(|(_, price)| **price == Money::default()).map_or("", |(name, _)| name);
                let at = text.find(&format!("\"{name}\":0")).unwrap_or(0);
                Err(Error::broken(file, text, at, format!("`{name}` must cost more than 0; leave it out where the price is unknown")))
            }
        }
    }

    /// The file's text: a machine type a line, so that a change can be read.
    #[must_use]
    pub fn to_text(&self) -> String {
        let regions: Vec<String> =
            self.regions.iter().map(|(name, region)| format!("{}:{}", serde_json::json!(name), region.to_text())).collect();
        format!("{{\"currency\":{},\n\"regions\":{{\n{}\n}}}}\n", serde_json::json!(self.currency), regions.join(",\n"))
    }

    /// The region's own prices, else those of [`STAND_IN`].
    #[must_use]
    pub fn tariff(&self, region: &str) -> Option<Tariff<'_>> {
        let of = |prices, borrowed| Tariff { borrowed, prices, currency: &self.currency };
        match self.regions.get(region) {
            Some(prices) => Some(of(prices, None)),
            None => self.regions.get(STAND_IN).map(|prices| of(prices, Some(STAND_IN))),
        }
    }
}

impl RegionPrices {
    fn to_text(&self) -> String {
        let mut fields =
            vec![format!("\"date\":{}", serde_json::json!(self.date)), format!("\"source\":{}", serde_json::json!(self.source))];
        fields.extend(self.gp3.map(|gp3| {
            let (gib, iops, mib_s) = (gp3.gib_month.as_micro(), gp3.iops_month.as_micro(), gp3.mib_s_month.as_micro());
            format!("\"gp3\":{{\"gib_month\":{gib},\"iops_month\":{iops},\"mib_s_month\":{mib_s}}}")
        }));
        fields.extend(self.backup_gib_month.map(|price| format!("\"backup_gib_month\":{}", price.as_micro())));
        let hours: Vec<String> =
            self.instance_hour.iter().map(|(name, hour)| format!("{}:{}", serde_json::json!(name), hour.as_micro())).collect();
        fields.push(format!("\"instance_hour\":{{\n{}\n}}", hours.join(",\n")));
        format!("{{\n{}}}", fields.join(",\n"))
    }
}

impl Tariff<'_> {
    /// What an hour of a machine type costs.
    #[must_use]
    pub fn hour(&self, machine: &str) -> Option<Money> {
        self.prices.instance_hour.get(machine).copied()
    }

    /// How old the prices are, in days; 0 where they are newer than today.
    #[must_use]
    pub fn age_days(&self, today: jiff::civil::Date) -> u32 {
        u32::try_from(self.prices.date.duration_until(today).as_hours() / 24).unwrap_or(0)
    }

    /// Whose prices of when: `us-east-1's list price of 2026-07-20, as eu-west-1's is unknown`.
    pub(super) fn provenance(&self, region: &str) -> String {
        match self.borrowed {
            Some(from) => format!("{from}'s list price of {}, as {region}'s is unknown", self.prices.date),
            None => format!("{region}'s list price of {}", self.prices.date),
        }
    }
}
