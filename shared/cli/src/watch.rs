//! Looking at a deployment until it is where it should be.

use crate::api::Api;
use crate::failure::Failure;
use crate::out::text;
use serde_json::Value;
use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};

/// Longer than the service's own deadline, which turns a deployment that hangs into an issue.
pub const PATIENCE: Duration = Duration::from_secs(30 * 60);

/// Shows the steps as they move, on standard error, until the status is one of `ends`. The first `shown` steps are known already.
pub fn follow(api: &Api, id: &str, ends: &[&str], shown: usize) -> Result<Value, Failure> {
    let begun = Instant::now();
    let mut screen = Screen { live: std::io::stderr().is_terminal(), shown };
    loop {
        let deployment = match api.get(&format!("/v1/deployment/{id}")) {
            // The deployment goes on when the API can't be asked for a while, so the one who watches waits too.
            Err(failure) if failure.may_pass() && begun.elapsed() <= PATIENCE => {
                std::thread::sleep(Duration::from_secs(2));
                continue;
            }
            answer => answer?,
        };
        let steps = deployment["steps"].as_array().cloned().unwrap_or_default();
        // A destroy that can be undone stands still for longer than anybody watches.
        let stopped = deployment["status"] == "destroying"
            && !deployment["destroy_at"].is_null()
            && steps.last().is_some_and(|step| step["name"] == "window");
        let ended = stopped || ends.contains(&text(&deployment["status"]));
        screen.show(&steps, begun.elapsed(), ended);
        if ended {
            return Ok(deployment);
        }
        if begun.elapsed() > PATIENCE {
            return Err(Failure::timed_out(format!("{id} is still {}; it goes on: cloudsail status {id}", text(&deployment["status"]))));
        }
        std::thread::sleep(Duration::from_millis(700));
    }
}

struct Screen {
    live: bool,
    shown: usize,
}

impl Screen {
    /// On a terminal the running step's time moves; elsewhere each step is one line when it has ended.
    fn show(&mut self, steps: &[Value], elapsed: Duration, ended: bool) {
        let mut out = std::io::stderr().lock();
        while let Some(step) = steps.get(self.shown).filter(|step| !step["ended_at"].is_null()) {
            let mark = if step["state"] == "failed" { "failed" } else { "done" };
            let clear = if self.live { "\r\x1b[K" } else { "" };
            // A terminal that went away is no reason to stop.
            let _ = writeln!(out, "{clear}  {mark:<6} {:<45} {:>6}", text(&step["title"]), took(step));
            self.shown += 1;
        }
        if self.live && !ended {
            let title = steps.get(self.shown).map_or("Waiting for a worker", |step| text(&step["title"]));
            let _ = write!(out, "\r\x1b[K  …      {title:<45} {:>4.0} s in all", elapsed.as_secs_f64());
            let _ = out.flush();
        }
    }
}

/// Seconds between the two timestamps of a step.
fn took(step: &Value) -> String {
    let seconds = |key: &str| {
        let stamp = text(&step[key]);
        let clock = stamp.split('T').nth(1)?.trim_end_matches('Z');
        let mut parts = clock.split(':').map(|part| part.parse::<f64>().ok());
        Some(parts.next()?? * 3600.0 + parts.next()?? * 60.0 + parts.next()??)
    };
    match (seconds("started_at"), seconds("ended_at")) {
        // Past midnight the clock begins anew.
        (Some(start), Some(end)) => format!("{:.1} s", (end - start).rem_euclid(86_400.0)),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_steps_time_is_read_from_its_stamps_also_past_midnight() {
        let step = |a: &str, b: &str| took(&json!({"started_at": a, "ended_at": b}));
        assert_eq!(step("2026-11-21T05:59:41.5Z", "2026-11-21T06:00:02Z"), "20.5 s");
        assert_eq!(step("2026-11-21T23:59:59Z", "2026-11-22T00:00:02.25Z"), "3.2 s");
        assert_eq!(took(&json!({"started_at": "2026-11-21T05:59:41Z", "ended_at": null})), "");
    }
}
