//! pgtune mode gives what pgtune gives.

use knowledge::{Knowledge, PgtuneInputs};
use proptest::prelude::{Strategy, prop_assert, proptest};
use proptest::{option, sample::select};

#[derive(serde::Deserialize)]
struct Vector {
    input: PgtuneInputs,
    settings: Vec<(String, String)>,
}

#[test]
fn all_vectors_match() {
    let lines = include_str!("pgtune-vectors.jsonl").lines();
    let vectors: Vec<Vector> = lines.map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(vectors.len(), 300);
    for (number, vector) in vectors.iter().enumerate() {
        let settings = Knowledge::built_in().pgtune.settings(&vector.input).unwrap();
        assert_eq!(settings, vector.settings, "line {}: {:?}", number + 1, vector.input);
    }
}

fn inputs() -> impl Strategy<Value = PgtuneInputs> {
    let words = |words: &'static [&'static str]| select(words).prop_map(str::to_owned);
    (
        10u32..=18,
        words(&["linux", "windows", "mac"]),
        words(&["web", "oltp", "dw", "desktop", "mixed"]),
        (512u64..=1024, words(&["MB", "GB", "TB"])),
        option::of(1u32..=9999),
        option::of(20u32..=999_999),
        words(&["ssd", "hdd", "san", "nvme"]),
        words(&["less_ram", "mid_ram", "greater_ram"]),
    )
        .prop_map(|(version, os, workload, (memory, memory_unit), cpus, connections, disk, size)| PgtuneInputs {
            version,
            os,
            workload,
            memory,
            memory_unit,
            cpus,
            connections,
            disk,
            size,
        })
}

proptest! {
    #[test]
    fn every_input_of_the_form_has_an_answer(inputs in inputs()) {
        let settings = Knowledge::built_in().pgtune.settings(&inputs).unwrap();
        prop_assert!(settings.len() >= 13);
    }
}

#[test]
fn what_the_form_would_not_take_is_refused_by_name() {
    let good: PgtuneInputs =
        serde_json::from_str(r#"{"version":17,"os":"linux","workload":"web","memory":2,"memory_unit":"GB","disk":"ssd","size":"mid_ram"}"#)
            .unwrap();
    let refused = |inputs: PgtuneInputs| Knowledge::built_in().pgtune.settings(&inputs).unwrap_err().to_string();
    let with = |change: fn(&mut PgtuneInputs)| {
        let mut inputs = good.clone();
        change(&mut inputs);
        refused(inputs)
    };
    assert_eq!(with(|i| i.version = 19), "version: must be 10 to 18");
    assert_eq!(with(|i| i.os = "linus".to_owned()), "os: must be one of linux, windows, mac");
    assert_eq!(with(|i| i.connections = Some(19)), "connections: must be at least 20, or null");
    assert_eq!(with(|i| i.cpus = Some(0)), "cpus: must be at least 1, or null");
    assert_eq!(with(|i| i.memory_unit = "KB".to_owned()), "memory_unit: must be one of MB, GB, TB");
    for memory in [1, u64::MAX] {
        let tiny = PgtuneInputs { memory, memory_unit: "MB".to_owned(), ..good.clone() };
        assert_eq!(refused(tiny), "memory: must be at least 512 MB and at most 1024 TB");
    }
}
