//! The settings hold together for every size, say why, and a real PostgreSQL takes them.
#![expect(clippy::unwrap_used, reason = "a test that can't go on should stop where it stands")]

use domain::plan::Workload;
use knowledge::{Configuration, Disk, Inputs, Knowledge, Setting, render};
use proptest::prelude::{Strategy, any, prop_assert, prop_assert_eq, prop_assert_ne, proptest};
use proptest::sample::select;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

const USES: [Workload; 5] = [Workload::Web, Workload::Oltp, Workload::Dw, Workload::Mixed, Workload::Desktop];

/// A usual machine; each test changes what it is about.
const USUAL: Inputs = Inputs {
    version: 17,
    memory_mib: 8192,
    cpu: 2,
    disk: Disk { size_gib: 100, iops: 3000, throughput_mib_s: 125 },
    workload: Workload::Web,
    max_connections: 200,
    archiving: false,
    pooled: false,
    replicas: 0,
};

fn configuration(inputs: &Inputs) -> Configuration {
    Knowledge::built_in().tuning.configuration(inputs, &BTreeMap::new()).unwrap()
}

fn with(inputs: &Inputs, overrides: &[(&str, &str)]) -> Result<Configuration, String> {
    let overrides = overrides.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Knowledge::built_in().tuning.configuration(inputs, &overrides).map_err(|refused| refused.to_string())
}

fn all(configuration: &Configuration) -> impl Iterator<Item = &Setting> {
    configuration.settings.iter().chain(&configuration.kernel).chain(&configuration.limits)
}

fn get<'a>(configuration: &'a Configuration, name: &str) -> &'a Setting {
    all(configuration).find(|s| s.name == name).unwrap_or_else(|| panic!("{name}"))
}

fn value(configuration: &Configuration, name: &str) -> String {
    get(configuration, name).value.clone()
}

/// A size in kB.
fn size(configuration: &Configuration, name: &str) -> u64 {
    let value = value(configuration, name);
    let digits = value.trim_end_matches(char::is_alphabetic);
    let scale = match &value[digits.len()..] {
        "GB" => 1 << 20,
        "MB" => 1 << 10,
        _ => 1,
    };
    digits.parse::<u64>().unwrap() * scale
}

fn number(configuration: &Configuration, name: &str) -> u64 {
    value(configuration, name).parse().unwrap()
}

fn inputs() -> impl Strategy<Value = Inputs> {
    let disk = (10u32..=65_536, 100u32..=1_000_000, 10u32..=100_000);
    let disk = disk.prop_map(|(size_gib, iops, throughput_mib_s)| Disk { size_gib, iops, throughput_mib_s });
    let machine = (13u32..=18, 1024u64..=1 << 24, 1u32..=1024, disk);
    (machine, select(&USES), 10u32..=5000, any::<bool>(), any::<bool>(), 0u32..=100).prop_map(
        |((version, memory_mib, cpu, disk), workload, max_connections, archiving, pooled, replicas)| Inputs {
            version,
            memory_mib,
            cpu,
            disk,
            workload,
            max_connections,
            archiving,
            pooled,
            replicas,
        },
    )
}

/// The same machine with one input taken from another.
fn changed(one: Inputs, other: Inputs, which: usize) -> Inputs {
    let disk = |disk| Inputs { disk, ..one };
    match which {
        0 => Inputs { version: other.version, ..one },
        1 => Inputs { memory_mib: other.memory_mib, ..one },
        2 => Inputs { cpu: other.cpu, ..one },
        3 => disk(Disk { size_gib: other.disk.size_gib, ..one.disk }),
        4 => disk(Disk { iops: other.disk.iops, ..one.disk }),
        5 => disk(Disk { throughput_mib_s: other.disk.throughput_mib_s, ..one.disk }),
        6 => Inputs { workload: other.workload, ..one },
        7 => Inputs { max_connections: other.max_connections, ..one },
        8 => Inputs { archiving: !one.archiving, ..one },
        9 => Inputs { pooled: !one.pooled, ..one },
        _ => Inputs { replicas: other.replicas, ..one },
    }
}

