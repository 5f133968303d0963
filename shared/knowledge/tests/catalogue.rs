//! The catalogues can be trusted, and the pick is never too small and never dearer than it must be.
#![expect(clippy::unwrap_used, reason = "a test that can't go on should stop where it stands")]

use domain::plan::Architecture;
use knowledge::{Catalogue, Knowledge, Machine, MachineFile, Machines, Need, Pick, PriceFile};
use proptest::prelude::*;
use std::collections::BTreeSet;

fn catalogue() -> &'static Catalogue {
    &Knowledge::built_in().catalogue
}

fn need(cpu: u32, memory_gib: u32) -> Need {
    Need { cpu, memory_gib, iops: None, throughput_mib_s: None, architecture: None, region: "us-east-1".into() }
}

fn picked(need: &Need) -> Pick<'static> {
    catalogue().pick(need).unwrap()
}

fn machine(name: &str) -> &'static Machine {
    catalogue().machine(name).unwrap()
}

#[test]
fn every_current_family_is_there_with_the_right_architecture() {
    let families: BTreeSet<&str> = catalogue().machines().iter().map(Machine::family).collect();
    let intel_and_amd = "t3 t3a m5 m6i m6a m7i m7i-flex m7a m8i m8a m6id r5 r6i r6a r7i r7a r8i c5 c6i c6a c7i c7a c8i c6id r6id";
    let arm = "t4g m6g m7g m8g m6gd m7gd r6g r7g r8g c6g c7g c8g c7gd r7gd";
    for (names, architecture) in [(intel_and_amd, Architecture::X86_64), (arm, Architecture::Arm64)] {
        for family in names.split(' ') {
            assert!(families.contains(family), "{family}");
            let of_it = catalogue().machines().iter().filter(|machine| machine.family() == family);
            assert!(of_it.clone().count() >= 4 && of_it.clone().all(|machine| machine.architecture == architecture), "{family}");
        }
    }
}

#[test]
fn every_type_says_what_its_disks_always_get() {
    for m in catalogue().machines() {
        assert!(m.disk_iops.unwrap() > 0 && m.disk_kb_s.unwrap() > 0 && m.network_mbit_s.unwrap() > 0, "{}", m.name);
        assert!(
            m.disk_iops <= m.disk_peak_iops && m.disk_kb_s <= m.disk_peak_kb_s && m.network_mbit_s <= m.network_peak_mbit_s,
            "{}",
            m.name
        );
        assert_eq!(m.local_disks == 0, m.local_disk_gb == 0, "{}", m.name);
        assert_eq!(m.burstable, m.name.starts_with('t'), "{}", m.name);
        assert_eq!(catalogue().burst(m).is_some(), m.burstable, "{}", m.name);
    }
    let known = machine("m7i.large");
    assert_eq!((known.cpu, known.memory_mib, known.disk_iops, known.disk_mib_s()), (2, 8192, Some(3600), Some(77)));
}

#[test]
fn the_prices_cover_nearly_all_and_none_is_free() {
    let tariff = catalogue().aws().tariff("us-east-1").unwrap();
    let machines = catalogue().machines();
    let priced = machines.iter().filter_map(|machine| tariff.hour(&machine.name)).inspect(|price| assert!(price.as_micro() > 1000)).count();
    assert!(priced * 100 >= machines.len() * 95, "{priced} of {}", machines.len());
    assert_eq!(tariff.hour("m7i.large").unwrap().to_string(), "0.1008");
    assert!(tariff.hour("r9g.large").is_none() && catalogue().machine("r9g.large").is_some());
}

#[test]
fn every_system_has_an_image_for_both_architectures() {
    for system in catalogue().systems() {
        for architecture in [Architecture::X86_64, Architecture::Arm64] {
            assert!(system.image(architecture).is_some(), "{} {} {architecture}", system.family, system.version);
        }
    }
    assert_eq!(catalogue().system("debian", "13").unwrap().postgres, ["17"]);
}

#[test]
fn the_catalogue_offers_what_a_plan_can_name() {
    let offer = catalogue().offer();
    assert!(offer.systems.len() >= 2 && offer.machines.iter().any(|machine| machine.name == "m8g.large"));
    assert!(offer.machines.iter().all(|machine| machine.memory_gib >= 1 && machine.name != "t3.nano"));
    assert!(catalogue().root_volume_gib() >= 8 && offer.disk_min_gib < offer.disk_max_gib);
}

