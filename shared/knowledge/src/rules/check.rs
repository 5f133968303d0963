//! Kinds and ranges: what must hold so that evaluating can't fail.

use super::expression::{DECIMAL, Expression, Kind, Operation};

/// The least and the largest value that something can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    pub least: i64,
    pub most: i64,
}

impl Range {
    pub fn new(least: i64, most: i64) -> Self {
        Self { least, most }
    }

    /// The smallest range that holds both.
    pub fn or(self, other: Self) -> Self {
        Self::new(self.least.min(other.least), self.most.max(other.most))
    }
}

/// An expression with its kind, and the range that its values stay in.
#[derive(Debug, Clone)]
pub struct Checked {
    pub expression: Expression,
    pub kind: Kind,
    pub range: Range,
}

impl Checked {
    pub fn literal(kind: Kind, value: i64) -> Self {
        Self { expression: Expression::Literal(value), kind, range: Range::new(value, value) }
    }

    pub fn truth(expression: Expression) -> Self {
        Self { expression, kind: Kind::Truth, range: Range::new(0, 1) }
    }

    pub fn expect(self, kind: Kind, place: &str) -> Result<Self, String> {
        if self.kind == kind {
            return Ok(self);
        }
        Err(format!("{place} must be {}, and is {}", kind.word(), self.kind.word()))
    }
}

pub fn conditional(condition: Checked, yes: Checked, no: Checked) -> Result<Checked, String> {
    let condition = condition.expect(Kind::Truth, "what stands after `if`")?;
    let no = no.expect(yes.kind, "what stands after `else`, like what stands after `then`,")?;
    let (kind, range) = (yes.kind, yes.range.or(no.range));
    Ok(Checked { expression: Expression::If(Box::new([condition.expression, yes.expression, no.expression])), kind, range })
}

pub fn not(inner: Checked) -> Result<Checked, String> {
    let inner = inner.expect(Kind::Truth, "what stands after `not`")?;
    Ok(Checked::truth(Expression::Not(Box::new(inner.expression))))
}

/// `a sign b`, as `sign` stands in the rule.
pub fn binary(sign: &str, a: Checked, b: Checked) -> Result<Checked, String> {
    let (operation, kind) =
        typed(sign, a.kind, b.kind).ok_or_else(|| format!("`{sign}` can't join {} and {}", a.kind.word(), b.kind.word()))?;
    // The other direction of a comparison has its sides exchanged.
    let (a, b) = if matches!(sign, ">" | ">=") { (b, a) } else { (a, b) };
    let range = bounded(operation, &a, &b).map_err(|reason| format!("`{sign}`: {reason}"))?;
    let expression = Expression::Binary(operation, Box::new([a.expression, b.expression]));
    if sign == "!=" {
        return Ok(Checked::truth(Expression::Not(Box::new(expression))));
    }
    Ok(Checked { expression, kind, range })
}

fn typed(sign: &str, a: Kind, b: Kind) -> Option<(Operation, Kind)> {
    use Kind::{Decimal, Number, Size, Text, Time, Truth};
    let counts = !matches!(a, Truth | Text);
    Some(match (sign, a, b) {
        ("==" | "!=", a, b) if a == b => (Operation::Equal, Truth),
        ("<" | ">", a, b) if a == b && counts => (Operation::Less, Truth),
        ("<=" | ">=", a, b) if a == b && counts => (Operation::AtMost, Truth),
        ("and", Truth, Truth) => (Operation::And, Truth),
        ("or", Truth, Truth) => (Operation::Or, Truth),
        ("+", a, b) if a == b && counts => (Operation::Add, a),
        ("-", a, b) if a == b && counts => (Operation::Subtract, a),
        ("min", a, b) if a == b && counts => (Operation::Min, a),
        ("max", a, b) if a == b && counts => (Operation::Max, a),
        ("floor", a, b) if a == b && counts => (Operation::Floor, a),
        ("ceil", a, b) if a == b && counts => (Operation::Ceil, a),
        ("*", Size | Time, Decimal) => (Operation::Scale, a),
        ("*", kind, Number) | ("*", Number, kind) if !matches!(kind, Truth | Text) => (Operation::Multiply, kind),
        ("/", Size | Time, Decimal) => (Operation::Unscale, a),
        ("/", Size, Size) | ("/", Time, Time) => (Operation::Divide, Number),
        ("/", a, Number) if counts => (Operation::Divide, a),
        _ => return None,
    })
}

fn bounded(operation: Operation, a: &Checked, b: &Checked) -> Result<Range, String> {
    use Operation::{Add, And, AtMost, Ceil, Divide, Equal, Floor, Less, Max, Min, Multiply, Or, Scale, Subtract, Unscale};
    if matches!(operation, Divide | Unscale | Floor | Ceil) && b.range.least < 1 {
        return Err("the right side may be 0 or less; max(…, 1) keeps it above".to_owned());
    }
    if matches!(operation, Floor | Ceil) && b.range.least != b.range.most {
        return Err("the step must be one fixed value".to_owned());
    }
    let corners =
        [(a.range.least, b.range.least), (a.range.least, b.range.most), (a.range.most, b.range.least), (a.range.most, b.range.most)];
    // Each operation rises or falls all along each side, so that the extremes are at the corners.
    let overflows = |(x, y): &(i64, i64)| match operation {
        Add | Subtract | Ceil => x.checked_add(*y).and(x.checked_sub(*y)).is_none(),
        Multiply | Scale => x.checked_mul(*y).is_none(),
        Unscale => x.checked_mul(DECIMAL).is_none(),
        _ => false,
    };
    if corners.iter().any(overflows) {
        return Err("the result may be too large to count".to_owned());
    }
    if matches!(operation, Equal | Less | AtMost | And | Or) {
        return Ok(Range::new(0, 1));
    }
    debug_assert!(matches!(operation, Add | Subtract | Multiply | Divide | Scale | Unscale | Min | Max | Floor | Ceil));
    let results = corners.map(|(x, y)| operation.apply(x, y));
    Ok(results.iter().fold(Range::new(results[0], results[0]), |range, &value| range.or(Range::new(value, value))))
}