#[test]
fn a_part_of_memory_is_buffers_and_the_reason_says_so() {
    for (workload, value, percent) in [(Workload::Web, "1351MB", "33 %"), (Workload::Dw, "1GB", "25 %")] {
        let configuration = configuration(&Inputs { memory_mib: 4096, workload, ..USUAL });
        let buffers = get(&configuration, "shared_buffers");
        assert_eq!(buffers.value, value);
        assert!(buffers.reason.contains(percent) && buffers.reason.contains("4096 MiB") && !buffers.overridden, "{}", buffers.reason);
    }
}

#[test]
fn every_line_has_a_reason_of_its_own_and_a_source() {
    let configuration = configuration(&Inputs { archiving: true, replicas: 2, version: 18, ..USUAL });
    for s in all(&configuration) {
        assert!(s.reason.len() > 15 && !s.reason.contains('\n') && s.source.starts_with("https://"), "{s:?}");
        assert_eq!(all(&configuration).filter(|other| other.name == s.name).count(), 1, "{} twice", s.name);
    }
    let file = render(&configuration.settings);
    assert!(configuration.settings.iter().all(|s| file.contains(&format!("# {}\n{} = {}\n", s.reason, s.name, s.value))));
}

proptest! {
    #[test]
    fn another_value_has_another_sentence(one in inputs(), other in inputs(), which in 0usize..11) {
        let (one, other) = (configuration(&one), configuration(&changed(one, other, which)));
        for s in all(&one) {
            if let Some(t) = all(&other).find(|t| t.name == s.name && t.value != s.value) {
                prop_assert_ne!(&s.reason, &t.reason, "{} is {} and {}", s.name, s.value, t.value);
            }
        }
    }

    #[test]
    fn memory_is_never_promised_twice(inputs in inputs()) {
        let c = configuration(&inputs);
        let sorts = size(&c, "work_mem") * number(&c, "hash_mem_multiplier") * number(&c, "max_connections");
        let vacuum = size(&c, "autovacuum_work_mem") * number(&c, "autovacuum_max_workers");
        let promised = size(&c, "shared_buffers") + sorts + size(&c, "maintenance_work_mem") + vacuum;
        prop_assert!(promised <= inputs.memory_mib * 1024, "{promised} kB of {} MiB", inputs.memory_mib);
    }

    #[test]
    fn wal_never_fills_the_disk(inputs in inputs()) {
        let c = configuration(&inputs);
        let disk = u64::from(inputs.disk.size_gib) << 20;
        prop_assert!(size(&c, "max_wal_size") + size(&c, "max_slot_wal_keep_size") <= disk / 2);
        prop_assert!(size(&c, "min_wal_size") <= size(&c, "max_wal_size"));
    }

    #[test]
    fn every_setting_is_one_that_its_version_takes(inputs in inputs()) {
        let derived = configuration(&inputs);
        let own: Vec<_> = derived.settings.iter().map(|s| (s.name.as_str(), s.value.as_str())).collect();
        let again = with(&inputs, &own);
        prop_assert!(again.is_ok(), "{again:?}");
        let again = again.unwrap();
        prop_assert_eq!(&again.kernel, &derived.kernel, "a value that is decided as the rule has it changes nothing else");
        for (s, t) in derived.settings.iter().zip(&again.settings) {
            prop_assert_eq!((&s.name, &s.value, true), (&t.name, &t.value, t.overridden));
        }
    }

    #[test]
    fn huge_pages_are_demanded_only_where_they_are_reserved(inputs in inputs()) {
        let c = configuration(&inputs);
        let pages = c.kernel.iter().find(|s| s.name == "vm.nr_hugepages").map(|s| s.value.parse::<u64>().unwrap());
        prop_assert_eq!(value(&c, "huge_pages") == "on", pages.is_some());
        if let Some(pages) = pages {
            prop_assert!(pages * 2048 > size(&c, "shared_buffers") && pages * 2048 < inputs.memory_mib * 1024);
        }
    }
}

