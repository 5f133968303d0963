//! Structured log lines, one JSON object each.

use tracing::Level;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// The crates whose lines are told from `info` on.
const OURS: [&str; 7] = ["worker_jobs", "job_sweep", "object_clean_up", "database_migrate", "engine", "provision", "http_api"];

/// Starts logging to standard output: our lines from `info` on, libraries' from `warn` on.
pub fn start() {
    // Not the filter that reads its directives from text: the regular expressions behind it weigh 70 KB of each package.
    let filter = Targets::new().with_default(Level::WARN).with_targets(OURS.map(|name| (name, Level::INFO)));
    // A second start, as in tests, keeps the first.
    let _ =
        tracing_subscriber::fmt().json().flatten_event(true).with_current_span(true).with_span_list(false).finish().with(filter).try_init();
}

/// Counts one in the CloudWatch metric of that name, by a log line in its embedded metric format.
#[expect(clippy::print_stdout, reason = "the line must be this JSON object and nothing around it")]
pub fn count(metric: &str) {
    let milliseconds = std::time::UNIX_EPOCH.elapsed().map_or(0, |time| time.as_millis());
    let directive = serde_json::json!({"Namespace": "Cloudsail", "Dimensions": [[]], "Metrics": [{"Name": metric, "Unit": "Count"}]});
    println!("{}", serde_json::json!({"_aws": {"Timestamp": milliseconds as u64, "CloudWatchMetrics": [directive]}, metric: 1}));
}
