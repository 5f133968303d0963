//! Structured log lines, one JSON object each.

use tracing_subscriber::EnvFilter;

/// Starts logging to standard output: our lines from `info` on, libraries' from `warn` on.
pub fn start() {
    let filter = EnvFilter::new("warn,worker_jobs=info,job_sweep=info,database_migrate=info,engine=info,provision=info,http_api=info");
    // A second start, as in tests, keeps the first.
    let _ = tracing_subscriber::fmt().json().flatten_event(true).with_current_span(false).with_env_filter(filter).try_init();
}
