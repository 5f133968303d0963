#![doc = include_str!("../README.md")]
#![expect(clippy::print_stdout, reason = "what was measured is printed")]

mod aws;
mod committed;
mod function;
mod measured;
mod runtime_api;
mod seed;
mod servers;

use figures::{Failure, Figure, percentiles};
use function::Function;
use measured::{HEAD, Measured};
use seed::Seed;
use std::path::{Path, PathBuf};

/// Calls of each life that is measured warm.
const WARM: usize = 500;
/// Starts in a round: one that goes on to the warm calls, the others for the cold figures alone.
const STARTS: usize = 4;

/// `scripts/bench` passes these.
struct Options {
    folder: PathBuf,
    built: PathBuf,
    packages: PathBuf,
    rounds: usize,
    worker: bool,
    parts: bool,
    check: bool,
    record: bool,
}

impl Options {
    fn read() -> Result<Self, Failure> {
        let mut options = Self {
            folder: PathBuf::new(),
            built: PathBuf::new(),
            packages: PathBuf::new(),
            rounds: 9,
            worker: true,
            parts: false,
            check: false,
            record: false,
        };
        let mut words = std::env::args().skip(1);
        while let Some(word) = words.next() {
            let mut value = || words.next().ok_or_else(|| format!("{word} needs a value"));
            match word.as_str() {
                "--folder" => options.folder = value()?.into(),
                "--built" => options.built = value()?.into(),
                "--packages" => options.packages = value()?.into(),
                "--rounds" => options.rounds = value()?.parse().map_err(|_| "--rounds needs a number")?,
                "--without-worker" => options.worker = false,
                "--parts" => options.parts = true,
                "--check" => options.check = true,
                "--record" => options.record = true,
                other => return Err(format!("{other} is not an option; see scripts/bench").into()),
            }
        }
        if options.rounds == 0 {
            return Err("--rounds needs a number from 1".into());
        }
        Ok(options)
    }

    fn package_kib(&self, name: &str) -> Result<f64, Failure> {
        let file = self.packages.join(format!("{name}.zip"));
        let size = std::fs::metadata(&file).map_err(|error| format!("{}: {error}", file.display()))?.len();
        Ok(size as f64 / 1024.0)
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    match run().await {
        Ok(()) => {}
        Err(failure) => {
            println!("bench: {failure}");
            std::process::exit(1);
        }
    }
}

async fn run() -> Result<(), Failure> {
    let options = Options::read()?;
    let servers = servers::Servers::start(&options.folder).await?;
    let seed = Seed::sow(&servers, &options.built, aws::start().await?).await?;
    if options.check {
        return check(&options, &seed).await;
    }
    if options.parts {
        return parts(&options, &seed).await;
    }
    let functions = [seed.plan_get()?, seed.ungated()?, seed.bare_query()?, seed.nothing()?];
    let mut all: Vec<Measured> = functions.iter().map(|function| Measured::new(function.name)).collect();
    let (mut worker, mut alone) = (Measured::new("worker-jobs"), Vec::new());
    for round in 1..=options.rounds {
        eprint!("round {round} of {}\r", options.rounds);
        for (function, measured) in functions.iter().zip(&mut all) {
            several(function, measured, &options.folder).await?;
        }
        if options.worker {
            for _ in 0..STARTS {
                worker.add(&seed.worker().await?.live(WARM, &options.folder.join("worker.log")).await?);
            }
        }
        alone.push(percentiles(&seed.alone(WARM).await?).0);
    }
    all[0].package_kib = Some(options.package_kib("plan-get")?);
    let mut rows = vec![];
    for measured in &all {
        rows.push(measured.row()?);
    }
    if options.worker {
        worker.package_kib = Some(options.package_kib("worker-jobs")?);
        rows.push(worker.row()?);
    }
    println!("Medians with the lowest and the highest, of {} rounds, each of {STARTS} starts and {WARM} warm calls:\n", options.rounds);
    println!("{HEAD}\n{}\n", rows.join("\n"));
    println!("The same row asked by tokio-postgres from a process of its own, without a Lambda: {} µs\n", Figure::of(alone)?);
    verdicts(&all, options.worker.then_some(&worker))?;
    if options.record {
        committed::write(&table(), &[&all[0], &worker])?;
    }
    Ok(())
}

async fn several(function: &Function, measured: &mut Measured, folder: &Path) -> Result<(), Failure> {
    for start in 1..=STARTS {
        let warm = if start == STARTS { WARM } else { 0 };
        measured.add(&function.live(warm, &folder.join(format!("{}.log", function.name))).await?);
    }
    Ok(())
}

/// What each part of a start costs over a function that does nothing.
async fn parts(options: &Options, seed: &Seed) -> Result<(), Failure> {
    let names = [
        "nothing",
        "threads",
        "log",
        "one root",
        "public roots",
        "TLS settings",
        "SDK configuration",
        "connect, plain",
        "connect, TLS",
        "connect, TLS, at the event",
    ];
    let mut all: Vec<Measured> = names.into_iter().map(Measured::new).collect();
    for _ in 0..options.rounds * STARTS {
        for measured in &mut all {
            measured.add(&seed.part(measured.name)?.live(0, &options.folder.join("part.log")).await?);
        }
    }
    println!("Medians with the lowest and the highest, of {} starts of each:\n", options.rounds * STARTS);
    println!("| part | CPU, ms | over nothing, ms | from the event to the first response, ms |\n|---|---|---|---|");
    let nothing = all[0].cpu_ms()?;
    for measured in &all {
        let cpu = measured.cpu_ms()?;
        let word = if cpu.overlaps(nothing) { " (within the spread)" } else { "" };
        println!("| {} | {cpu} | {:+.2}{word} | {} |", measured.name, cpu.median - nothing.median, measured.first_ms()?);
    }
    Ok(())
}

fn table() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("committed.toml")
}

