//! The text of an expression becomes a checked expression.

use super::check::{Checked, Range, binary, conditional, not};
use super::expression::{DECIMAL, Expression, Kind, UNITS};

/// How deep expressions may nest.
const DEPTH: usize = 40;

/// What a name stands for.
#[derive(Debug, Clone)]
pub struct Known {
    pub name: String,
    pub kind: Kind,
    pub range: Range,
    /// The words that it can have, if they are known.
    pub choices: Option<&'static [&'static str]>,
    /// The names that it comes from; empty for an input and for a constant.
    pub behind: Vec<usize>,
    /// Whether it always has a value.
    pub always: bool,
    pub input: bool,
}

/// The names that an expression may use, and the words met so far.
#[derive(Debug, Default)]
pub struct Scope {
    pub known: Vec<Known>,
    pub words: Vec<String>,
    /// Names that the file gives further down.
    pub later: Vec<String>,
}

impl Scope {
    /// The place of a word in the list of words.
    pub fn word(&mut self, text: &str) -> i64 {
        let place = self.words.iter().position(|word| word == text).unwrap_or_else(|| {
            self.words.push(text.to_owned());
            self.words.len() - 1
        });
        i64::try_from(place).unwrap_or(i64::MAX)
    }

    pub fn find(&self, name: &str) -> Option<usize> {
        self.known.iter().position(|known| known.name == name)
    }
}

/// What is wrong, and how many bytes into the text.
pub type Fault = (usize, String);

