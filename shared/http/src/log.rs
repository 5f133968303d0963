//! Structured log lines, one JSON object each.

use tracing_subscriber::EnvFilter;

/// Starts logging to standard output: our lines from `info` on, libraries' from `warn` on.
pub fn start() {
    let filter = EnvFilter::new("warn,worker_jobs=info,job_sweep=info,database_migrate=info,engine=info,provision=info,http_api=info");
    // A second start, as in tests, keeps the first.
    let _ = tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_current_span(true)
        .with_span_list(false)
        .with_env_filter(filter)
        .try_init();
}

/// Counts one in the CloudWatch metric of that name, by a log line in its embedded metric format.
#[expect(clippy::print_stdout, reason = "the line must be this JSON object and nothing around it")]
pub fn count(metric: &str) {
    let milliseconds = std::time::UNIX_EPOCH.elapsed().map_or(0, |time| time.as_millis());
    let directive = serde_json::json!({"Namespace": "Cloudsail", "Dimensions": [[]], "Metrics": [{"Name": metric, "Unit": "Count"}]});
    println!("{}", serde_json::json!({"_aws": {"Timestamp": milliseconds as u64, "CloudWatchMetrics": [directive]}, metric: 1}));
}
