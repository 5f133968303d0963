//! PostgreSQL's parameters by major version, as its own servers list them.

use crate::rules::{Chosen, DECIMAL, Kind, Misfit, Range, UNITS};
use crate::{Error, layer::Layer};
use serde::Deserialize;
use std::collections::BTreeMap;

const FILE: &str = "parameters.toml";

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Vartype {
    Bool,
    Integer,
    Real,
    Enum,
    String,
}

/// A parameter in a run of versions.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    since: Option<u32>,
    until: Option<u32>,
    kind: Vartype,
    /// What a number without unit counts: B, kB, 8kB, MB, ms, s or min.
    unit: Option<String>,
    #[serde(default)]
    least: f64,
    #[serde(default)]
    most: f64,
    #[serde(default)]
    words: Vec<String>,
    #[serde(default)]
    restart: bool,
}

/// Every parameter that a configuration can set.
#[derive(Debug, Clone, Deserialize)]
#[serde(transparent)]
pub(super) struct Parameters(BTreeMap<String, Vec<Entry>>);

impl Parameters {
    pub fn read(layer: Layer<'_>) -> Result<Self, Error> {
        layer.toml(FILE)
    }

    fn entry(&self, version: u32, name: &str) -> Option<&Entry> {
        let entries = self.0.get(name)?;
        entries.iter().find(|entry| entry.since.is_none_or(|since| since <= version) && entry.until.is_none_or(|until| version <= until))
    }

    /// Whether a change waits for a restart; none if that version has no such parameter.
    pub fn needs_restart(&self, version: u32, name: &str) -> Option<bool> {
        self.entry(version, name).map(|entry| entry.restart)
    }

    /// The range that a rule's value of that kind must stay in, over all versions that have the parameter.
    pub fn limit(&self, name: &str, kind: Kind) -> Result<Option<Range>, Misfit> {
        let entries = self.0.get(name).ok_or_else(|| Misfit::Name(format!("PostgreSQL has no parameter `{name}`")))?;
        let fits = |entry: &Entry| match kind {
            // Some enums were yes or no once.
            Kind::Text => matches!(entry.kind, Vartype::Enum | Vartype::String | Vartype::Bool),
            _ => entry.rule_kind() == kind,
        };
        if let Some(other) = entries.iter().find(|entry| !fits(entry)) {
            return Err(Misfit::Value(format!("PostgreSQL's parameter `{name}` is {}, not {}", other.rule_kind().word(), kind.word())));
        }
        let range = |entry: &Entry| Range::new(entry.count(entry.least), entry.count(entry.most));
        Ok(entries.iter().map(range).reduce(Range::or).filter(|_| !matches!(kind, Kind::Text | Kind::Truth)))
    }

    /// Checks what a person wrote for a parameter of that version, as PostgreSQL would read it.
    pub fn check(&self, version: u32, name: &str, text: &str) -> Result<Chosen, String> {
        let Some(entry) = self.entry(version, name) else { return Err(self.unknown(version, name)) };
        entry.read(text).ok_or_else(|| format!("can't be `{text}`: it is {}", entry.allowed()))
    }

    fn unknown(&self, version: u32, name: &str) -> String {
        let no = format!("PostgreSQL {version} has no such setting");
        if let Some(entries) = self.0.get(name) {
            let span = |entry: &Entry| match (entry.since, entry.until) {
                (Some(since), None) => format!("from {since} on"),
                (None, Some(until)) => format!("up to {until}"),
                (Some(since), Some(until)) => format!("from {since} to {until}"),
                (None, None) => "always".to_owned(),
            };
            return format!("{no}; others have it {}", entries.iter().map(span).collect::<Vec<_>>().join(" and "));
        }
        let known = self.0.keys().filter(|known| self.entry(version, known).is_some());
        match known.map(|known| (distance(known, name), known)).min() {
            Some((distance, near)) if distance <= 3 => format!("{no}; did you mean {near}?"),
            _ => format!("{no}; its manual lists them under Server Configuration"),
        }
    }
}

impl Entry {
    /// What a rule counts it in.
    fn rule_kind(&self) -> Kind {
        match (self.kind, self.unit.as_deref()) {
            (Vartype::Bool, _) => Kind::Truth,
            (Vartype::Enum | Vartype::String, _) => Kind::Text,
            (_, Some("ms" | "s" | "min")) => Kind::Time,
            (_, Some(_)) => Kind::Size,
            (Vartype::Integer, None) => Kind::Number,
            (Vartype::Real, None) => Kind::Decimal,
        }
    }