#[derive(Debug, Clone, Copy, PartialEq)]
enum Token<'t> {
    Number(&'t str),
    Text(&'t str),
    Name(&'t str),
    Sign(&'t str),
    End,
}

impl Token<'_> {
    fn instead_of(self, wanted: &str) -> String {
        match self {
            Self::End => format!("{wanted} is missing at the end"),
            Self::Number(text) | Self::Name(text) | Self::Sign(text) => format!("{wanted} is missing where `{text}` stands"),
            Self::Text(text) => format!("{wanted} is missing where \"{text}\" stands"),
        }
    }
}

pub struct Parser<'t, 's> {
    text: &'t str,
    at: usize,
    next: Token<'t>,
    /// Where `next` begins.
    from: usize,
    depth: usize,
    scope: &'s mut Scope,
    /// The names met so far.
    pub used: Vec<usize>,
}

/// A whole text as one expression, and the names in it.
pub fn expression(text: &str, scope: &mut Scope) -> Result<(Checked, Vec<usize>), Fault> {
    let mut parser = Parser::new(text, 0, scope)?;
    let checked = parser.expression()?;
    match parser.next {
        Token::End => Ok((checked, parser.used)),
        _ => Err(parser.unexpected("the end")),
    }
}

const SIGNS: [&str; 15] = ["==", "!=", "<=", ">=", "<", ">", "+", "-", "*", "/", "(", ")", ",", "{", "}"];
const KEYWORDS: [&str; 8] = ["if", "then", "else", "and", "or", "not", "on", "off"];

impl<'t, 's> Parser<'t, 's> {
    pub fn new(text: &'t str, at: usize, scope: &'s mut Scope) -> Result<Self, Fault> {
        let mut parser = Self { text, at, next: Token::End, from: at, depth: 0, scope, used: Vec::new() };
        parser.step()?;
        Ok(parser)
    }

    /// Where the text goes on after a closing brace, if that is what comes next.
    pub fn closed(&self) -> Result<usize, Fault> {
        if self.next == Token::Sign("}") { Ok(self.at) } else { Err(self.unexpected("`}`")) }
    }

    fn step(&mut self) -> Result<Token<'t>, Fault> {
        let before = self.next;
        let rest = &self.text[self.at..];
        let start = self.at + rest.len() - rest.trim_start().len();
        let rest = &self.text[start..];
        let run = |fits: fn(char) -> bool| rest.find(|c| !fits(c)).unwrap_or(rest.len());
        let (token, length) = match rest.chars().next() {
            None => (Token::End, 0),
            Some('"') => {
                let end = rest[1..].find('"').ok_or_else(|| (start, "the text has no closing `\"`".to_owned()))?;
                (Token::Text(&rest[1..=end]), end + 2)
            }
            Some('0'..='9') => {
                let length = run(|c| c.is_ascii_alphanumeric() || c == '.');
                (Token::Number(&rest[..length]), length)
            }
            Some('a'..='z') => {
                let length = run(|c| c.is_ascii_alphanumeric() || c == '_' || c == '.');
                (Token::Name(&rest[..length]), length)
            }
            Some(other) => {
                let sign = SIGNS.iter().find(|sign| rest.starts_with(**sign));
                let sign = sign.ok_or_else(|| (start, format!("`{other}` means nothing here")))?;
                (Token::Sign(&rest[..sign.len()]), sign.len())
            }
        };
        (self.next, self.from, self.at) = (token, start, start + length);
        Ok(before)
    }

    fn fault(&self, message: impl Into<String>) -> Fault {
        (self.from, message.into())
    }

    fn unexpected(&self, wanted: &str) -> Fault {
        self.fault(self.next.instead_of(wanted))
    }

    fn take(&mut self, wanted: Token<'_>) -> Result<bool, Fault> {
        let there = self.next == wanted;
        if there {
            self.step()?;
        }
        Ok(there)
    }

    fn need(&mut self, wanted: Token<'_>, name: &str) -> Result<(), Fault> {
        if self.take(wanted)? { Ok(()) } else { Err(self.unexpected(&format!("`{name}`"))) }
    }

    pub fn expression(&mut self) -> Result<Checked, Fault> {
        if self.depth == DEPTH {
            return Err(self.fault(format!("expressions nest more than {DEPTH} deep")));
        }
        self.depth += 1;
        let start = self.from;
        let checked = if self.take(Token::Name("if"))? {
            let condition = self.expression()?;
            self.need(Token::Name("then"), "then")?;
            let yes = self.expression()?;
            self.need(Token::Name("else"), "else")?;
            let no = self.expression()?;
            conditional(condition, yes, no).map_err(|message| (start, message))?
        } else {
            self.level(0)?
        };
        self.depth -= 1;
        Ok(checked)
    }

    /// The levels of binary signs, loosest first.
    fn level(&mut self, level: usize) -> Result<Checked, Fault> {
        const LEVELS: [&[&str]; 5] = [&["or"], &["and"], &["==", "!=", "<=", ">=", "<", ">"], &["+", "-"], &["*", "/"]];
        let Some(signs) = LEVELS.get(level) else { return self.unary() };
        let mut left = if level == 2 && self.take(Token::Name("not"))? {
            let from = self.from;
            let inner = self.level(level)?;
            not(inner).map_err(|message| (from, message))?
        } else {
            self.level(level + 1)?
        };
        while let Token::Sign(sign) | Token::Name(sign) = self.next
            && signs.contains(&sign)
        {
            let from = self.from;
            self.step()?;
            let right = self.level(level + 1)?;
            self.comparable(&left, &right, from)?;
            left = binary(sign, left, right).map_err(|message| (from, message))?;
        }
        Ok(left)
    }

    /// A word that an input never has is a slip of the pen.
    fn comparable(&self, left: &Checked, right: &Checked, from: usize) -> Result<(), Fault> {
        let (Expression::Name(place), Expression::Literal(word), Kind::Text) = (&left.expression, &right.expression, right.kind) else {
            return Ok(());
        };
        let known = &self.scope.known[*place];
        let word = usize::try_from(*word).ok().and_then(|place| self.scope.words.get(place)).cloned().unwrap_or_default();
        match known.choices {
            Some(choices) if !choices.contains(&word.as_str()) => {
                Err((from, format!("`{}` is never \"{word}\"; it is one of {}", known.name, choices.join(", "))))
            }
            _ => Ok(()),
        }
    }

    fn unary(&mut self) -> Result<Checked, Fault> {
        let from = self.from;
        if !self.take(Token::Sign("-"))? {
            return self.primary();
        }
        let inner = self.primary()?;
        binary("-", Checked::literal(inner.kind, 0), inner).map_err(|message| (from, message))
    }

    fn primary(&mut self) -> Result<Checked, Fault> {
        let from = self.from;
        let token = self.step()?;
        match token {
            Token::Number(text) => number(text).map_err(|message| (from, message)),
            Token::Text(text) => Ok(Checked::literal(Kind::Text, self.scope.word(text))),
            Token::Sign("(") => {
                let inner = self.expression()?;
                self.need(Token::Sign(")"), ")")?;
                Ok(inner)
            }
            Token::Name("on") => Ok(Checked::literal(Kind::Truth, 1)),
            Token::Name("off") => Ok(Checked::literal(Kind::Truth, 0)),
            Token::Name(name) if self.next == Token::Sign("(") => self.call(name, from),
            Token::Name(name) if !KEYWORDS.contains(&name) => self.name(name, from),
            _ => Err((from, token.instead_of("a value"))),
        }
    }

    fn call(&mut self, name: &str, from: usize) -> Result<Checked, Fault> {
        self.need(Token::Sign("("), "(")?;
        let mut arguments = vec![self.expression()?];
        while self.take(Token::Sign(","))? {
            arguments.push(self.expression()?);
        }
        self.need(Token::Sign(")"), ")")?;
        let count = arguments.len();
        let signs = match (name, count) {
            ("min" | "max", 2..) | ("floor" | "ceil", 2) => [name, name],
            ("clamp", 3) => ["max", "min"],
            ("min" | "max" | "clamp" | "floor" | "ceil", _) => {
                return Err((
                    from,
                    format!(
                        "`{name}` can't take {count} values: min(a, b, …), max(a, b, …), clamp(x, least, most), floor(x, step), ceil(x, step)"
                    ),
                ));
            }
            _ => return Err((from, format!("there is no function `{name}`; there are min, max, clamp, floor and ceil"))),
        };
        let mut arguments = arguments.into_iter();
        let first = arguments.next().ok_or_else(|| (from, "a value is missing".to_owned()))?;
        arguments
            .zip(signs.into_iter().cycle())
            .try_fold(first, |left, (right, sign)| binary(sign, left, right))
            .map_err(|message| (from, message))
    }

    fn name(&mut self, name: &str, from: usize) -> Result<Checked, Fault> {
        let Some(place) = self.scope.find(name) else {
            let message = if self.scope.later.iter().any(|later| later == name) {
                format!("`{name}` gets its value here or further down; a rule can use what stands above it")
            } else {
                format!("there is no `{name}` among the inputs and the rules above")
            };
            return Err((from, message));
        };
        let known = &self.scope.known[place];
        if !known.always {
            return Err((from, format!("`{name}` may have no value: each of its rules has a condition")));
        }
        self.used.push(place);
        Ok(Checked { expression: Expression::Name(place), kind: known.kind, range: known.range })
    }
}

fn number(text: &str) -> Result<Checked, String> {
    let wrong = || format!("`{text}` is not a number with a unit of {}", UNITS.map(|(name, ..)| name).join(", "));
    let digits = text.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(text.len());
    let (digits, unit) = text.split_at(digits);
    if let Some((whole, decimals)) = digits.split_once('.') {
        let padded = format!("{whole}{decimals:0<4}");
        let fits = unit.is_empty() && (1..=4).contains(&decimals.len()) && DECIMAL == 10_000;
        return padded.parse().ok().filter(|_| fits).map(|value| Checked::literal(Kind::Decimal, value)).ok_or_else(wrong);
    }
    let count: i64 = digits.parse().map_err(|_| wrong())?;
    if unit.is_empty() {
        return Ok(Checked::literal(Kind::Number, count));
    }
    let (_, kind, scale) = UNITS.into_iter().find(|(name, ..)| *name == unit).ok_or_else(wrong)?;
    count.checked_mul(scale).map(|value| Checked::literal(kind, value)).ok_or_else(wrong)
}
