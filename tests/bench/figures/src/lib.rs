//! Medians and what lies around them.

use std::fmt;
use std::time::Duration;

/// What ends a run, as a sentence.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

/// The middle one and the ends of what was measured.
#[derive(Debug, Clone, Copy)]
pub struct Figure {
    /// The middle one.
    pub median: f64,
    /// The lowest.
    pub low: f64,
    /// The highest.
    pub high: f64,
}

impl Figure {
    /// # Errors
    /// If there are none.
    pub fn of(values: impl IntoIterator<Item = f64>) -> Result<Self, Failure> {
        let mut values: Vec<f64> = values.into_iter().collect();
        values.sort_by(f64::total_cmp);
        match values.as_slice() {
            [] => Err("nothing was measured".into()),
            [low, .., high] => Ok(Self { median: at(&values, 0.5), low: *low, high: *high }),
            [one] => Ok(Self { median: *one, low: *one, high: *one }),
        }
    }

    /// Whether both may be the same, as far as these measurements tell.
    #[must_use]
    pub fn overlaps(self, other: Self) -> bool {
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
#[must_use]
pub fn at(sorted: &[f64], part: f64) -> f64 {
    let index = (sorted.len().saturating_sub(1) as f64 * part).round() as usize;
    sorted.get(index).copied().unwrap_or(f64::NAN)
}

/// Median and 99th percentile, in microseconds.
#[must_use]
pub fn percentiles(times: &[Duration]) -> (f64, f64) {
    let mut sorted: Vec<f64> = times.iter().map(|time| time.as_secs_f64() * 1e6).collect();
    sorted.sort_by(f64::total_cmp);
    (at(&sorted, 0.5), at(&sorted, 0.99))
}
