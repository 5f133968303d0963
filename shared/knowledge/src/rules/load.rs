//! A rule file is read and checked: what is broken is refused here, with its line.

use super::check::{Checked, Range};
use super::expression::Kind;
use super::parse::{Fault, Known, Parser, Scope, expression};
use super::{Domain, Input, List, Owned, Piece, Place, Rule, Rules};
use crate::Error;
use serde::Deserialize;
use toml::Spanned;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: u32,
    #[serde(default)]
    value: Vec<Raw>,
    #[serde(default)]
    setting: Vec<Raw>,
    #[serde(default)]
    kernel: Vec<Raw>,
    #[serde(default)]
    limit: Vec<Raw>,
    #[serde(default)]
    refuse: Vec<Raw>,
    #[serde(default)]
    list: Vec<List>,
    #[serde(default)]
    owned: Vec<Owned>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    name: Spanned<String>,
    when: Option<Spanned<String>>,
    value: Option<Spanned<String>>,
    reason: Option<Spanned<String>>,
    source: Option<Spanned<String>>,
}

/// The range that a setting may be given by hand, in the kind's own unit; `None` where there is no range.
pub type Limit<'l> = &'l dyn Fn(&str, Kind) -> Result<Option<Range>, Misfit>;

/// Why a rule can't be one for a setting.
#[derive(Debug)]
pub enum Misfit {
    /// There is no such setting.
    Name(String),
    /// The value is of another kind.
    Value(String),
}

struct Loader<'l> {
    file: &'static str,
    text: &'l str,
    limit: Limit<'l>,
    scope: Scope,
    rules: Vec<Rule>,
}

/// Reads the text of a rule file that may use these inputs.
///
/// # Errors
/// [`Error::Broken`] with the first line that can't be used.
pub fn load(file: &'static str, text: &str, inputs: &'static [Input], limit: Limit<'_>) -> Result<Rules, Error> {
    let File { version, value, setting, kernel, limit: limits, refuse, list, owned } = crate::layer::parse(file, text)?;
    let kinds =
        [(Place::Helper, value), (Place::Setting, setting), (Place::Kernel, kernel), (Place::Limit, limits), (Place::Refusal, refuse)];
    let mut raws: Vec<_> = kinds.into_iter().flat_map(|(place, raws)| raws.into_iter().map(move |raw| (place, raw))).collect();
    raws.sort_by_key(|(_, raw)| raw.name.span().start);
    let mut loader = Loader { file, text, limit, scope: scope(inputs), rules: Vec::new() };
    loader.scope.later = raws.iter().filter(|(place, _)| *place != Place::Refusal).map(|(_, raw)| raw.name.get_ref().clone()).collect();
    for (place, raw) in &raws {
        loader.rule(*place, raw)?;
    }
    Ok(Rules { version, inputs, rules: loader.rules, words: loader.scope.words, names: loader.scope.known.len(), lists: list, owned })
}

fn scope(inputs: &'static [Input]) -> Scope {
    let mut scope = Scope::default();
    for input in inputs {
        let (kind, range, choices) = match input.domain {
            Domain::Between(kind, least, most) => (kind, Range::new(least, most), None),
            Domain::Choice(choices) => {
                choices.iter().for_each(|word| _ = scope.word(word));
                (Kind::Text, Range::new(0, 0), Some(choices))
            }
        };
        scope.known.push(Known { name: input.name.to_owned(), kind, range, choices, behind: Vec::new(), always: true, input: true });
    }
    scope
}