#[test]
fn the_cheapest_that_fits_is_taken_and_the_sentence_has_the_numbers() {
    let pick = picked(&need(2, 8));
    assert_eq!(pick.machine.name, "m5a.large");
    for number in ["0.086 USD", "2026-07-20", "2 vCPUs, 8 GiB", "m6a.large at 0.0864"] {
        assert!(pick.reason.contains(number), "{number}: {}", pick.reason);
    }
    assert_eq!(picked(&need(2, 4)).machine.name, "t3a.medium");
    assert_eq!(picked(&Need { architecture: Some(Architecture::Arm64), ..need(2, 4) }).machine.name, "t4g.medium");
    let fast = picked(&Need { iops: Some(12_000), throughput_mib_s: Some(350), ..need(2, 8) });
    assert!(fast.machine.disk_iops >= Some(12_000) && fast.machine.disk_mib_s() >= Some(350) && fast.reason.contains("12000 IOPS"));
}

#[test]
fn a_region_without_prices_borrows_them_and_says_so() {
    let pick = picked(&Need { region: "ca-central-1".into(), ..need(2, 8) });
    assert_eq!(pick.price_borrowed, Some("us-east-1"));
    assert!(pick.reason.contains("us-east-1's list price of 2026-07-20, as ca-central-1's is unknown"), "{}", pick.reason);
    assert_eq!(picked(&need(2, 8)).price_borrowed, None);
}

#[test]
fn a_region_gets_only_what_it_offers() {
    let file = catalogue().aws().file();
    assert!(file.offers("us-east-1", machine("m8a.large")) && !file.offers("me-south-1", machine("m8a.large")));
    for region in file.regions.keys() {
        let pick = picked(&Need { region: region.clone(), ..need(4, 32) });
        assert!(file.offers(region, pick.machine), "{region}");
    }
    let unheard = picked(&Need { region: "mars-north-1".into(), ..need(2, 8) });
    assert!(unheard.reason.contains("what mars-north-1 offers is not known"), "{}", unheard.reason);
}

#[test]
fn what_no_type_has_is_refused_with_the_nearest_choices() {
    let refused = catalogue().pick(&need(1000, 8)).unwrap_err();
    assert_eq!((refused.unmet[0].field, refused.unmet[0].asked), ("cpu", 1000));
    assert!(refused.unmet[0].most >= 128 && refused.nearest.len() == 3);
    assert!(refused.to_string().contains("1000 vCPUs") && refused.to_string().contains(&refused.nearest[0]), "{refused}");

    // Hong Kong's largest memory and its most CPUs are not in one type.
    let together = catalogue().pick(&Need { region: "ap-east-1".into(), ..need(192, 1024) }).unwrap_err();
    assert!(together.unmet.is_empty() && together.to_string().contains("not all at once"), "{together}");
}

/// A number no one publishes is unknown: it must sort last, never first as 0 would.
#[test]
fn a_type_without_a_price_comes_after_all_that_have_one() {
    let need = Need { architecture: Some(Architecture::Arm64), ..need(2, 16) };
    let fitting = catalogue().aws().fitting(&need);
    let first_unknown = fitting.iter().position(|(_, price)| price.is_none()).unwrap();
    assert!(first_unknown > 0 && fitting[first_unknown..].iter().all(|(_, price)| price.is_none()));
    assert_eq!(fitting[first_unknown].0.name, "r9g.large");
}

#[test]
fn a_disk_gets_what_the_machine_can_use() {
    let disk = |size, iops, throughput, name| catalogue().disk(size, iops, throughput, machine(name));
    let (small, big) = ("m7i.large", "m7i.8xlarge");
    let plain = disk(100, None, None, big);
    assert_eq!((plain.iops, plain.throughput_mib_s), (3000, 125));
    let wished = disk(100, Some(12_000), Some(500), big);
    assert_eq!((wished.iops, wished.throughput_mib_s), (12_000, 500));
    let capped = disk(100, Some(12_000), Some(500), small);
    assert_eq!((capped.iops, capped.throughput_mib_s), (3600, 125));
    assert!(capped.reasons[0].contains("12000") && capped.reasons[0].contains("sustains no more"), "{:?}", capped.reasons);
    assert!(capped.reasons[1].contains("m7i.large sustains 77"), "{:?}", capped.reasons);
    let tiny = disk(10, Some(16_000), None, big);
    assert!(tiny.iops == 5000 && tiny.reasons[0].contains("this size"), "{:?}", tiny.reasons);
    let wide = disk(100, None, Some(1000), big);
    assert!((wide.iops, wide.throughput_mib_s) == (4000, 1000) && wide.reasons[0].contains("4 for each"), "{:?}", wide.reasons);
}

