use serde::{Deserialize, Serialize, Serializer};
use std::fmt;

/// Hours of a month, as AWS's own calculator counts them (calculator.aws): 365 days of 24 hours in 12 parts.
pub const HOURS_A_MONTH: u64 = 730;

/// An amount of a currency in millionths of it: exact, and as fine as the providers' own price lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Deserialize)]
#[serde(transparent)]
pub struct Money(u64);

impl Money {
    /// That many millionths.
    #[must_use]
    pub const fn micro(micro: u64) -> Self {
        Self(micro)
    }

    /// In millionths.
    #[must_use]
    pub const fn as_micro(self) -> u64 {
        self.0
    }

    /// `count` times as much; the largest amount where that is too much to count.
    #[must_use]
    pub const fn times(self, count: u64) -> Self {
        Self(self.0.saturating_mul(count))
    }

    /// A month of what costs this much an hour.
    #[must_use]
    pub const fn month(self) -> Self {
        self.times(HOURS_A_MONTH)
    }

    /// Both together.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// A decimal number such as `0.1008000000`, rounded to the nearest millionth, half of one upwards.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        if whole.is_empty() || !whole.bytes().chain(fraction.bytes()).all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let digits = fraction.bytes().chain(std::iter::repeat(b'0')).take(6);
        let micro = digits.fold(0, |sum, digit| sum * 10 + u64::from(digit - b'0'));
        let up = u64::from(fraction.as_bytes().get(6).is_some_and(|digit| *digit >= b'5'));
        whole.parse::<u64>().ok()?.checked_mul(1_000_000)?.checked_add(micro + up).map(Self)
    }
}

/// A decimal with at least two digits after the point and no needless zeros: `0.1008`, `73.50`.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fraction = format!("{:06}", self.0 % 1_000_000);
        let kept = fraction.trim_end_matches('0').len().max(2);
        write!(f, "{}.{}", self.0 / 1_000_000, &fraction[..kept])
    }
}

/// As its decimal, a string: a JSON number would be read as a float.
impl Serialize for Money {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::Money;

    #[test]
    fn a_decimal_is_read_exactly_and_printed_short() {
        for (text, printed) in [("0.1008000000", "0.1008"), ("73.5", "73.50"), ("12", "12.00"), ("0.0000005", "0.000001")] {
            assert_eq!(Money::parse(text).map(|money| money.to_string()).as_deref(), Some(printed));
        }
        for text in ["", ".5", "-1", "1.2.3", "1e3", "99999999999999999999"] {
            assert_eq!(Money::parse(text), None, "{text}");
        }
    }
}
