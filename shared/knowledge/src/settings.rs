//! PostgreSQL's settings from a machine's size and a database's use.

use domain::plan::Workload;
use serde::{Deserialize, Serialize};

/// What the settings depend on.
#[derive(Debug, Clone, Copy)]
pub struct Inputs {
    /// PostgreSQL's major version, 13 to 18.
    pub version: u32,
    /// Memory of the machine, MiB.
    pub memory_mib: u64,
    /// Virtual CPUs of the machine.
    pub cpu: u32,
    /// Size of the data disk (SSD), GiB.
    pub disk_gib: u32,
    /// What the database is for.
    pub workload: Workload,
    /// How many clients may be connected at once.
    pub max_connections: u32,
}

/// One line of the configuration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Setting {
    /// The parameter.
    pub name: String,
    /// As it stands in the file, units included.
    pub value: String,
    /// Why, with the inputs and numbers it came from.
    pub reason: String,
    /// Where the rule comes from.
    pub source: String,
}

const DOCS_RESOURCE: &str = "https://www.postgresql.org/docs/current/runtime-config-resource.html";
const DOCS_WAL: &str = "https://www.postgresql.org/docs/current/runtime-config-wal.html";
const DOCS_QUERY: &str = "https://www.postgresql.org/docs/current/runtime-config-query.html";
const DOCS_CONNECTION: &str = "https://www.postgresql.org/docs/current/runtime-config-connection.html";
const DOCS_LOGGING: &str = "https://www.postgresql.org/docs/current/runtime-config-logging.html";
const DOCS_CLIENT: &str = "https://www.postgresql.org/docs/current/runtime-config-client.html";
const DOCS_REPLICATION: &str = "https://www.postgresql.org/docs/current/runtime-config-replication.html";

/// The whole configuration, in a stable order.
#[must_use]
pub fn settings(inputs: &Inputs) -> Vec<Setting> {
    [memory(inputs), wal(inputs), costs(inputs), parallel(inputs), connections(inputs), safety(inputs)].concat()
}

/// The configuration as a file: every line under its reason.
#[must_use]
pub fn render(settings: &[Setting]) -> String {
    settings.iter().map(|s| format!("# {}\n{} = {}\n", s.reason, s.name, s.value)).collect()
}

fn set(name: &'static str, value: impl Into<String>, source: &'static str, reason: impl Into<String>) -> Setting {
    Setting { name: name.to_owned(), value: value.into(), reason: reason.into(), source: source.to_owned() }
}

/// Fraction of memory for shared buffers, in per cent, by use.
fn buffers_percent(workload: Workload) -> u64 {
    if workload == Workload::Desktop { 6 } else { 25 }
}

fn shared_buffers_mib(inputs: &Inputs) -> u64 {
    (inputs.memory_mib * buffers_percent(inputs.workload) / 100).max(128)
}

fn memory(inputs: &Inputs) -> Vec<Setting> {
    let Inputs { memory_mib, max_connections, workload, .. } = *inputs;
    let buffers = shared_buffers_mib(inputs);
    let cache = memory_mib * if workload == Workload::Desktop { 25 } else { 75 } / 100;
    let maintenance = (memory_mib / if workload == Workload::Dw { 8 } else { 16 }).clamp(64, 2048);
    // Half of what is left beside the buffers, since the kernel, the autovacuum workers and the connections themselves need the rest.
    let for_sorts = memory_mib.saturating_sub(buffers + 3 * maintenance.min(memory_mib / 16)) / 2;
    // From 15 on a hash may take twice work_mem (hash_mem_multiplier); 64 kB is the least that PostgreSQL takes.
    let hashes = if inputs.version >= 15 { 2 } else { 1 };
    let work_kib = (for_sorts * 1024 / u64::from(max_connections) / hashes).clamp(64, 1024 * 1024);
    vec![
        set(
            "shared_buffers",
            format!("{buffers}MB"),
            DOCS_RESOURCE,
            format!(
                "{} % of the machine's {memory_mib} MiB of memory, for {workload} use; the kernel's cache works with the rest",
                buffers_percent(workload)
            ),
        ),
        set(
            "effective_cache_size",
            format!("{cache}MB"),
            DOCS_QUERY,
            format!("what shared buffers and the kernel can cache of {memory_mib} MiB, told to the planner; nothing is reserved"),
        ),
        set(
            "work_mem",
            format!("{work_kib}kB"),
            DOCS_RESOURCE,
            format!(
                "half of the {} MiB beside the buffers, shared by {max_connections} connections that may all sort at once",
                for_sorts * 2
            ),
        ),
        set(
            "maintenance_work_mem",
            format!("{maintenance}MB"),
            DOCS_RESOURCE,
            format!("for VACUUM and CREATE INDEX out of {memory_mib} MiB of memory, between 64 MiB and 2 GiB"),
        ),
        set(
            "huge_pages",
            "try",
            DOCS_RESOURCE,
            format!(
                "fewer page table entries for {buffers} MiB of buffers where the kernel has huge pages, and a start without them where not"
            ),
        ),
    ]
}

