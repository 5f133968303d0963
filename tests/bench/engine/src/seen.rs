//! What the workers came to.

use clouds::Cloud;
use engine::{Label, Next, Program, Step, StepError};
use figures::at;
use provision::postgres::Postgres;
use serde_json::Value;
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use store::Wish;

/// One step: how long it took with all that the engine does around it, less the time of the cloud.
#[derive(Clone, Copy)]
pub(crate) struct Taken(pub(crate) Duration);

/// What all workers of a run have seen.
#[derive(Default)]
pub(crate) struct Seen {
    pub(crate) steps: Mutex<Vec<Taken>>,
    /// When each strand first said that its deployment runs.
    pub(crate) running: Mutex<HashMap<String, Instant>>,
    /// When the cloud was called, and how often.
    pub(crate) calls: Mutex<Vec<(Instant, u32)>>,
    /// How long each strand's messages could have been received and were not, in all.
    pub(crate) waited: Mutex<HashMap<String, Duration>>,
    /// Those that ran steps.
    pub(crate) invocations: AtomicU64,
    /// Statements of lease, transition and outbox, in invocations that ran steps.
    pub(crate) around: AtomicU64,
    /// Statements that steps sent themselves: the ledger's.
    pub(crate) within: AtomicU64,
    /// Invocations that sent more than the three that each step may, for what the engine does around it.
    pub(crate) over: AtomicU64,
    /// Invocations that had to wait in line, and those whose account had been called enough.
    pub(crate) in_line: AtomicU64,
    pub(crate) put_off: AtomicU64,
    pub(crate) failed: Mutex<Vec<String>>,
}

/// What can't be poisoned by a worker's panic in a way that matters: the run fails then anyway.
pub(crate) fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Seen {
    /// Median and 95th percentile of a step, in milliseconds.
    pub(crate) fn step_ms(&self) -> (f64, f64) {
        let mut all: Vec<f64> = locked(&self.steps).iter().map(|taken| taken.0.as_secs_f64() * 1e3).collect();
        all.sort_by(f64::total_cmp);
        (at(&all, 0.5), at(&all, 0.95))
    }

    /// How often the cloud was called.
    pub(crate) fn all_calls(&self) -> u32 {
        locked(&self.calls).iter().map(|(_, count)| count).sum()
    }

    /// By how many calls the busiest stretch of time went beyond the bucket.
    pub(crate) fn beyond(&self, rate: config::Rate) -> f64 {
        let mut calls = locked(&self.calls).clone();
        calls.sort_by_key(|(at, _)| *at);
        // The level of a bucket that may be overdrawn; the lowest level is the most that any stretch was beyond it.
        let (mut level, mut least, mut before) = (rate.burst, f64::INFINITY, calls.first().map(|(at, _)| *at));
        for (at, count) in calls {
            let passed = before.map_or(0.0, |before| at.duration_since(before).as_secs_f64());
            level = rate.burst.min(level + passed * rate.per_second) - f64::from(count);
            (least, before) = (least.min(level), Some(at));
        }
        (-least).max(0.0)
    }
}

/// Steps of one invocation.
#[derive(Default)]
pub(crate) struct Invocation {
    pub(crate) began: Mutex<Vec<Instant>>,
    pub(crate) cloud: Mutex<Vec<Duration>>,
    pub(crate) within: AtomicU64,
    pub(crate) runs: AtomicBool,
}

impl Invocation {
    /// Each step from its begin (the first from that of the invocation) to the next one's, or the invocation's end.
    pub(crate) fn steps(&self, start: Instant, end: Instant) -> Vec<Taken> {
        let (began, cloud) = (locked(&self.began), locked(&self.cloud));
        let begins = std::iter::once(start).chain(began.iter().skip(1).copied());
        let ends = began.iter().skip(1).copied().chain([end]);
        begins.zip(ends).zip(cloud.iter()).map(|((from, to), cloud)| Taken(to.duration_since(from).saturating_sub(*cloud))).collect()
    }
}

/// The program, with a cloud that takes time (a real one takes its own), looked at from outside.
pub(crate) struct Watched<'a, C> {
    pub(crate) program: Postgres<C>,
    pub(crate) call: Duration,
    pub(crate) invocation: &'a Invocation,
    pub(crate) seen: &'a Seen,
}

impl<C: Cloud> Program for Watched<'_, C> {
    fn heeds(label: &str, stack: &Value) -> Option<Wish> {
        Postgres::<C>::heeds(label, stack)
    }

    fn way(wish: Wish, stack: &Value) -> Label {
        Postgres::<C>::way(wish, stack)
    }

    fn calls(&self) -> u32 {
        self.program.calls()
    }

    async fn step(&self, label: &str, step: &mut Step<'_>) -> Result<Next, StepError> {
        locked(&self.invocation.began).push(Instant::now());
        let (sent, called) = (step.store.round_trips(), self.calls());
        let answer = self.program.step(label, step).await;
        self.invocation.within.fetch_add(step.store.round_trips() - sent, Ordering::Relaxed);
        let calls = self.calls() - called;
        let cloud = Instant::now();
        tokio::time::sleep(self.call * calls).await;
        locked(&self.invocation.cloud).push(cloud.elapsed());
        locked(&self.seen.calls).push((Instant::now(), calls));
        if step.change.status == Some(domain::Status::Running) {
            self.invocation.runs.store(true, Ordering::Relaxed);
        }
        answer
    }
}
