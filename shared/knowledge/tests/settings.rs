//! The settings hold together for every size, and a real PostgreSQL takes them.
#![expect(clippy::unwrap_used, reason = "a test that can't go on should stop where it stands")]

use domain::plan::Workload;
use knowledge::{Inputs, Setting, render, settings};
use std::path::{Path, PathBuf};
use std::process::Command;

const USES: [Workload; 5] = [Workload::Web, Workload::Oltp, Workload::Dw, Workload::Mixed, Workload::Desktop];

fn inputs(version: u32, memory_mib: u64, cpu: u32, disk_gib: u32, workload: Workload, max_connections: u32) -> Inputs {
    Inputs { version, memory_mib, cpu, disk_gib, workload, max_connections }
}

fn value<'a>(all: &'a [Setting], name: &str) -> &'a Setting {
    all.iter().find(|s| s.name == name).unwrap_or_else(|| panic!("{name}"))
}

fn number(setting: &Setting) -> u64 {
    setting.value.trim_end_matches(char::is_alphabetic).parse().unwrap()
}

#[test]
fn a_quarter_of_memory_is_buffers_and_the_reason_says_so() {
    let all = settings(&inputs(17, 4096, 2, 20, Workload::Web, 100));
    let buffers = value(&all, "shared_buffers");
    assert_eq!(buffers.value, "1024MB");
    assert!(buffers.reason.contains("25 %") && buffers.reason.contains("4096 MiB"), "{}", buffers.reason);
}

#[test]
fn every_line_has_a_reason_of_its_own_and_a_source() {
    let all = settings(&inputs(17, 8192, 2, 100, Workload::Web, 200));
    for s in &all {
        assert!(s.reason.len() > 20 && !s.reason.contains('\n') && s.source.starts_with("https://"), "{s:?}");
        assert_eq!(all.iter().filter(|other| other.name == s.name).count(), 1, "{} twice", s.name);
        assert!(render(&all).contains(&format!("# {}\n{} = {}\n", s.reason, s.name, s.value)));
    }
}

proptest::proptest! {
    #[test]
    fn another_input_is_another_sentence(memory in 1024u64..1_000_000, more in 1u64..100_000) {
        let of = |memory| value(&settings(&inputs(17, memory, 2, 20, Workload::Web, 100)), "shared_buffers").reason.clone();
        proptest::prop_assert_ne!(of(memory), of(memory + more));
    }

    #[test]
    fn memory_is_never_promised_twice(memory in 1024u64..1_600_000, cpu in 1u32..193, disk in 10u32..16385, connections in 10u32..5001, index in 0usize..5, version in 13u32..19) {
        let all = settings(&inputs(version, memory, cpu, disk, USES[index], connections));
        let hashes = if version >= 15 { 2 } else { 1 };
        let sorts = number(value(&all, "work_mem")) * hashes * u64::from(connections) / 1024;
        proptest::prop_assert!(number(value(&all, "shared_buffers")) + sorts <= memory);
        proptest::prop_assert!(number(value(&all, "max_wal_size")) <= u64::from(disk) * 1024 / 10 + 512);
        proptest::prop_assert!(number(value(&all, "min_wal_size")) <= number(value(&all, "max_wal_size")));
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

fn accepted(bin: &Path, data: &Path, all: &[Setting]) {
    std::fs::write(data.join("cloudsail.conf"), render(all)).unwrap();
    for s in all.iter().filter(|s| s.name != "ssl") {
        let script = format!("'{}/postgres' -D '{}' -c ssl=off -C {}", bin.display(), data.display(), s.name);
        let output = Command::new("runuser").args(["-u", "postgres", "--", "sh", "-c", &script]).output().unwrap();
        assert!(output.status.success(), "{} = {}: {}", s.name, s.value, String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn a_real_postgresql_accepts_every_line() {
    let servers = servers();
    assert!(!servers.is_empty(), "install a server (apt-get install postgresql): nothing else proves that the settings are valid");
    for (version, bin) in servers {
        let data = std::env::temp_dir().join(format!("cloudsail-settings-{version}-{}", std::process::id()));
        let script = format!(
            "'{}/initdb' -D '{}' >/dev/null && echo \"include 'cloudsail.conf'\" >> '{}/postgresql.conf'",
            bin.display(),
            data.display(),
            data.display()
        );
        let made = Command::new("runuser").args(["-u", "postgres", "--", "sh", "-c", &script]).status().unwrap();
        assert!(made.success(), "initdb of {version}");
        for (memory, cpu, disk, connections) in [(1024, 1, 10, 10), (4096, 2, 20, 100), (262_144, 64, 4096, 2000)] {
            for workload in [Workload::Web, Workload::Dw] {
                accepted(&bin, &data, &settings(&inputs(version, memory, cpu, disk, workload, connections)));
            }
        }
        std::fs::remove_dir_all(&data).unwrap();
    }
}