fn wal(inputs: &Inputs) -> Vec<Setting> {
    let disk_mib = u64::from(inputs.disk_gib) * 1024;
    let wanted = match inputs.workload {
        Workload::Dw => 16_384,
        Workload::Oltp => 8192,
        Workload::Web | Workload::Mixed => 4096,
        Workload::Desktop => 2048,
    };
    let max = wanted.min(disk_mib / 10).max(512);
    let min = (max / 4).max(160);
    let compression = if inputs.version >= 15 { "lz4" } else { "on" };
    vec![
        set("wal_level", "replica", DOCS_WAL, "what archiving and a standby need; less would break point-in-time recovery"),
        set(
            "max_wal_size",
            format!("{max}MB"),
            DOCS_WAL,
            format!("room for WAL between checkpoints for {} use, at most a tenth of the {} GiB disk", inputs.workload, inputs.disk_gib),
        ),
        set("min_wal_size", format!("{min}MB"), DOCS_WAL, format!("a quarter of max_wal_size ({max} MiB) is reused instead of made anew")),
        set(
            "checkpoint_timeout",
            "15min",
            DOCS_WAL,
            format!("with {max} MiB of WAL allowed, time is rarely what starts a checkpoint; recovery stays short"),
        ),
        set("checkpoint_completion_target", "0.9", DOCS_WAL, "spreads a checkpoint's writes over nine tenths of the time to the next one"),
        set(
            "wal_buffers",
            "16MB",
            DOCS_WAL,
            format!(
                "one WAL segment; a thirty-second of {} MiB of shared buffers would be the automatic value",
                shared_buffers_mib(inputs)
            ),
        ),
        set(
            "wal_compression",
            compression,
            DOCS_WAL,
            format!("full-page images shrink at little cost; PostgreSQL {} offers {compression}", inputs.version),
        ),
    ]
}

fn costs(inputs: &Inputs) -> Vec<Setting> {
    // 18 issues reads by workers of its own and takes other values for the same disk.
    let concurrency = if inputs.version >= 18 { "64" } else { "200" };
    let statistics = if inputs.workload == Workload::Dw { "500" } else { "100" };
    vec![
        set(
            "random_page_cost",
            "1.1",
            DOCS_QUERY,
            format!("the {} GiB data disk is an SSD, where a random read costs hardly more than a sequential one", inputs.disk_gib),
        ),
        set(
            "effective_io_concurrency",
            concurrency,
            DOCS_RESOURCE,
            format!("an SSD serves many reads at once; the value fits PostgreSQL {}", inputs.version),
        ),
        set("default_statistics_target", statistics, DOCS_QUERY, format!("the planner's sample for {} use", inputs.workload)),
    ]
}

fn parallel(inputs: &Inputs) -> Vec<Setting> {
    let cpu = inputs.cpu;
    let workers = cpu.max(8);
    let gather = if inputs.workload == Workload::Dw { cpu.div_ceil(2) } else { cpu.div_ceil(2).min(4) };
    let vacuum = (cpu / 2).clamp(3, 8);
    vec![
        set(
            "max_worker_processes",
            workers.to_string(),
            DOCS_RESOURCE,
            format!("one for each of the {cpu} CPUs, and no less than the default of 8"),
        ),
        set(
            "max_parallel_workers",
            cpu.max(2).to_string(),
            DOCS_RESOURCE,
            format!("queries in parallel use at most the {cpu} CPUs there are"),
        ),
        set(
            "max_parallel_workers_per_gather",
            gather.to_string(),
            DOCS_RESOURCE,
            format!("one query may take half of the {cpu} CPUs, for {} use", inputs.workload),
        ),
        set(
            "max_parallel_maintenance_workers",
            cpu.div_ceil(2).min(4).to_string(),
            DOCS_RESOURCE,
            format!("CREATE INDEX may take half of the {cpu} CPUs, at most 4"),
        ),
        set("autovacuum_max_workers", vacuum.to_string(), DOCS_RESOURCE, format!("half of the {cpu} CPUs, between 3 and 8")),
    ]
}

fn connections(inputs: &Inputs) -> Vec<Setting> {
    vec![
        set(
            "max_connections",
            inputs.max_connections.to_string(),
            DOCS_CONNECTION,
            format!("the plan asks for {} clients at once", inputs.max_connections),
        ),
        set(
            "superuser_reserved_connections",
            "3",
            DOCS_CONNECTION,
            format!("of {} connections, three stay for whoever has to repair something", inputs.max_connections),
        ),
        set(
            "idle_in_transaction_session_timeout",
            "10min",
            DOCS_CLIENT,
            "a forgotten transaction holds locks and keeps VACUUM from its work",
        ),
        set("tcp_keepalives_idle", "60", DOCS_CONNECTION, "a client that vanished gives its connection back within minutes"),
    ]
}

fn safety(inputs: &Inputs) -> Vec<Setting> {
    vec![
        set("fsync", "on", DOCS_WAL, "without it a crash can destroy the database"),
        set("full_page_writes", "on", DOCS_WAL, "a page that was half written at a crash is restored whole"),
        set("password_encryption", "'scram-sha-256'", DOCS_CONNECTION, "passwords are stored so that a stolen copy can't be replayed"),
        set("ssl", "on", DOCS_CONNECTION, "connections from other machines are refused without TLS"),
        set("ssl_min_protocol_version", "'TLSv1.2'", DOCS_CONNECTION, "older protocols are broken"),
        set("log_min_duration_statement", "1s", DOCS_LOGGING, "statements that take longer than a second are worth a look"),
        set("log_parameter_max_length", "0", DOCS_LOGGING, "values that people send do not reach the log"),
        set("log_checkpoints", "on", DOCS_LOGGING, format!("shows whether the {} GiB disk keeps up", inputs.disk_gib)),
        set("log_lock_waits", "on", DOCS_LOGGING, "shows who waits for whom"),
        set("log_temp_files", "64MB", DOCS_LOGGING, "shows sorts that work_mem was too small for"),
        set("max_wal_senders", "10", DOCS_REPLICATION, "backups and a standby can connect without a restart"),
    ]
}
