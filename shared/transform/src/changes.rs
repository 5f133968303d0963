//! What carrying out a document would do to what runs now. Preview shows it, and a re-deploy does it.

use crate::aws;
use crate::document::{Configuration, Document, Resource};
use domain::plan::FieldError;
use knowledge::Setting;
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// How a change reaches what runs, the gentlest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// Nobody notices.
    InPlace,
    /// PostgreSQL reads its settings again; connections stay.
    Reload,
    /// PostgreSQL restarts: connections are cut once.
    Restart,
    /// The machine is stopped, changed and started: connections are cut for some minutes.
    Reboot,
    /// Another one takes its place, once it is gone: connections are cut for some minutes. The data volume stays.
    Replace,
}

/// What would be done.
#[derive(Debug, Clone, PartialEq, Default, Serialize, ToSchema)]
#[schema(as = Difference)]
pub struct Changes {
    /// Made.
    pub create: Vec<Touched>,
    /// Changed.
    pub change: Vec<Changed>,
    /// Removed.
    pub remove: Vec<Touched>,
    /// Settings of PostgreSQL.
    pub settings: Vec<SettingChange>,
}

/// A resource that is made or removed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = TouchedResource)]
pub struct Touched {
    /// As in the document.
    pub id: String,
    /// The cloud's own type name.
    #[serde(rename = "type")]
    pub kind: String,
}

/// A resource that is changed.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = ChangedResource)]
pub struct Changed {
    /// As in the document.
    pub id: String,
    /// The cloud's own type name.
    #[serde(rename = "type")]
    pub kind: String,
    /// The strongest of its fields' ways.
    pub how: How,
    /// What differs.
    pub fields: Vec<Field>,
}

/// One property that differs.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = ChangedField)]
pub struct Field {
    /// JSON pointer into the resource's properties.
    pub pointer: String,
    /// As it is.
    pub from: Value,
    /// As it would be.
    pub to: Value,
    /// How it gets there.
    pub how: How,
    /// Why it would be so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// One setting of PostgreSQL that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ChangedSetting)]
pub struct SettingChange {
    /// The component.
    pub component: String,
    /// The parameter.
    pub name: String,
    /// As it is; none if it is not set.
    pub from: Option<String>,
    /// As it would be; none if it goes back to PostgreSQL's own default.
    pub to: Option<String>,
    /// How it gets there.
    pub how: How,
    /// Why it would be so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl Changes {
    /// Whether there is anything to do.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.create.is_empty() && self.change.is_empty() && self.remove.is_empty() && self.settings.is_empty()
    }

    /// Whether another machine takes the place of the one that runs.
    #[must_use]
    pub fn replaces_machine(&self) -> bool {
        self.change.iter().flat_map(|changed| &changed.fields).any(|field| field.pointer == aws::IMAGE_ID && field.how == How::Replace)
    }

    /// What would have to be made anew and can't be, since something hangs on it: all but the machine.
    #[must_use]
    pub fn fixed(&self) -> Option<&Changed> {
        self.change.iter().find(|changed| changed.kind != aws::INSTANCE && changed.how == How::Replace)
    }

    /// The strongest way among what changes; none where nothing that runs is touched.
    #[must_use]
    pub fn effect(&self) -> Option<How> {
        self.change.iter().map(|changed| changed.how).chain(self.settings.iter().map(|setting| setting.how)).max()
    }
}

/// Compares what would be with what is. `restarts` says, by major version and name, whether a setting
/// needs a restart of PostgreSQL.
///
/// # Errors
/// What can't be done to something that runs: each with the plan's field and what can be done instead.
pub fn compare(old: Option<&Document>, new: &Document, restarts: impl Fn(&str, &str) -> bool) -> Result<Changes, Vec<FieldError>> {
    let Some(old) = old else {
        return Ok(Changes { create: new.resources.iter().map(touched).collect(), ..Changes::default() });
    };
    let impossible = aws::refused(old, new);
    if !impossible.is_empty() {
        return Err(impossible);
    }
    let missing_in = |document: &Document, resource: &&Resource| !document.resources.iter().any(|other| other.id == resource.id);
    Ok(Changes {
        create: new.resources.iter().filter(|resource| missing_in(old, resource)).map(touched).collect(),
        remove: old.resources.iter().filter(|resource| missing_in(new, resource)).map(touched).collect(),
        change: old.resources.iter().filter_map(|before| changed(before, old, new)).collect(),
        settings: settings(&old.configuration, &new.configuration, restarts),
    })
}

fn touched(resource: &Resource) -> Touched {
    Touched { id: resource.id.clone(), kind: resource.kind.clone() }
}

fn changed(before: &Resource, old: &Document, new: &Document) -> Option<Changed> {
    let after = new.resources.iter().find(|after| after.id == before.id)?;
    let empty = serde_json::Map::new();
    let (from, to) = (before.properties.as_object().unwrap_or(&empty), after.properties.as_object().unwrap_or(&empty));
    let names = from.keys().chain(to.keys().filter(|name| !from.contains_key(*name)));
    let mut fields: Vec<_> = names
        .filter(|name| from.get(*name) != to.get(*name))
        .filter_map(|name| {
            let pointer = format!("/{name}");
            Some(Field {
                from: from.get(name).cloned().unwrap_or_default(),
                to: to.get(name).cloned().unwrap_or_default(),
                how: aws::how(&before.kind, name)?,
                reason: after.reasons.get(&pointer).cloned(),
                pointer,
            })
        })
        .collect();
    fields.extend(aws::looked_up_anew(before, old, new));
    let how = fields.iter().map(|field| field.how).max()?;
    Some(Changed { id: before.id.clone(), kind: before.kind.clone(), how, fields })
}

fn settings(
    old: &BTreeMap<String, Configuration>,
    new: &BTreeMap<String, Configuration>,
    restarts: impl Fn(&str, &str) -> bool,
) -> Vec<SettingChange> {
    let mut all = Vec::new();
    for (component, after) in new {
        let Some(before) = old.get(component) else { continue };
        let find = |of: &[Setting], name: &str| of.iter().find(|setting| setting.name == name).cloned();
        let gone = before.tuned.settings.iter().filter(|setting| find(&after.tuned.settings, &setting.name).is_none());
        for name in after.tuned.settings.iter().chain(gone).map(|setting| &setting.name) {
            let (from, to) = (find(&before.tuned.settings, name), find(&after.tuned.settings, name));
            if from.as_ref().map(|setting| &setting.value) == to.as_ref().map(|setting| &setting.value) {
                continue;
            }
            all.push(SettingChange {
                component: component.clone(),
                name: name.clone(),
                from: from.map(|setting| setting.value),
                reason: to.as_ref().map(|setting| setting.reason.clone()),
                to: to.map(|setting| setting.value),
                how: if restarts(&after.version, name) { How::Restart } else { How::Reload },
            });
        }
    }
    all
}
