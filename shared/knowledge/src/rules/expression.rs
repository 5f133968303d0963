//! Expressions that were checked at load: nothing here can fail.

/// What a value counts. Every value is a whole number; the kind says of what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A plain count.
    Number,
    /// A number with up to four decimals, in ten-thousandths.
    Decimal,
    /// An amount of memory or disk, in kB of 1024 bytes.
    Size,
    /// A span of time, in milliseconds.
    Time,
    /// Yes or no, as 1 or 0.
    Truth,
    /// A word: its place in the list of words.
    Text,
}

/// How many parts a decimal is counted in.
pub const DECIMAL: i64 = 10_000;

/// Units that a number may carry: name, kind, and how many of the kind's own.
pub const UNITS: [(&str, Kind, i64); 8] = [
    ("TB", Kind::Size, 1 << 30),
    ("GB", Kind::Size, 1 << 20),
    ("MB", Kind::Size, 1 << 10),
    ("kB", Kind::Size, 1),
    ("h", Kind::Time, 3_600_000),
    ("min", Kind::Time, 60_000),
    ("s", Kind::Time, 1000),
    ("ms", Kind::Time, 1),
];

impl Kind {
    /// As people say it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Number => "a number",
            Self::Decimal => "a decimal",
            Self::Size => "a size",
            Self::Time => "a time",
            Self::Truth => "yes or no",
            Self::Text => "a text",
        }
    }

    /// As PostgreSQL's file says it: a size or time in the largest unit that divides it, and no size in TB.
    pub fn format(self, value: i64, words: &[&str]) -> String {
        match self {
            Self::Number => value.to_string(),
            Self::Decimal => {
                let (sign, value) = (if value < 0 { "-" } else { "" }, value.abs());
                let decimals = format!("{sign}{}.{:04}", value / DECIMAL, value % DECIMAL);
                decimals.trim_end_matches('0').trim_end_matches('.').to_owned()
            }
            Self::Truth => (if value == 0 { "off" } else { "on" }).to_owned(),
            Self::Text => usize::try_from(value).ok().and_then(|place| words.get(place)).copied().unwrap_or_default().to_owned(),
            // -1 stands for no limit, or for another setting's value.
            Self::Size | Self::Time if value < 1 => value.to_string(),
            Self::Size | Self::Time => {
                let fits = |(name, kind, count): &&(&str, Self, i64)| *kind == self && *name != "TB" && value % count == 0;
                UNITS.iter().find(fits).map_or_else(|| value.to_string(), |(name, _, count)| format!("{}{name}", value / count))
            }
        }
    }
}

/// What two values become. Division rounds down, and its divisor is above 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    Add,
    Subtract,
    Multiply,
    Divide,
    /// Times a decimal.
    Scale,
    /// By a decimal.
    Unscale,
    Min,
    Max,
    /// Down to a multiple.
    Floor,
    /// Up to a multiple.
    Ceil,
    Equal,
    Less,
    AtMost,
    And,
    Or,
}

impl Operation {
    /// The result. The load has bounded both sides, so that nothing overflows.
    pub fn apply(self, a: i64, b: i64) -> i64 {
        match self {
            Self::Add => a + b,
            Self::Subtract => a - b,
            Self::Multiply => a * b,
            Self::Divide => a.div_euclid(b),
            Self::Scale => (a * b).div_euclid(DECIMAL),
            Self::Unscale => (a * DECIMAL).div_euclid(b),
            Self::Min => a.min(b),
            Self::Max => a.max(b),
            Self::Floor => a.div_euclid(b) * b,
            Self::Ceil => (a + b - 1).div_euclid(b) * b,
            Self::Equal => i64::from(a == b),
            Self::Less => i64::from(a < b),
            Self::AtMost => i64::from(a <= b),
            Self::And => a & b,
            Self::Or => a | b,
        }
    }
}

/// A checked expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expression {
    Literal(i64),
    /// The value of an input or of an earlier rule, by its place.
    Name(usize),
    /// Condition, then, else.
    If(Box<[Self; 3]>),
    Binary(Operation, Box<[Self; 2]>),
    Not(Box<Self>),
}

impl Expression {
    /// Its value, given those of all names.
    pub fn value(&self, names: &[i64]) -> i64 {
        match self {
            Self::Literal(value) => *value,
            Self::Name(place) => names[*place],
            Self::If(parts) => parts[if parts[0].value(names) == 0 { 2 } else { 1 }].value(names),
            Self::Binary(operation, sides) => operation.apply(sides[0].value(names), sides[1].value(names)),
            Self::Not(inner) => 1 - inner.value(names),
        }
    }
}
