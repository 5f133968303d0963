//! What a month costs is exact, and says what it does not know.

use jiff::civil::date;
use knowledge::{Catalogue, EstimateInputs, Knowledge, Money};
use proptest::prelude::*;

fn catalogue() -> &'static Catalogue {
    &Knowledge::built_in().catalogue
}

fn inputs() -> EstimateInputs<'static> {
    EstimateInputs {
        region: "us-east-1",
        instance_type: "m7i.large",
        disk_gib: 100,
        disk_iops: 4000,
        disk_throughput_mib_s: 200,
        disk_ceiling_gib: None,
        backup_gib: Some(300),
        today: date(2026, 11, 21),
    }
}

#[test]
fn each_part_is_exact_and_they_add_up() {
    let month = catalogue().estimate(&inputs());
    let parts: Vec<_> = month.parts.iter().map(|part| (part.what, part.monthly.map(|money| money.to_string()))).collect();
    let known = |what, amount: &str| (what, Some(amount.to_owned()));
    // 730 * 0.1008; 110 * 0.08 + 1000 * 0.005 + 75 * 0.04; 300 * 0.023.
    assert_eq!(parts, [known("instance", "73.584"), known("disk", "16.80"), known("backup", "6.90"), ("traffic", None)]);
    assert_eq!(month.monthly.unwrap().to_string(), "97.284");
    assert_eq!((month.currency.as_str(), month.priced_at, month.region_borrowed), ("USD", Some(date(2026, 7, 20)), None));
}

#[test]
fn the_estimate_says_how_old_its_prices_are_without_a_clock() {
    let age = |today| catalogue().estimate(&EstimateInputs { today, ..inputs() }).age_days;
    assert_eq!(age(date(2026, 7, 20)), Some(0));
    assert_eq!(age(date(2026, 11, 21)), Some(124));
    assert_eq!(age(date(2026, 7, 1)), Some(0));
}

#[test]
fn an_unknown_price_is_never_taken_for_nothing() {
    let month = catalogue().estimate(&EstimateInputs { instance_type: "r9g.large", ..inputs() });
    assert_eq!((month.parts[0].monthly, month.monthly), (None, None));
    assert!(month.parts[0].reason.contains("unknown") && month.parts[0].reason.contains("r9g.large"));
    let text = serde_json::to_value(&month).unwrap();
    assert!(text["monthly"].is_null() && text["parts"][1]["monthly"] == "16.80", "{text}");
}

#[test]
fn a_region_without_prices_borrows_them_and_says_so() {
    let month = catalogue().estimate(&EstimateInputs { region: "ca-central-1", ..inputs() });
    assert_eq!(month.region_borrowed.as_deref(), Some("us-east-1"));
    assert!(
        month.monthly.is_some() && month.parts[0].reason.contains("us-east-1's list price of 2026-07-20, as ca-central-1's is unknown")
    );
}

#[test]
fn a_disk_that_may_grow_says_what_it_may_come_to() {
    let month = catalogue().estimate(&EstimateInputs { disk_ceiling_gib: Some(400), ..inputs() });
    // 300 GiB more of disk, 100 more of backups.
    assert_eq!((month.monthly.unwrap().to_string(), month.monthly_ceiling.unwrap().to_string()), ("97.284".into(), "123.584".into()));
    assert_eq!(catalogue().estimate(&inputs()).monthly_ceiling, None);
}

#[test]
fn backups_that_are_off_cost_nothing_and_are_no_part() {
    let month = catalogue().estimate(&EstimateInputs { backup_gib: None, ..inputs() });
    assert!(month.parts.iter().all(|part| part.what != "backup") && month.monthly.unwrap().to_string() == "90.384");
}

proptest! {
    #[test]
    fn a_bigger_or_faster_disk_never_costs_less(gib in 10u32..16_384, iops in 3000u32..16_000, mib_s in 125u32..1000, more in 0u32..500) {
        let of = |disk_gib, disk_iops, disk_throughput_mib_s| {
            catalogue().estimate(&EstimateInputs { disk_gib, disk_iops, disk_throughput_mib_s, ..inputs() }).monthly.unwrap()
        };
        let plain = of(gib, iops, mib_s);
        prop_assert!(plain <= of(gib + more, iops, mib_s) && plain <= of(gib, iops + more, mib_s) && plain <= of(gib, iops, mib_s + more));
        let micro = 730 * 100_800 + u64::from(gib + 10) * 80_000 + u64::from(iops - 3000) * 5000 + u64::from(mib_s - 125) * 40_000 + 300 * 23_000;
        prop_assert_eq!(plain, Money::micro(micro));
    }
}