impl Loader<'_> {
    fn rule(&mut self, place: Place, raw: &Raw) -> Result<(), Error> {
        let name = raw.name.get_ref();
        let broken = |message: String| self.broken(&raw.name, 0, message);
        if raw.value.is_none() != (place == Place::Refusal) {
            return Err(broken(format!(
                "`{name}` {}",
                if raw.value.is_none() { "has no `value`" } else { "is a refusal and has no `value`" }
            )));
        }
        if place == Place::Refusal && raw.when.is_none() {
            return Err(broken(format!("the refusal of `{name}` has no `when`")));
        }
        let (when, tested) = match &raw.when {
            Some(when) => {
                let (checked, used) = self.expression(when)?;
                let checked = checked.expect(Kind::Truth, "`when`").map_err(|message| self.broken(when, 0, message))?;
                (Some(checked.expression), used)
            }
            None => (None, Vec::new()),
        };
        let (value, mut used) = match &raw.value {
            Some(value) => self.expression(value)?,
            None => (Checked::literal(Kind::Truth, 1), Vec::new()),
        };
        // A condition's yes or no tells the rules of one name apart, and each has a sentence of its own.
        used.extend(tested.into_iter().filter(|place| self.scope.known[*place].kind != Kind::Truth));
        let reason = if place == Place::Helper { Vec::new() } else { self.reason(raw, &used)? };
        let source = raw.source.as_ref().map(|source| source.get_ref().clone()).unwrap_or_default();
        if place != Place::Helper && !source.starts_with("https://") {
            return Err(self.broken(&raw.name, 0, format!("`{name}` has no `source` that starts with https://")));
        }
        let kind = value.kind;
        let slot = if place == Place::Refusal { usize::MAX } else { self.define(place, raw, &value, used)? };
        self.rules.push(Rule { place, name: name.clone(), slot, kind, when, value: value.expression, reason, source });
        Ok(())
    }

    /// Gives the name to the rules that follow, and returns its place.
    fn define(&mut self, place: Place, raw: &Raw, value: &Checked, used: Vec<usize>) -> Result<usize, Error> {
        let name = raw.name.get_ref();
        let broken = |message: String| self.broken(&raw.name, 0, message);
        let range = if place == Place::Setting { self.within_limit(raw, value)? } else { value.range };
        let always = raw.when.is_none();
        let Some(slot) = self.scope.find(name) else {
            let known = Known { name: name.clone(), kind: value.kind, range, choices: None, behind: used, always, input: false };
            self.scope.known.push(known);
            return Ok(self.scope.known.len() - 1);
        };
        let known = &self.scope.known[slot];
        if known.input {
            return Err(broken(format!("`{name}` is an input; a rule can't change it")));
        }
        if known.always {
            return Err(broken(format!("`{name}` has a rule without condition above; this one is never reached")));
        }
        if known.kind != value.kind {
            return Err(broken(format!("`{name}` is {} here and {} above", value.kind.word(), known.kind.word())));
        }
        let known = &mut self.scope.known[slot];
        (known.range, known.always) = (known.range.or(range), always);
        known.behind.extend(used);
        Ok(slot)
    }

    /// The range that later rules must reckon with: the rule's own, and whatever a person may decide.
    fn within_limit(&self, raw: &Raw, value: &Checked) -> Result<Range, Error> {
        let name = raw.name.get_ref();
        let text = raw.value.as_ref().unwrap_or(&raw.name);
        let limit = (self.limit)(name, value.kind).map_err(|misfit| match misfit {
            Misfit::Name(message) => self.broken(&raw.name, 0, message),
            Misfit::Value(message) => self.broken(text, 0, message),
        })?;
        let (Some(limit), range) = (limit, value.range) else { return Ok(value.range) };
        if limit.least <= range.least && range.most <= limit.most {
            return Ok(limit);
        }
        let [least, most, from, to] = [range.least, range.most, limit.least, limit.most].map(|number| value.kind.format(number, &[]));
        let message = format!("`{name}` may become {least} to {most}, and PostgreSQL takes {from} to {to}: clamp(…) keeps it there");
        Err(self.broken(text, 0, message))
    }

    fn expression(&mut self, text: &Spanned<String>) -> Result<(Checked, Vec<usize>), Error> {
        expression(text.get_ref(), &mut self.scope).map_err(|(at, message)| self.broken(text, at, message))
    }

    fn reason(&mut self, raw: &Raw, used: &[usize]) -> Result<Vec<Piece>, Error> {
        let name = raw.name.get_ref();
        let Some(reason) = &raw.reason else { return Err(self.broken(&raw.name, 0, format!("`{name}` has no `reason`"))) };
        let (pieces, named) = pieces(reason.get_ref(), &mut self.scope).map_err(|(at, message)| self.broken(reason, at, message))?;
        if let Some(missing) = used.iter().find(|place| !self.told(**place, &named)) {
            let missing = &self.scope.known[*missing].name;
            return Err(self.broken(reason, 0, format!("the reason of `{name}` does not name {{{missing}}}, which it comes from")));
        }
        Ok(pieces)
    }

    /// Whether a sentence that names these says what the value at this place came from.
    fn told(&self, place: usize, named: &[usize]) -> bool {
        let known = &self.scope.known[place];
        named.contains(&place) || (!known.input && known.behind.iter().all(|behind| self.told(*behind, named)))
    }

    fn broken(&self, text: &Spanned<String>, at: usize, message: String) -> Error {
        let before = text.get_ref().get(..at).unwrap_or_default().matches('\n').count();
        // A newline right after the opening quotes is no part of the text.
        let start = &self.text[text.span()];
        let opening = usize::from(at > 0 && (start.starts_with("\"\"\"\n") || start.starts_with("'''\n")));
        let line = self.text[..text.span().start].matches('\n').count() + 1 + before + opening;
        Error::Broken { file: self.file, line, message }
    }
}

/// A sentence with its `{expressions}`, and the names in them.
fn pieces(text: &str, scope: &mut Scope) -> Result<(Vec<Piece>, Vec<usize>), Fault> {
    let (mut pieces, mut named, mut at) = (Vec::new(), Vec::new(), 0);
    while let Some(open) = text[at..].find('{') {
        pieces.push(Piece::Text(text[at..at + open].to_owned()));
        let mut parser = Parser::new(text, at + open + 1, scope)?;
        let checked = parser.expression()?;
        at = parser.closed()?;
        named.append(&mut parser.used);
        pieces.push(Piece::Value(checked.kind, checked.expression));
    }
    pieces.push(Piece::Text(text[at..].to_owned()));
    Ok((pieces, named))
}
