//! What a person decided instead of the rules.

use super::parameters::Parameters;
use super::{Setting, quoted};
use crate::Refused;
use crate::rules::{Chosen, Rules};
use std::collections::BTreeMap;

const PLAN: &str = "the plan's own settings";

/// Checked, and not yet used.
pub(super) struct Overrides<'o> {
    /// In the rules' own terms.
    pub chosen: BTreeMap<&'o str, Chosen>,
    texts: BTreeMap<&'o str, &'o str>,
}

impl<'o> Overrides<'o> {
    pub fn check(given: &'o BTreeMap<String, String>, version: u32, rules: &Rules, parameters: &Parameters) -> Result<Self, Refused> {
        let mut overrides = Self { chosen: BTreeMap::new(), texts: BTreeMap::new() };
        for (name, text) in given {
            let text = unquoted(text);
            let refused = |message| Refused::new(name, message);
            if let Some(reason) = rules.owned(name) {
                return Err(refused(format!("can't be decided in a plan: {reason}")));
            }
            if text.chars().any(char::is_control) {
                return Err(refused("must be one line, without control characters".to_owned()));
            }
            let chosen = parameters.check(version, name, text).map_err(refused)?;
            rules.admit(name, text).map_err(refused)?;
            overrides.chosen.insert(name, chosen);
            overrides.texts.insert(name, text);
        }
        Ok(overrides)
    }

    /// The rule's setting, or what was decided instead of it.
    pub fn apply(&mut self, rule: Setting) -> Setting {
        let Some(text) = self.texts.remove(rule.name.as_str()) else { return rule };
        let reason = format!("decided by the plan; the rule gives {}: {}", rule.value, rule.reason);
        Setting { value: quoted(text), reason, overridden: true, ..rule }
    }

    /// What no rule says anything about.
    pub fn rest(self) -> impl Iterator<Item = Setting> {
        self.texts.into_iter().map(|(name, text)| Setting {
            name: name.to_owned(),
            value: quoted(text),
            reason: "decided by the plan; no rule says anything about it, so PostgreSQL's default would stand".to_owned(),
            source: PLAN.to_owned(),
            overridden: true,
        })
    }
}

/// Quotes around the whole are the file's, not the value's.
fn unquoted(text: &str) -> &str {
    let text = text.trim();
    text.strip_prefix('\'').and_then(|inner| inner.strip_suffix('\'')).unwrap_or(text)
}
