//! Many deployments at once: `./scripts/bench engine`; what it says stands in `docs/performance.md`.
#![expect(clippy::print_stdout, reason = "what was measured is printed")]

mod idle;
mod queue;
mod run;
mod seen;
mod sky;

use figures::{Failure, Figure};
use knowledge::Knowledge;
use run::{Bench, NO_LIMIT, Ran};
use sky::{InMemory, Local, Sky};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use testkit::Database;

/// One customer's 500 may delay another's single one by so much, in seconds.
const MOST_DELAY_S: f64 = 2.0;
/// Rows of deployments that sleep may change a step's time by so much.
const MOST_IDLE_RATIO: f64 = 1.10;
/// The bucket that is tried, small enough to matter: the account of fewer deployments would be called more often.
const TRIED: config::Rate = config::Rate { per_second: 50.0, burst: 50.0 };

/// `scripts/bench` passes these.
struct Options {
    deployments: usize,
    idle: usize,
    rounds: usize,
    call_ms: u64,
    check: bool,
    /// `crowd`, `local`, `bucket` or `idle`; all of them if none is named.
    parts: Vec<String>,
}

impl Options {
    fn read() -> Result<Self, Failure> {
        let mut options = Self { deployments: 500, idle: 10_000, rounds: 5, call_ms: 20, check: false, parts: Vec::new() };
        let mut words = std::env::args().skip(1);
        while let Some(word) = words.next() {
            let mut number = || words.next().and_then(|text| text.parse().ok()).ok_or_else(|| format!("{word} needs a number"));
            match word.as_str() {
                "--deployments" => options.deployments = number()?,
                "--idle" => options.idle = number()?,
                "--rounds" => options.rounds = number()?,
                "--call-ms" => options.call_ms = number()? as u64,
                "--check" => options.check = true,
                "crowd" | "bucket" | "idle" | "local" => options.parts.push(word),
                other => return Err(format!("{other} is not an option; see scripts/bench").into()),
            }
        }
        if options.rounds == 0 || options.deployments == 0 {
            return Err("--rounds and --deployments need a number from 1".into());
        }
        Ok(options)
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    match measure().await {
        Ok(wrong) if wrong.is_empty() => {}
        Ok(wrong) => {
            println!("\nbench: {}", wrong.join("; "));
            std::process::exit(1);
        }
        Err(failure) => {
            println!("bench: {failure}");
            std::process::exit(1);
        }
    }
}

/// What is not as it should be.
async fn measure() -> Result<Vec<String>, Failure> {
    let options = Options::read()?;
    let bench = Bench {
        knowledge: Knowledge::built_in().clone().into(),
        call: Duration::from_millis(options.call_ms),
        patience: Duration::from_secs(300),
    };
    if options.check {
        // Two customers, so that sharing is in it.
        let mut wrong = counts(&bench.run(&Database::fresh().await, in_memory(&[30, 1]), NO_LIMIT).await?).await?;
        println!("\nBy the local cloud's API:");
        let ran = by_local_api(&bench).run(&Database::fresh().await, Local::accounts(&[30, 1]).await, NO_LIMIT).await?;
        wrong.extend(counts(&ran).await?);
        return Ok(wrong);
    }
    let asked = |part: &str| options.parts.is_empty() || options.parts.iter().any(|asked| asked == part);
    let mut wrong = Vec::new();
    if asked("crowd") {
        let title = format!("the cloud's {} ms a call left out", options.call_ms);
        wrong.extend(crowd(&bench, &options, &title, async |counts| in_memory(counts)).await?);
    }
    if asked("local") {
        let title = "with its calls by the local cloud's API";
        wrong.extend(crowd(&by_local_api(&bench), &options, title, Local::accounts).await?);
    }
    if asked("bucket") {
        wrong.extend(bucket(&bench).await?);
    }
    if asked("idle") {
        wrong.extend(beside_idle(&bench, &options).await?);
    }
    Ok(wrong)
}

/// A customer for each count, with a cloud of their own.
fn in_memory(counts: &[usize]) -> Vec<(InMemory, usize)> {
    counts.iter().map(|count| (InMemory::new(), *count)).collect()
}

/// The local cloud's API takes its own time to answer.
fn by_local_api(bench: &Bench) -> Bench {
    Bench { call: Duration::ZERO, knowledge: Arc::clone(&bench.knowledge), ..*bench }
}

/// The part that no other load on the machine changes.
async fn counts(ran: &Ran<impl Sky>) -> Result<Vec<String>, Failure> {
    let (deployments, mut wrong) = ran.made().await;
    let steps = bench_steps(ran);
    let of = |count: &AtomicU64| count.load(Ordering::Relaxed);
    let (around, within) = (of(&ran.seen.around), of(&ran.seen.within));
    println!("\n| what | measured | at most |\n|---|---|---|");
    println!("| deployments, all running, each thing made once | {deployments} | |");
    println!("| database round trips a step, ledger writes left out | {:.2} | 3 |", around as f64 / steps);
    println!("| invocations with more than that | {} | 0 |", of(&ran.seen.over));
    println!("| ledger writes a step | {:.2} | |", within as f64 / steps);
    println!("| steps a deployment | {:.1} | |", steps / deployments as f64);
    let most = 1.0 + 2.0 * of(&ran.seen.invocations) as f64 / deployments as f64;
    println!("| calls of the cloud a deployment | {:.1} | |", ran.seen.all_calls() as f64 / deployments as f64);
    println!("| messages a deployment: sent; one to begin, two for each nap | {:.1} | {most:.1} |", ran.sent as f64 / deployments as f64);
    println!("| messages a deployment: delivered, one in twenty twice | {:.1} | |", ran.delivered as f64 / deployments as f64);
    println!("| of these, in line for their customer's next worker | {:.1} | |", of(&ran.seen.in_line) as f64 / deployments as f64);
    if of(&ran.seen.over) > 0 || around as f64 > 3.0 * steps {
        wrong.push(format!("{around} round trips for {steps} steps, {} invocations beyond three a step", of(&ran.seen.over)));
    }
    // Each invocation that ran a step ends in a nap, which is a message, and wakes one of those in line at most.
    let most = 2 * of(&ran.seen.invocations) + deployments as u64;
    if ran.sent > most {
        wrong.push(format!("{} messages, {most} at most, for {deployments} deployments", ran.sent));
    }
    Ok(wrong)
}

fn bench_steps<S>(ran: &Ran<S>) -> f64 {
    seen::locked(&ran.seen.steps).len() as f64
}

/// One customer's many and another's one, against that one alone. `of_step` says what is in a step's time.
async fn crowd<S: Sky>(
    bench: &Bench,
    options: &Options,
    of_step: &str,
    clouds: impl AsyncFn(&[usize]) -> Vec<(S, usize)>,
) -> Result<Vec<String>, Failure> {
    let (mut wrong, mut last) = (Vec::new(), None);
    let (mut rates, mut p50, mut p95, mut alone, mut delays, mut waits) = (vec![], vec![], vec![], vec![], vec![], vec![]);
    for round in 1..=options.rounds {
        eprintln!("many at once, {of_step}: round {round} of {}", options.rounds);
        let database = Database::fresh().await;
        let single = first(&bench.run(&database, clouds(&[1]).await, NO_LIMIT).await?, 0)?;
        let ran = bench.run(&database, clouds(&[options.deployments, 1]).await, NO_LIMIT).await?;
        rates.push((options.deployments + 1) as f64 / ran.took.as_secs_f64());
        let (median, tail) = ran.seen.step_ms();
        p50.push(median);
        p95.push(tail);
        delays.push(first(&ran, 1)? - single);
        waits.push(ran.waited(1));
        alone.push(single);
        wrong.extend(ran.made().await.1);
        last = Some(ran);
    }
    let ran = last.ok_or("nothing was measured")?;
    wrong.extend(counts(&ran).await?);
    let delay = Figure::of(delays)?;
    println!(
        "\n| {} at once and one of another customer, {} rounds | median (lowest–highest) |\n|---|---|",
        options.deployments, options.rounds
    );
    println!("| deployments a second | {} |", Figure::of(rates)?);
    println!("| a step with all around it, {of_step}: p50, ms | {} |", Figure::of(p50)?);
    println!("| the same, p95, ms | {} |", Figure::of(p95)?);
    println!("| the single one, alone, s | {} |", Figure::of(alone)?);
    println!("| its delay by the others, s; at most {MOST_DELAY_S} | {delay} |");
    println!("| its messages waited for a worker, in all, s | {} |", Figure::of(waits)?);
    println!("| peak memory of this process, ten workers and what is played, MB | {:.0} |", peak_mb()?);
    if delay.median > MOST_DELAY_S {
        wrong.push(format!("the single deployment is delayed by {delay} s"));
    }
    Ok(wrong)
}

fn first(ran: &Ran<impl Sky>, customer: usize) -> Result<f64, Failure> {
    ran.times(customer).first().copied().ok_or_else(|| "the single deployment never ran".into())
}

/// One account, with a bucket of calls that is too small for what it deploys.
async fn bucket(bench: &Bench) -> Result<Vec<String>, Failure> {
    let deployments = 40;
    let ran = bench.run(&Database::fresh().await, in_memory(&[deployments]), TRIED).await?;
    let (_, mut wrong) = ran.made().await;
    let calls = seen::locked(&ran.seen.calls).clone();
    let all = ran.seen.all_calls();
    // What a step calls is paid for when it is stored, so the workers that an account has may each be one step beyond.
    let most = calls.iter().map(|(_, count)| *count).max().unwrap_or(0) * 6;
    let beyond = ran.seen.beyond(TRIED);
    println!(
        "\n| an account that may be called {} times a second, {} at once; {deployments} deployments | |\n|---|---|",
        TRIED.per_second, TRIED.burst
    );
    println!("| calls, in {:.0} s | {all} |", ran.took.as_secs_f64());
    println!("| beyond the bucket in the busiest stretch of any length; at most {most}, a step of each worker | {beyond:.0} |");
    println!("| invocations that were put off | {} |", ran.seen.put_off.load(Ordering::Relaxed));
    if beyond > f64::from(most) {
        wrong.push(format!("an account was called {beyond:.0} times more than its bucket held"));
    }
    Ok(wrong)
}

/// The same work with and without many deployments that sleep, at the same time, so that what else the machine does slows both.
async fn beside_idle(bench: &Bench, options: &Options) -> Result<Vec<String>, Failure> {
    let (empty, full) = (Database::fresh().await, Database::fresh().await);
    let count: &[usize] = &[40];
    let mut wrong = Vec::new();
    for database in [&empty, &full] {
        wrong.extend(bench.run(database, in_memory(count), NO_LIMIT).await?.made().await.1);
    }
    let strands = idle::fill(&full, options.idle).await?;
    let (mut without, mut with, mut ratios) = (vec![], vec![], vec![]);
    for round in 1..=options.rounds {
        eprintln!("beside {strands} strands: round {round} of {}", options.rounds);
        let (one, other) = tokio::try_join!(bench.run(&empty, in_memory(count), NO_LIMIT), bench.run(&full, in_memory(count), NO_LIMIT))?;
        wrong.extend(one.made().await.1.into_iter().chain(other.made().await.1));
        let (one, other) = (one.seen.step_ms().0, other.seen.step_ms().0);
        without.push(one);
        with.push(other);
        ratios.push(other / one);
    }
    let ratio = Figure::of(ratios)?;
    println!(
        "\n| a step's p50, {} at once in each of two databases, {} rounds | median (lowest–highest) |\n|---|---|",
        count[0], options.rounds
    );
    println!("| beside none, ms | {} |", Figure::of(without)?);
    println!("| beside {} that sleep, ms | {} |", options.idle, Figure::of(with)?);
    println!("| ratio; below {MOST_IDLE_RATIO} | {ratio} |");
    if ratio.median >= MOST_IDLE_RATIO {
        wrong.push(format!("{} deployments that sleep change a step's time by {ratio}", options.idle));
    }
    Ok(wrong)
}

fn peak_mb() -> Result<f64, Failure> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no VmHWM")?;
    let kib: f64 = line.trim().trim_end_matches(" kB").parse()?;
    Ok(kib * 1024.0 / 1e6)
}