#[test]
fn each_version_gets_the_names_and_words_that_it_knows() {
    for version in 13..=18 {
        let c = configuration(&Inputs { version, ..USUAL });
        let has = |name: &str| c.settings.iter().any(|s| s.name == name);
        assert_eq!(has("io_method"), version >= 18);
        assert_eq!(has("client_connection_check_interval"), version >= 14);
        assert_eq!(value(&c, "wal_compression"), if version >= 15 { "lz4" } else { "on" });
    }
    let io = |cpu| value(&configuration(&Inputs { version: 18, cpu, ..USUAL }), "io_workers");
    assert_eq!([1, 8, 32, 1024].map(io), ["3", "4", "16", "32"]);
}

#[test]
fn the_disk_decides_about_wal_and_reads() {
    let of = |size_gib, iops, throughput_mib_s| configuration(&Inputs { disk: Disk { size_gib, iops, throughput_mib_s }, ..USUAL });
    let small = of(10, 3000, 125);
    assert_eq!((value(&small, "max_wal_size").as_str(), value(&small, "checkpoint_timeout").as_str()), ("1GB", "5min"));
    let usual = of(100, 3000, 125);
    assert_eq!((value(&usual, "max_wal_size").as_str(), value(&usual, "checkpoint_timeout").as_str()), ("4GB", "10min"));
    assert_eq!(value(&of(100, 16_000, 1000), "effective_io_concurrency"), "1000");
    assert_eq!(value(&of(2000, 3000, 125), "autovacuum_vacuum_scale_factor"), "0.02");
}

#[test]
fn a_pooler_takes_the_clients_and_the_server_fewer() {
    let pooled = configuration(&Inputs { pooled: true, max_connections: 3000, ..USUAL });
    assert_eq!(value(&pooled, "max_connections"), "28");
    assert!(get(&pooled, "max_connections").reason.contains("3000"));
    let direct = configuration(&Inputs { max_connections: 3000, ..USUAL });
    assert!(size(&pooled, "work_mem") > 50 * size(&direct, "work_mem"));
}

#[test]
fn archiving_starts_only_with_a_command_that_archives() {
    for archiving in [false, true] {
        let c = configuration(&Inputs { archiving, ..USUAL });
        assert!(!c.settings.iter().any(|s| s.name == "archive_mode"), "without a command, WAL piles up");
        assert_eq!(c.settings.iter().any(|s| s.name == "archive_timeout"), archiving);
        assert_eq!(value(&c, "wal_level"), "replica");
    }
}

#[test]
fn what_the_plan_decides_is_said_and_other_rules_follow_it() {
    let plain = configuration(&USUAL);
    let c = with(&USUAL, &[("shared_buffers", "3GB"), ("geqo_threshold", "14"), ("application_name", "it's")]).unwrap();
    let buffers = get(&c, "shared_buffers");
    assert!(buffers.overridden && buffers.value == "3GB" && buffers.reason.contains("the rule gives 2703MB: 33 %"), "{buffers:?}");
    assert!(number(&c, "vm.nr_hugepages") > number(&plain, "vm.nr_hugepages") + 180);
    assert!(size(&c, "work_mem") < size(&plain, "work_mem"));
    assert!(render(&c.settings).contains("the rule gives 2703MB"));
    assert_eq!((value(&c, "geqo_threshold").as_str(), get(&c, "geqo_threshold").overridden), ("14", true));
    assert_eq!(value(&c, "application_name"), "'it''s'");
    // Numbers without a unit count in the parameter's own: 8 kB here.
    let blocks = with(&USUAL, &[("shared_buffers", "393216")]).unwrap();
    assert_eq!(value(&blocks, "vm.nr_hugepages"), value(&c, "vm.nr_hugepages"));
    let more = with(&USUAL, &[("shared_preload_libraries", "pg_stat_statements, auto_explain"), ("auto_explain.log_min_duration", "1s")]);
    assert_eq!(value(&more.unwrap(), "shared_preload_libraries"), "'pg_stat_statements, auto_explain'");
}

