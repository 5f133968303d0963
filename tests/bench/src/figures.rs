//! Medians and what lies around them.

use crate::Failure;
use crate::function::Life;
use std::fmt;
use std::time::Duration;

/// The middle one and the ends of what was measured.
#[derive(Clone, Copy)]
pub(crate) struct Figure {
    pub(crate) median: f64,
    pub(crate) low: f64,
    pub(crate) high: f64,
}

impl Figure {
    pub(crate) fn of(values: impl IntoIterator<Item = f64>) -> Result<Self, Failure> {
        let mut values: Vec<f64> = values.into_iter().collect();
        values.sort_by(f64::total_cmp);
        match values.as_slice() {
            [] => Err("nothing was measured".into()),
            [low, .., high] => Ok(Self { median: at(&values, 0.5), low: *low, high: *high }),
            [one] => Ok(Self { median: *one, low: *one, high: *one }),
        }
    }

    /// Whether both may be the same, as far as these measurements tell.
    pub(crate) fn overlaps(self, other: Self) -> bool {
        self.low <= other.high && other.low <= self.high
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = if self.median < 100.0 { 2 } else { 0 };
        write!(f, "{:.digits$} ({:.digits$}–{:.digits$})", self.median, self.low, self.high)
    }
}

/// The value below which that part of the sorted values lies.
pub(crate) fn at(sorted: &[f64], part: f64) -> f64 {
    let index = (sorted.len().saturating_sub(1) as f64 * part).round() as usize;
    sorted.get(index).copied().unwrap_or(f64::NAN)
}

/// Median and 99th percentile, in microseconds.
pub(crate) fn percentiles(times: &[Duration]) -> (f64, f64) {
    let mut sorted: Vec<f64> = times.iter().map(|time| time.as_secs_f64() * 1e6).collect();
    sorted.sort_by(f64::total_cmp);
    (at(&sorted, 0.5), at(&sorted, 0.99))
}

/// What all lives of one function came to.
#[derive(Default)]
pub(crate) struct Measured {
    pub(crate) name: &'static str,
    cpu_ms: Vec<f64>,
    wall_ms: Vec<f64>,
    first_ms: Vec<f64>,
    /// By round.
    pub(crate) p50_us: Vec<f64>,
    p99_us: Vec<f64>,
    pub(crate) peak_kib: Vec<f64>,
    pub(crate) package_kib: Option<f64>,
}

impl Measured {
    pub(crate) fn new(name: &'static str) -> Self {
        Self { name, ..Self::default() }
    }

    pub(crate) fn add(&mut self, life: &Life) {
        self.cpu_ms.push(life.cold_cpu.as_secs_f64() * 1e3);
        self.wall_ms.push(life.cold_wall.as_secs_f64() * 1e3);
        self.first_ms.push(life.first.as_secs_f64() * 1e3);
        if !life.warm.is_empty() {
            let (p50, p99) = percentiles(&life.warm);
            self.p50_us.push(p50);
            self.p99_us.push(p99);
            self.peak_kib.push(life.peak_kib as f64);
        }
    }

    pub(crate) fn cpu_ms(&self) -> Result<Figure, Failure> {
        Figure::of(self.cpu_ms.iter().copied())
    }

    pub(crate) fn first_ms(&self) -> Result<Figure, Failure> {
        Figure::of(self.first_ms.iter().copied())
    }

    pub(crate) fn p50_us(&self) -> Result<Figure, Failure> {
        Figure::of(self.p50_us.iter().copied())
    }

    pub(crate) fn tail(&self) -> Result<Figure, Failure> {
        Figure::of(self.p99_us.iter().zip(&self.p50_us).map(|(p99, p50)| p99 / p50))
    }

    pub(crate) fn peak_mb(&self) -> Result<Figure, Failure> {
        Figure::of(self.peak_kib.iter().map(|kib| kib * 1024.0 / 1e6))
    }

    /// A row of the table.
    pub(crate) fn row(&self) -> Result<String, Failure> {
        let package = self.package_kib.map_or("".to_owned(), |kib| format!("{:.2}", kib * 1024.0 / 1e6));
        let (wall, p99) = (Figure::of(self.wall_ms.iter().copied())?, Figure::of(self.p99_us.iter().copied())?);
        let (cpu, p50, tail, peak) = (self.cpu_ms()?, self.p50_us()?, self.tail()?, self.peak_mb()?);
        Ok(format!("| {} | {cpu} | {wall} | {p50} | {p99} | {tail} | {peak} | {package} |", self.name))
    }
}

/// The head of the table of [`Measured::row`].
pub(crate) const HEAD: &str =
    "| function | cold: CPU, ms | cold: clock, ms | warm p50, µs | warm p99, µs | p99 / p50 | peak memory, MB | package, MB |
|---|---|---|---|---|---|---|---|";