/// A function parses them at each cold start.
#[test]
fn each_file_stays_below_100_kb() {
    for entry in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../../layers/knowledge")).unwrap() {
        let entry = entry.unwrap();
        assert!(entry.metadata().unwrap().len() < 100_000, "{:?}", entry.file_name());
    }
}

#[test]
fn the_files_are_written_as_they_were_read() {
    let layer = |file| std::fs::read_to_string(format!("{}/../../layers/knowledge/{file}", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let (types, prices) = (layer("aws-instance-types.json"), layer("aws-prices.json"));
    assert!(MachineFile::parse("types", &types).unwrap().to_text() == types);
    assert!(PriceFile::parse("prices", &prices).unwrap().to_text() == prices);
}

#[test]
fn a_refresh_of_a_region_leaves_the_others_alone() {
    let mut file = catalogue().aws().file().clone();
    let (before, count) = (file.regions["us-east-1"].clone(), file.types.len());
    let grown = Machine { memory_mib: 9000, ..machine("m7i.large").clone() };
    let novel = Machine { name: "m99.large".into(), ..grown.clone() };
    file.update("mars-north-1", vec![novel.clone(), grown.clone()]);
    assert_eq!((file.types.len(), file.find("m7i.large"), file.find("m99.large")), (count + 1, Some(&grown), Some(&novel)));
    assert_eq!(file.regions["us-east-1"], before);
    // All of m99 is there, and of m7i one size.
    assert_eq!(file.regions["mars-north-1"], BTreeSet::from(["m7i.large".to_owned(), "m99".to_owned()]));
    assert!(MachineFile::parse("types", &file.to_text()).unwrap().types == file.types);
}

/// A copy of the layer with one file spoilt.
fn spoilt(file: &str, from: &str, to: &str) -> String {
    let folder = std::env::temp_dir().join(format!("cloudsail-layer-{}-{}", std::process::id(), to.len() * 1000 + from.len()));
    std::fs::create_dir_all(&folder).unwrap();
    for entry in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../../layers/knowledge")).unwrap() {
        let path = entry.unwrap().path();
        std::fs::copy(&path, folder.join(path.file_name().unwrap())).unwrap();
    }
    let text = std::fs::read_to_string(folder.join(file)).unwrap();
    assert!(text.contains(from), "{file} has no {from}");
    std::fs::write(folder.join(file), text.replacen(from, to, 1)).unwrap();
    let refused = Knowledge::read(&folder).err().map_or("taken as it is".to_owned(), |error| error.to_string());
    std::fs::remove_dir_all(&folder).unwrap();
    refused
}

#[test]
fn a_broken_file_is_refused_with_its_line() {
    let types = "aws-instance-types.json";
    for (file, from, to, said) in [
        (types, "\"c5.18xlarge\",72", "\"c5.18xlarge\",0", "aws-instance-types.json, line 5: "),
        (types, "\"c5.18xlarge\",72,", "\"c5.18xlarge\",", "aws-instance-types.json, line 5: "),
        (types, "\"c5.18xlarge\"", "\"c5.12xlarge\"", "aws-instance-types.json, line 5: `c5.12xlarge` must stand once"),
        (types, "\"x86_64\"", "\"mips\"", "unknown variant `mips`, expected `x86_64` or `arm64`"),
        ("aws-prices.json", "\"c5.12xlarge\":2040000", "\"c5.12xlarge\":0", "aws-prices.json, line 9: `c5.12xlarge` must cost more than 0"),
        ("aws-prices.json", "2026-07-20", "July", "aws-prices.json, line 4: "),
        ("limits.toml", "iops_max = 16000", "iops_max = \"many\"", "limits.toml, line 11: "),
        ("systems.toml", "sku = \"13-gen2\"", "skew = 13", "systems.toml, line "),
    ] {
        let error = spoilt(file, from, to);
        assert!(error.contains(said), "{error}");
    }
}

fn any_need() -> impl Strategy<Value = Need> {
    let regions = prop::sample::select(vec!["us-east-1", "ca-central-1", "me-south-1", "mars-north-1"]);
    let architecture = prop::option::of(prop::sample::select(vec![Architecture::X86_64, Architecture::Arm64]));
    let disk = (prop::option::of(100u32..50_000), prop::option::of(10u32..1500));
    (1u32..200, 1u32..1600, disk, architecture, regions).prop_map(|(cpu, memory_gib, (iops, throughput_mib_s), architecture, region)| {
        Need { cpu, memory_gib, iops, throughput_mib_s, architecture, region: region.to_owned() }
    })
}

fn meets(m: &Machine, need: &Need) -> bool {
    m.cpu >= need.cpu
        && m.memory_mib >= need.memory_gib * 1024
        && need.iops.is_none_or(|iops| m.disk_iops >= Some(iops))
        && need.throughput_mib_s.is_none_or(|throughput| m.disk_mib_s() >= Some(throughput))
        && m.architecture == need.architecture.unwrap_or(Architecture::X86_64)
        && (!m.burstable || m.memory_mib <= 4096)
}

#[test]
fn azure_and_google_are_picked_by_size() {
    let pick = |machines: &'static Machines, need: &Need| machines.pick(need).unwrap();
    let (azure, gcp) = (catalogue().azure(), catalogue().gcp());
    for (machines, need, name) in [
        (azure, need(2, 8), "Standard_D2as_v6"),
        (azure, need(2, 4), "Standard_B2ls_v2"),
        (azure, Need { iops: Some(20_000), throughput_mib_s: Some(500), ..need(2, 8) }, "Standard_F16als_v6"),
        (azure, Need { architecture: Some(Architecture::Arm64), ..need(2, 8) }, "Standard_D2ps_v6"),
        (gcp, need(2, 8), "e2-standard-2"),
        (gcp, need(2, 4), "c4-highcpu-2"),
        (gcp, Need { architecture: Some(Architecture::Arm64), ..need(4, 32) }, "c4a-highmem-4"),
        (gcp, Need { iops: Some(20_000), ..need(2, 8) }, "n2-highcpu-16"),
    ] {
        let pick = pick(machines, &need);
        assert_eq!((pick.machine.name.as_str(), pick.hourly), (name, None), "{}", pick.reason);
        assert!(pick.reason.contains("prices are unknown"), "{}", pick.reason);
    }
}

proptest! {
    #[test]
    fn a_pick_is_never_below_what_was_asked_and_a_refusal_is_true(need in any_need()) {
        match catalogue().pick(&need) {
            Ok(pick) => {
                prop_assert!(meets(pick.machine, &need), "{}", pick.reason);
                prop_assert_eq!(&picked(&need).reason, &pick.reason);
            }
            Err(refused) => {
                let file = catalogue().aws().file();
                prop_assert!(!catalogue().machines().iter().any(|m| meets(m, &need) && file.offers(&need.region, m)));
                prop_assert!(!refused.nearest.is_empty());
            }
        }
    }

    #[test]
    fn asking_for_more_is_never_cheaper(less in any_need(), cpu in 0u32..32, memory in 0u32..64, iops in 0u32..20_000) {
        let more = Need { cpu: less.cpu + cpu, memory_gib: less.memory_gib + memory, iops: Some(less.iops.unwrap_or(0) + iops), ..less.clone() };
        if let Ok(dear) = catalogue().pick(&more) {
            let cheap = picked(&less);
            prop_assert!(dear.hourly.is_none() || cheap.hourly <= dear.hourly, "{} / {}", cheap.reason, dear.reason);
            prop_assert!(cheap.hourly.is_some() || dear.hourly.is_none());
        }
    }

    #[test]
    fn a_disk_stays_within_what_gp3_takes(size in 1u32..16_385, iops in prop::option::of(1u32..100_000), throughput in prop::option::of(1u32..5000), index in 0usize..900) {
        let machine = &catalogue().machines()[index];
        let disk = catalogue().disk(size, iops, throughput, machine);
        prop_assert!((3000..=16_000).contains(&disk.iops) && (125..=1000).contains(&disk.throughput_mib_s));
        prop_assert!(disk.iops <= 3000.max(size * 500) && disk.throughput_mib_s * 4 <= disk.iops);
        prop_assert!(disk.throughput_mib_s <= throughput.unwrap_or(0).max(125));
        prop_assert!(disk.throughput_mib_s <= machine.disk_mib_s().unwrap().max(125));
        prop_assert!(disk.iops <= machine.disk_iops.unwrap().max(3000).max(disk.throughput_mib_s * 4));
        prop_assert!(disk.reasons[0].contains(&disk.iops.to_string()) && disk.reasons[1].contains(&disk.throughput_mib_s.to_string()));
    }
}
