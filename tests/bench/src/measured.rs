//! What the lives of a function came to.

use crate::Failure;
use crate::function::Life;
use figures::{Figure, percentiles};

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