    /// A number of the parameter's own unit, as a rule counts it.
    #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "a cast of a float stops at the ends of the range")]
    fn count(&self, number: f64) -> i64 {
        match self.rule_kind() {
            // -1 stands for no limit, whatever the unit.
            Kind::Size | Kind::Time if number < 0.0 => -1,
            Kind::Size => (number * scale(self.unit.as_deref().unwrap_or_default()) / 1024.0).round() as i64,
            Kind::Time => (number * scale(self.unit.as_deref().unwrap_or_default())).round() as i64,
            // The planner's costs have no end; a rule's have one here.
            Kind::Decimal => (number * DECIMAL as f64).round().clamp(-1e12, 1e12) as i64,
            _ => number.round() as i64,
        }
    }

    fn read(&self, text: &str) -> Option<Chosen> {
        match self.kind {
            Vartype::Bool => truth(text).map(|truth| Chosen::Number(i64::from(truth))),
            Vartype::Enum => self.words.iter().find(|word| word.eq_ignore_ascii_case(text)).map(|word| Chosen::Word(word.clone())),
            Vartype::String => Some(Chosen::Word(text.to_owned())),
            Vartype::Integer | Vartype::Real => self.number(text).map(|number| Chosen::Number(self.count(number))),
        }
    }

    /// The number in the parameter's own unit, if it is in the range.
    fn number(&self, text: &str) -> Option<f64> {
        let digits = text.find(|c: char| !matches!(c, '0'..='9' | '-' | '+' | '.')).unwrap_or(text.len());
        let (digits, unit) = (text[..digits].parse::<f64>().ok()?, text[digits..].trim_start());
        let number = match (&self.unit, unit) {
            (_, "") => digits,
            (None, _) => return None,
            (Some(own), unit) => {
                let same = UNITS_WRITTEN.contains(&unit) && is_time(own) == is_time(unit);
                digits * same.then(|| scale(unit) / scale(own))?
            }
        };
        let number = if self.kind == Vartype::Integer { number.round() } else { number };
        (number.is_finite() && (self.least..=self.most).contains(&number)).then_some(number)
    }

    /// What it may be, in words.
    fn allowed(&self) -> String {
        match self.kind {
            Vartype::Bool => "on or off".to_owned(),
            Vartype::Enum => format!("one of {}", self.words.join(", ")),
            Vartype::String => "a text".to_owned(),
            Vartype::Integer | Vartype::Real => {
                let whole = if self.kind == Vartype::Integer { "a whole number" } else { "a number" };
                let range = format!("{whole} from {} to {}", self.least, self.most);
                match self.unit.as_deref() {
                    None => range,
                    Some(unit) if is_time(unit) => format!("{range}, in {unit} or with a unit of us, ms, s, min, h, d"),
                    Some(unit) => format!("{range}, in {unit} or with a unit of B, kB, MB, GB, TB"),
                }
            }
        }
    }
}

/// What PostgreSQL takes after a number.
const UNITS_WRITTEN: [&str; 11] = ["B", "kB", "MB", "GB", "TB", "us", "ms", "s", "min", "h", "d"];

fn is_time(unit: &str) -> bool {
    matches!(unit, "us" | "ms" | "s" | "min" | "h" | "d")
}

/// A unit in bytes, or in milliseconds.
#[expect(clippy::cast_precision_loss, reason = "units are small")]
fn scale(unit: &str) -> f64 {
    match unit {
        "B" => 1.0,
        "8kB" => 8192.0,
        "us" => 0.001,
        "d" => 86_400_000.0,
        _ => UNITS.iter().find(|(name, ..)| *name == unit).map_or(1.0, |(_, kind, count)| {
            let own = if *kind == Kind::Size { 1024.0 } else { 1.0 };
            *count as f64 * own
        }),
    }
}

/// As PostgreSQL reads it: beginnings of words are enough.
fn truth(text: &str) -> Option<bool> {
    let text = text.to_ascii_lowercase();
    let begins = |word: &str, least: usize| text.len() >= least && word.starts_with(&text);
    if begins("true", 1) || begins("yes", 1) || begins("on", 2) || text == "1" {
        return Some(true);
    }
    (begins("false", 1) || begins("no", 1) || begins("off", 2) || text == "0").then_some(false)
}

/// How many letters must change to make one word the other (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.bytes().enumerate() {
        let mut corner = std::mem::replace(&mut row[0], i + 1);
        for (j, y) in b.bytes().enumerate() {
            let change = corner + usize::from(x != y);
            corner = row[j + 1];
            row[j + 1] = change.min(corner + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}
