//! Rules as data: a file of the layer says how values come from inputs, why, and from which source. README.md has the language.

mod check;
mod expression;
mod load;
mod parse;
#[cfg(test)]
mod tests;

pub(crate) use check::Range;
pub(crate) use expression::{DECIMAL, Kind, UNITS};
pub(crate) use load::{Misfit, load};

use expression::Expression;
use serde::Deserialize;
use std::collections::BTreeMap;

/// A name that rules may use, given from outside.
#[derive(Debug)]
pub(crate) struct Input {
    pub name: &'static str,
    pub domain: Domain,
}

/// What an input can be.
#[derive(Debug)]
pub(crate) enum Domain {
    /// From the least to the most, in the kind's own unit.
    Between(Kind, i64, i64),
    /// One of these words.
    Choice(&'static [&'static str]),
}

/// An input's value.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Given<'g> {
    Number(i64),
    Word(&'g str),
}

/// What a person decided instead of a rule.
#[derive(Debug, Clone)]
pub(crate) enum Chosen {
    /// In the unit of the rule's kind.
    Number(i64),
    Word(String),
}

/// What is made of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// Used by other rules only.
    Helper,
    /// A line of PostgreSQL's configuration.
    Setting,
    /// A sysctl.
    Kernel,
    /// A limit of the service.
    Limit,
    /// Stops everything.
    Refusal,
}

#[derive(Debug, Clone)]
struct Rule {
    place: Place,
    name: String,
    slot: usize,
    kind: Kind,
    when: Option<Expression>,
    value: Expression,
    reason: Vec<Piece>,
    source: String,
}

/// A part of a sentence.
#[derive(Debug, Clone)]
enum Piece {
    Text(String),
    Value(Kind, Expression),
}

/// The rules of one file, in its order.
#[derive(Debug, Clone)]
pub(crate) struct Rules {
    /// The file's own version, for whoever asks which rules gave a value.
    pub version: u32,
    inputs: &'static [Input],
    rules: Vec<Rule>,
    words: Vec<String>,
    /// How many names there are: the inputs, then what rules define.
    names: usize,
    lists: Vec<List>,
    owned: Vec<Owned>,
}

/// A setting that is a list of words; people may add to what its rule gives.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    name: String,
    words: Vec<String>,
}

/// Settings that a person can't decide, and why.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Owned {
    names: Vec<String>,
    reason: String,
}

/// What a rule gives for some inputs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Outcome<'r> {
    pub place: Place,
    pub name: &'r str,
    /// The rule's value, also where a person decided otherwise.
    pub value: String,
    pub reason: String,
    pub source: &'r str,
}

impl Rules {
    /// Why a person can't decide this setting, if it is so.
    pub fn owned(&self, name: &str) -> Option<&str> {
        let owned = self.owned.iter().find(|owned| owned.names.iter().any(|one| one.eq_ignore_ascii_case(name)));
        owned.map(|owned| owned.reason.as_str())
    }

    /// Checks the text of a setting that is a list: it must hold the first word, which the rule gives, and no unknown one.
    pub fn admit(&self, name: &str, text: &str) -> Result<(), String> {
        let Some(List { words, .. }) = self.lists.iter().find(|list| list.name == name) else { return Ok(()) };
        let mut chosen = text.split(',').map(str::trim);
        if let Some(unknown) = chosen.clone().find(|word| !words.iter().any(|known| known == word)) {
            return Err(format!("can't hold `{unknown}`: there are {}", words.join(", ")));
        }
        match words.first() {
            Some(first) if !chosen.any(|word| word == first) => Err(format!("can only be added to: write {first},{text}")),
            _ => Ok(()),
        }
    }

    /// What the rules give, in their order. For each name the first rule whose condition holds is taken; later rules see what was
    /// chosen instead, where something was.
    ///
    /// # Errors
    /// The name of the first input that is out of its range, and what it may be.
    pub fn evaluate<'r>(
        &'r self,
        given: &[Given<'_>],
        chosen: &BTreeMap<&str, Chosen>,
    ) -> Result<Vec<Outcome<'r>>, (&'static str, String)> {
        let mut words: Vec<&str> = self.words.iter().map(String::as_str).collect();
        let mut names = Vec::with_capacity(self.names);
        for (input, given) in self.inputs.iter().zip(given) {
            names.push(admit(&input.domain, given, &words).map_err(|message| (input.name, message))?);
        }
        debug_assert_eq!(names.len(), self.inputs.len(), "one value for each input");
        names.resize(self.names, 0);
        let mut decided = vec![false; self.names];
        let mut outcomes = Vec::new();
        for rule in &self.rules {
            let taken = decided.get(rule.slot).is_some_and(|decided| *decided);
            if taken || rule.when.as_ref().is_some_and(|when| when.value(&names) == 0) {
                continue;
            }
            let value = rule.value.value(&names);
            if rule.place != Place::Helper {
                let reason = rule.reason.iter().map(|piece| piece.text(&names, &words)).collect();
                outcomes.push(Outcome {
                    place: rule.place,
                    name: &rule.name,
                    value: rule.kind.format(value, &words),
                    reason,
                    source: &rule.source,
                });
            }
            if rule.place == Place::Refusal {
                continue;
            }
            decided[rule.slot] = true;
            names[rule.slot] = match chosen.get(rule.name.as_str()).filter(|_| rule.place == Place::Setting) {
                None => value,
                Some(Chosen::Number(number)) => *number,
                Some(Chosen::Word(word)) => place(&mut words, word),
            };
        }
        Ok(outcomes)
    }
}

/// The place of a word, which is added if it is new.
fn place<'w>(words: &mut Vec<&'w str>, word: &'w str) -> i64 {
    let found = words.iter().position(|known| *known == word).unwrap_or_else(|| {
        words.push(word);
        words.len() - 1
    });
    i64::try_from(found).unwrap_or(i64::MAX)
}

fn admit(domain: &Domain, given: &Given<'_>, words: &[&str]) -> Result<i64, String> {
    match (domain, given) {
        (Domain::Between(_, least, most), Given::Number(number)) if (least..=most).contains(&number) => Ok(*number),
        (Domain::Between(kind, least, most), _) => Err(format!("must be {} to {}", kind.format(*least, &[]), kind.format(*most, &[]))),
        (Domain::Choice(choices), Given::Word(word)) if choices.contains(word) => {
            Ok(words.iter().position(|known| known == word).and_then(|place| i64::try_from(place).ok()).unwrap_or(-1))
        }
        (Domain::Choice(choices), _) => Err(format!("must be one of {}", choices.join(", "))),
    }
}

impl Piece {
    fn text(&self, names: &[i64], words: &[&str]) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Value(kind, value) => kind.format(value.value(names), words),
        }
    }
}
