//! What a run leaves behind, collected from where it is: to be searched for secrets.

use crate::world::{World, variable};
use cloudsail_tests::canaries::{Evidence, Kind};
use cloudsail_tests::statement_log;
use serde_json::Value;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

/// Looks again and again at what does not stay: processes, messages. What is shorter than the time between two looks may be missed.
pub struct Watch {
    over: Arc<AtomicBool>,
    seen: JoinHandle<Evidence>,
    /// How long the server's log was at the start.
    statements_from: u64,
}

impl Watch {
    pub fn start(world: &World) -> Self {
        let (over, agent) = (Arc::new(AtomicBool::new(false)), world.agent.clone());
        let queues = format!("{}/_ministack/sqs/messages", variable("AWS_ENDPOINT_URL"));
        let ended = over.clone();
        let seen = std::thread::spawn(move || {
            let mut evidence = Evidence::default();
            while !ended.load(Ordering::Relaxed) {
                processes(&mut evidence);
                // A look that fails is one of many; that none succeeded would be found at the end.
                let answer = agent.get(&queues).call().ok().and_then(|mut answer| answer.body_mut().read_to_string().ok());
                messages(&mut evidence, &serde_json::from_str(&answer.unwrap_or_default()).unwrap_or_default());
                std::thread::sleep(Duration::from_millis(100));
            }
            evidence
        });
        let statements_from = std::fs::metadata(variable("DATABASE_LOG_FILE")).unwrap().len();
        Self { over, seen, statements_from }
    }

    /// Keeps what was seen, and what the database was sent meanwhile.
    pub fn end(self, world: &World) {
        self.over.store(true, Ordering::Relaxed);
        world.keep_all(self.seen.join().unwrap());
        let mut log = std::fs::File::open(variable("DATABASE_LOG_FILE")).unwrap();
        log.seek(SeekFrom::Start(self.statements_from)).unwrap();
        let mut bytes = Vec::new();
        log.read_to_end(&mut bytes).unwrap();
        for statement in statement_log::of_database(&String::from_utf8_lossy(&bytes), "cloudsail") {
            world.keep(Kind::Statement, &statement.place, &statement.text);
        }
    }
}

/// Every process of this machine, the functions' and those within the machine room too.
fn processes(evidence: &mut Evidence) {
    for entry in std::fs::read_dir("/proc").unwrap().flatten() {
        let arguments = std::fs::read(entry.path().join("cmdline")).unwrap_or_default();
        let text = String::from_utf8_lossy(&arguments).replace('\0', " ");
        let program = text.split(' ').next().unwrap_or_default();
        evidence.add(Kind::Arguments, program.rsplit('/').next().unwrap_or_default(), &text);
    }
}

/// `{"messages": {account: {region: {queue: [message]}}}}`
fn messages(evidence: &mut Evidence, all: &Value) {
    let below = |value: &Value| value.as_object().cloned().unwrap_or_default();
    let queues = below(&all["messages"]).values().flat_map(below).flat_map(|(_, queues)| below(&queues)).collect::<Vec<_>>();
    for (url, found) in &queues {
        for message in found.as_array().into_iter().flatten() {
            // Not the times and counts beside it, which differ at each look.
            let text = format!("{} {} {}", message["Body"], message["MessageAttributes"], message["MessageGroupId"]);
            evidence.add(Kind::Queue, url.rsplit('/').next().unwrap_or_default(), &text);
        }
    }
}

/// What the deployment's machine was started with, and what all machines wrote down by now.
pub fn by_machines(world: &World, deployment: &str) {
    told(world, Kind::UserData, &["user-data", deployment]);
    for machine in std::fs::read_dir(logs().join("../machines")).unwrap().flatten() {
        for part in ["console.log", "upper/var/lib/cloudsail", "upper/var/log"] {
            files(&machine.path().join(part), &mut |path, text| world.keep(Kind::Machine, &path.display().to_string(), text));
        }
    }
}

/// What the control plane and the local cloud itself wrote down.
pub fn by_the_control_plane(world: &World) {
    told(world, Kind::Log, &["logs", &world.begun.as_millis().to_string()]);
    files(&logs(), &mut |path, text| {
        // Read statement by statement, for it knows exceptions.
        if !path.ends_with("postgres.log") {
            world.keep(Kind::Log, &path.display().to_string(), text);
        }
    });
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let tables = runtime.block_on(async { testkit::every_row(&testkit::superuser("cloudsail").await).await });
    for (table, rows) in tables {
        world.keep(Kind::Table, &table, &rows);
    }
}

/// The folder of the local cloud's own logs.
fn logs() -> PathBuf {
    Path::new(&variable("DATABASE_LOG_FILE")).parent().unwrap().to_owned()
}

/// Keeps what evidence.py says.
fn told(world: &World, kind: Kind, arguments: &[&str]) {
    let output = world.script("evidence.py", arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    for line in String::from_utf8(output.stdout).unwrap().lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        world.keep(kind, line["place"].as_str().unwrap(), line["text"].as_str().unwrap());
    }
}

/// The file, or those in the folder and below. Links lead to elsewhere and are left.
fn files(path: &Path, keep: &mut impl FnMut(&Path, &str)) {
    let Ok(found) = path.symlink_metadata() else { return };
    if found.is_dir() {
        for entry in std::fs::read_dir(path).unwrap().flatten() {
            files(&entry.path(), keep);
        }
    } else if found.is_file() {
        keep(path, &String::from_utf8_lossy(&std::fs::read(path).unwrap_or_default()));
    }
}