/// Packages and memory against the committed table.
async fn check(options: &Options, seed: &Seed) -> Result<(), Failure> {
    let (mut route, mut worker) = (Measured::new("plan-get"), Measured::new("worker-jobs"));
    for _ in 0..3 {
        route.add(&seed.plan_get()?.live(WARM, &options.folder.join("plan-get.log")).await?);
        worker.add(&seed.worker().await?.live(WARM, &options.folder.join("worker.log")).await?);
    }
    route.package_kib = Some(options.package_kib("plan-get")?);
    worker.package_kib = Some(options.package_kib("worker-jobs")?);
    let found = committed::differences(&table(), &[&route, &worker])?;
    for measured in [&route, &worker] {
        println!("{}: package {:.0} KiB, peak memory {} MB", measured.name, measured.package_kib.unwrap_or_default(), measured.peak_mb()?);
    }
    match found.as_slice() {
        [] => Ok(()),
        _ => Err(format!("{}\nIf it is meant, `./scripts/bench functions --record` writes the table anew.", found.join("\n")).into()),
    }
}

/// What is to be reached, beside what was.
fn verdicts(all: &[Measured], worker: Option<&Measured>) -> Result<(), Failure> {
    let [plan_get, ungated, query, nothing] = all else { return Err("four functions were to be measured".into()) };
    let over = |other: &Measured| Figure::of(plan_get.p50_us.iter().zip(&other.p50_us).map(|(ours, theirs)| ours / theirs));
    let mut lines = vec![
        ("plan-get, cold, CPU, ms", 8.0, plan_get.cpu_ms()?),
        ("plan-get, peak memory, MB", 8.0, plan_get.peak_mb()?),
        ("plan-get, package, MB", 1.5, Figure::of(plan_get.package_kib.map(|kib| kib * 1024.0 / 1e6))?),
        ("plan-get, warm p50 over the bare query's", 1.3, over(query)?),
        ("plan-get, p99 over p50", 3.0, plan_get.tail()?),
    ];
    if let Some(worker) = worker {
        lines.push(("worker-jobs, peak memory, MB", 24.0, worker.peak_mb()?));
        lines.push(("worker-jobs, package, MB", 6.0, Figure::of(worker.package_kib.map(|kib| kib * 1024.0 / 1e6))?));
    }
    println!("| what | at most | measured | |\n|---|---|---|---|");
    for (what, most, figure) in lines {
        let word = match () {
            () if figure.median > most && figure.low <= most => "missed, within the spread",
            () if figure.median > most => "missed",
            () if figure.high > most => "reached, within the spread",
            () => "reached",
        };
        println!("| {what} | {most} | {figure} | {word} |");
    }
    println!(
        "\nWarm p50 of plan-get is {} times the do-nothing function's, {} times that without the limit.",
        over(nothing)?,
        over(ungated)?
    );
    for other in [ungated, query] {
        for (what, ours, theirs) in [("cold CPU", plan_get.cpu_ms()?, other.cpu_ms()?), ("warm p50", plan_get.p50_us()?, other.p50_us()?)] {
            if ours.overlaps(theirs) {
                println!("{what}: the difference from \"{}\" is within the spread.", other.name);
            }
        }
    }
    Ok(())
}