#[test]
fn what_would_break_is_refused_with_what_is_allowed() {
    let old = Inputs { version: 14, ..USUAL };
    let cases: [(&Inputs, &str, &str, &str); 31] = [
        (&USUAL, "work_men", "4MB", "work_men: PostgreSQL 17 has no such setting; did you mean work_mem?"),
        (&USUAL, "io_method", "sync", "PostgreSQL 17 has no such setting; others have it from 18 on"),
        (&USUAL, "vacuum_defer_cleanup_age", "1", "others have it up to 15"),
        (&USUAL, "block_size", "8192", "has no such setting"),
        (&USUAL, "work_mem", "much", "in kB or with a unit of B, kB, MB, GB, TB"),
        (&USUAL, "work_mem", "1kB", "a whole number from 64 to 2147483647"),
        (&USUAL, "work_mem", "5min", "with a unit of B, kB"),
        (&USUAL, "checkpoint_timeout", "5s", "from 30 to 86400, in s or with a unit of us, ms, s, min, h, d"),
        (&USUAL, "max_connections", "10 GB", "a whole number from 1 to 262143"),
        (&USUAL, "random_page_cost", "-1", "a number from 0 to"),
        (&USUAL, "jit", "perhaps", "it is on or off"),
        (&USUAL, "wal_compression", "brotli", "it is one of pglz, on, off, lz4, zstd"),
        (&old, "wal_compression", "lz4", "it is on or off"),
        (&USUAL, "listen_addresses", "*", "can't be decided in a plan: Cloudsail decides where PostgreSQL listens"),
        (&USUAL, "Port", "1", "can't be decided"),
        (&USUAL, "ssl", "off", "ssl: must be on"),
        (&USUAL, "ssl_key_file", "x", "can't be decided"),
        (&USUAL, "data_directory", "/tmp", "can't be decided"),
        (&USUAL, "hba_file", "/tmp", "can't be decided"),
        (&USUAL, "include_dir", "/tmp", "can't be decided"),
        (&USUAL, "archive_command", "true", "can't be decided in a plan: Cloudsail archives the WAL"),
        (&USUAL, "archive_mode", "off", "can't be decided"),
        (&USUAL, "wal_level", "minimal", "wal_level: must be replica or logical"),
        (&USUAL, "fsync", "no", "fsync: must be on"),
        (&USUAL, "full_page_writes", "0", "full_page_writes: must be on"),
        (&USUAL, "shared_preload_libraries", "auto_explain", "can only be added to: write pg_stat_statements,auto_explain"),
        (&USUAL, "shared_preload_libraries", "pg_stat_statements,evil", "can't hold `evil`: there are pg_stat_statements, auto_explain"),
        (&USUAL, "shared_buffers", "7GB", "shared_buffers: 7GB must be at most 6144MB: the machine has 8192 MiB"),
        (&USUAL, "max_wal_size", "60GB", "max_wal_size: 60GB must be at most 50GB: the disk has 100 GiB"),
        (&USUAL, "superuser_reserved_connections", "200", "must be less than the 200 of max_connections"),
        (&USUAL, "log_line_prefix", "a\nfsync = off", "must be one line"),
    ];
    for (inputs, name, value, message) in cases {
        let refused = with(inputs, &[(name, value)]).unwrap_err();
        assert!(refused.starts_with(name) && refused.contains(message), "{name} = {value}: {refused}\n{message}");
    }
}

#[test]
fn an_input_that_no_plan_may_have_is_refused_by_name() {
    let refused = |inputs| with(&inputs, &[]).unwrap_err();
    assert_eq!(refused(Inputs { version: 12, ..USUAL }), "version: must be 13 to 18");
    assert_eq!(refused(Inputs { memory_mib: u64::MAX, ..USUAL }), "memory_mib: must be 512 to 16777216");
    assert_eq!(refused(Inputs { max_connections: 9, ..USUAL }), "max_connections: must be 10 to 10000");
    let crowded = refused(Inputs { memory_mib: 512, max_connections: 10_000, ..USUAL });
    assert!(crowded.starts_with("max_connections: 10000 connections must be at most"), "{crowded}");
}

/// The layer as a folder that a test may change.
fn layer(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(&folder).unwrap();
    for file in std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../layers/knowledge")).unwrap() {
        let path = file.unwrap().path();
        std::fs::copy(&path, folder.join(path.file_name().unwrap())).unwrap();
    }
    folder
}

fn replace(file: &Path, from: &str, to: &str) {
    let text = std::fs::read_to_string(file).unwrap();
    assert!(text.contains(from), "{from}");
    std::fs::write(file, text.replacen(from, to, 1)).unwrap();
}

