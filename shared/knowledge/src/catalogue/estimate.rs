//! What a month costs on AWS, part by part, from list prices.

use super::{Catalogue, Gp3, Gp3Prices, HOURS_A_MONTH, Money, Tariff};
use serde::Serialize;
use utoipa::ToSchema;

/// What is to be priced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EstimateInputs<'a> {
    /// For example `ca-central-1`.
    pub region: &'a str,
    /// For example `m7i.large`.
    pub instance_type: &'a str,
    /// The data volume, GiB.
    pub disk_gib: u32,
    /// Its IOPS.
    pub disk_iops: u32,
    /// Its MiB/s.
    pub disk_throughput_mib_s: u32,
    /// How large it may become by itself, GiB; none where it does not grow.
    pub disk_ceiling_gib: Option<u32>,
    /// What the backups are expected to hold, GiB; none where they are off.
    pub backup_gib: Option<u32>,
    /// To say how old the prices are.
    pub today: jiff::civil::Date,
}

/// A month, with its parts. Amounts are decimals as text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Cost)]
pub struct Estimate {
    /// Instance, disk, backup and traffic, in this order.
    pub parts: Vec<Part>,
    /// All parts but the traffic together; none if one of them is unknown.
    #[schema(value_type = Option<String>)]
    pub monthly: Option<Money>,
    /// The same once the disk has grown to its ceiling; none if it does not grow, or a price is unknown.
    #[schema(value_type = Option<String>)]
    pub monthly_ceiling: Option<Money>,
    /// For example `USD`.
    pub currency: String,
    /// When the prices were read, if there are any.
    #[schema(value_type = Option<String>, format = Date)]
    pub priced_at: Option<jiff::civil::Date>,
    /// Days since then; 0 where the prices are newer than today.
    pub age_days: Option<u32>,
    /// The prices are those of this region, as the plan's own has none here.
    pub region_borrowed: Option<String>,
}

/// One part of a month's cost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = CostPart)]
pub struct Part {
    /// `instance`, `disk`, `backup` or `traffic`.
    pub what: &'static str,
    /// What it costs in a month; none where it is unknown.
    #[schema(value_type = Option<String>)]
    pub monthly: Option<Money>,
    /// How it came about, or why it is unknown.
    pub reason: String,
}

impl Part {
    fn known(what: &'static str, monthly: Money, reason: String) -> Self {
        Self { what, monthly: Some(monthly), reason }
    }

    fn unknown(what: &'static str, reason: String) -> Self {
        Self { what, monthly: None, reason }
    }
}

impl Catalogue {
    /// What a month costs: an hour's price 730 times, the root and the data volume, the backups' storage. An unknown price is
    /// none, never 0. Taxes, discounts and credits are not in it.
    #[must_use]
    pub fn estimate(&self, inputs: &EstimateInputs<'_>) -> Estimate {
        let tariff = self.aws().tariff(inputs.region);
        let mut parts = self.parts(inputs, tariff);
        let monthly = sum(&parts);
        let monthly_ceiling = inputs.disk_ceiling_gib.and_then(|gib| {
            let backup_gib = inputs.backup_gib.map(|backup| backup.max(gib));
            sum(&self.parts(&EstimateInputs { disk_gib: gib, backup_gib, ..*inputs }, tariff))
        });
        parts.push(Part::unknown("traffic", "unknown: it depends on what clients read across zones and out of AWS".to_owned()));
        let priced_at = tariff.map(|tariff| tariff.prices.date);
        Estimate {
            parts,
            monthly,
            monthly_ceiling,
            currency: tariff.map_or("USD", |tariff| tariff.currency).to_owned(),
            priced_at,
            age_days: tariff.map(|tariff| tariff.age_days(inputs.today)),
            region_borrowed: tariff.and_then(|tariff| tariff.borrowed).map(str::to_owned),
        }
    }

    fn parts(&self, inputs: &EstimateInputs<'_>, tariff: Option<Tariff<'_>>) -> Vec<Part> {
        let mut parts = vec![instance(inputs, tariff), disk(inputs, tariff, self.gp3(), self.root_volume_gib())];
        parts.extend(inputs.backup_gib.map(|gib| backup(gib, tariff)));
        parts
    }

    /// What a machine of the type costs in a month; none where that is unknown.
    #[must_use]
    pub fn machine_month(&self, region: &str, instance_type: &str) -> Option<Money> {
        Some(self.aws().tariff(region)?.hour(instance_type)?.month())
    }

    /// What a gp3 volume costs in a month; none where that is unknown.
    #[must_use]
    pub fn volume_month(&self, region: &str, gib: u32, iops: u32, mib_s: u32) -> Option<Money> {
        Some(gp3_month(self.aws().tariff(region)?.prices.gp3?, self.gp3(), gib, iops, mib_s))
    }
}

fn sum(parts: &[Part]) -> Option<Money> {
    parts.iter().try_fold(Money::default(), |sum, part| part.monthly.map(|money| sum.plus(money)))
}

fn gp3_month(price: Gp3Prices, limits: &Gp3, gib: u32, iops: u32, mib_s: u32) -> Money {
    let iops = price.iops_month.times(iops.saturating_sub(limits.iops_included).into());
    let mib_s = price.mib_s_month.times(mib_s.saturating_sub(limits.mib_s_included).into());
    price.gib_month.times(gib.into()).plus(iops).plus(mib_s)
}

fn instance(inputs: &EstimateInputs<'_>, tariff: Option<Tariff<'_>>) -> Part {
    let name = inputs.instance_type;
    match tariff.and_then(|tariff| Some((tariff, tariff.hour(name)?))) {
        Some((tariff, hour)) => {
            let reason = format!("{name}: {HOURS_A_MONTH} hours at {hour}, {}", tariff.provenance(inputs.region));
            Part::known("instance", hour.month(), reason)
        }
        None => Part::unknown("instance", format!("unknown: no price of {name} for {} is in the catalogue", inputs.region)),
    }
}

fn disk(inputs: &EstimateInputs<'_>, tariff: Option<Tariff<'_>>, limits: &Gp3, root_gib: u32) -> Part {
    let Some(price) = tariff.and_then(|tariff| tariff.prices.gp3) else {
        return Part::unknown("disk", format!("unknown: no price of gp3 for {} is in the catalogue", inputs.region));
    };
    let gib = inputs.disk_gib.saturating_add(root_gib);
    let iops = inputs.disk_iops.saturating_sub(limits.iops_included);
    let mib_s = inputs.disk_throughput_mib_s.saturating_sub(limits.mib_s_included);
    let monthly = gp3_month(price, limits, gib, inputs.disk_iops, inputs.disk_throughput_mib_s);
    let reason = format!(
        "{gib} GiB of gp3 ({} data, {root_gib} root) at {}, {iops} IOPS beyond {} at {}, {mib_s} MiB/s beyond {} at {}",
        inputs.disk_gib, price.gib_month, limits.iops_included, price.iops_month, limits.mib_s_included, price.mib_s_month
    );
    Part::known("disk", monthly, reason)
}

fn backup(gib: u32, tariff: Option<Tariff<'_>>) -> Part {
    match tariff.and_then(|tariff| tariff.prices.backup_gib_month) {
        Some(price) => Part::known("backup", price.times(gib.into()), format!("{gib} GiB of S3 Standard at {price}; requests not counted")),
        None => Part::unknown("backup", "unknown: no price of S3 storage is in the catalogue".to_owned()),
    }
}