#[test]
fn a_rule_changes_without_a_new_build() {
    let folder = layer("changed");
    replace(&folder.join("postgres.toml"), "then 33 else 25", "then 30 else 25");
    let knowledge = Knowledge::read(&folder).unwrap();
    let configuration = knowledge.tuning.configuration(&USUAL, &BTreeMap::new()).unwrap();
    let buffers = get(&configuration, "shared_buffers");
    assert_eq!(buffers.value, "2457MB");
    assert!(buffers.reason.starts_with("30 % of the machine's 8192 MiB"), "{}", buffers.reason);
}

#[test]
fn a_broken_layer_is_refused_with_file_and_line() {
    let cases = [
        ("postgres.toml", "clamp(cpu / 2, 3, 8)", "clamp(cpus / 2, 3, 8)", "there is no `cpus`"),
        ("postgres.toml", "\"shared_buffers\"", "\"shared_bufers\"", "PostgreSQL has no parameter `shared_bufers`"),
        (
            "postgres.toml",
            "clamp(cpu / 2, 3, 32)",
            "clamp(cpu / 2, 3, 64)",
            "`io_workers` may become 3 to 64, and PostgreSQL takes 1 to 32",
        ),
        ("postgres.toml", "value = '10min'", "value = '10MB'", "is a time, not a size"),
        ("pgtune.toml", "planner's sample for {workload} use", "planner's sample for this use", "does not name {workload}"),
        ("parameters.toml", "kind = \"bool\"", "kind = \"boolean\"", "unknown variant `boolean`"),
    ];
    for (index, (file, from, to, message)) in cases.into_iter().enumerate() {
        let folder = layer(&format!("broken-{index}"));
        replace(&folder.join(file), from, to);
        let text = std::fs::read_to_string(folder.join(file)).unwrap();
        let line = text[..text.find(to).unwrap()].matches('\n').count() + 1;
        let said = Knowledge::read(&folder).unwrap_err().to_string();
        assert!(said.starts_with(&format!("{file}, line {line}: ")) && said.contains(message), "{said}\n{message}, line {line}");
    }
}

/// The servers that are installed on this machine, as Debian places them.
fn servers() -> Vec<(u32, PathBuf)> {
    let found = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    found
        .filter_map(|dir| Some((dir.file_name().to_str()?.parse().ok()?, dir.path().join("bin"))))
        .filter(|(_, bin)| bin.join("postgres").exists())
        .collect()
}

fn as_postgres(script: &str) -> std::process::Output {
    Command::new("runuser").args(["-u", "postgres", "--", "sh", "-c", script]).output().unwrap()
}

#[test]
fn a_real_postgresql_accepts_every_file() {
    let servers = servers();
    assert!(!servers.is_empty(), "install a server (apt-get install postgresql): nothing else proves that the settings are valid");
    for (version, bin) in servers {
        let (bin, data) = (bin.display(), std::env::temp_dir().join(format!("cloudsail-settings-{version}-{}", std::process::id())));
        let folder = data.display();
        let made = as_postgres(&format!(
            "'{bin}/initdb' -D '{folder}' >/dev/null && echo \"include 'cloudsail.conf'\" >> '{folder}/postgresql.conf'"
        ));
        assert!(made.status.success(), "initdb of {version}: {}", String::from_utf8_lossy(&made.stderr));
        for (memory_mib, cpu, size_gib, max_connections) in [(1024, 1, 10, 10), (4096, 2, 20, 100), (262_144, 64, 4096, 2000)] {
            for workload in USES {
                let disk = Disk { size_gib, ..USUAL.disk };
                let settings = configuration(&Inputs { version, memory_mib, cpu, disk, workload, max_connections, ..USUAL }).settings;
                std::fs::write(data.join("cloudsail.conf"), render(&settings)).unwrap();
                // It reads the whole file, and says what is wrong in it.
                let read = as_postgres(&format!("'{bin}/postgres' -D '{folder}' -C max_connections"));
                let said = String::from_utf8_lossy(&read.stderr);
                assert_eq!(
                    String::from_utf8_lossy(&read.stdout).trim(),
                    max_connections.to_string(),
                    "{memory_mib} MiB, {workload}: {said}"
                );
            }
        }
        std::fs::remove_dir_all(&data).unwrap();
    }
}
