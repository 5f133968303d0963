//! All that can be said of a deploy before it happens, without asking the cloud.

use crate::changes::{Changes, How, compare};
use crate::document::{Configuration, Document};
use crate::warnings::{self, Warning};
use crate::{Resource, aws};
use domain::plan::{FieldError, Plan};
use jiff::civil::Date;
use knowledge::{Estimate, EstimateInputs, Knowledge};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// What a deploy would do and cost.
#[derive(Debug, Clone, Serialize)]
pub struct Preview {
    /// `new`, `change` or `none`.
    pub kind: &'static str,
    /// The strongest way in which something that runs is touched.
    pub effect: Option<How>,
    /// What is made, changed and removed.
    pub changes: Changes,
    /// The configuration with its reasons, by component.
    pub configuration: BTreeMap<String, Configuration>,
    /// A month.
    pub cost: Estimate,
    /// What to think about.
    pub warnings: Vec<Warning>,
    /// The document that would be carried out.
    #[serde(skip)]
    pub document: Document,
}

/// What a deploy would use of the account's quotas beyond what is used now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Added {
    /// Virtual CPUs.
    pub cpu: u32,
    /// Disk, the root volume included, GiB.
    pub disk_gib: u32,
}

impl Preview {
    /// What it would use beyond what is used now.
    #[must_use]
    pub fn added(&self, knowledge: &Knowledge) -> Added {
        Added { cpu: self.added_cpu(knowledge), disk_gib: self.added_disk_gib(knowledge) }
    }

    fn added_disk_gib(&self, knowledge: &Knowledge) -> u32 {
        let to = number(&self.document, aws::VOLUME, "Size");
        let volumes = self.changes.change.iter().filter(|changed| changed.kind == aws::VOLUME);
        let from = volumes.flat_map(|changed| &changed.fields).find(|field| field.pointer == "/Size");
        match (self.kind, from.and_then(|field| field.from.as_u64()).and_then(|from| u32::try_from(from).ok())) {
            ("new", _) => to + knowledge.catalogue.root_volume_gib(),
            (_, Some(from)) => to.saturating_sub(from),
            (_, None) => 0,
        }
    }

    fn added_cpu(&self, knowledge: &Knowledge) -> u32 {
        let cpu = |name: &str| knowledge.catalogue.machine(name).map_or(0, |machine| machine.cpu);
        let to = cpu(instance_type(&self.document));
        let fields = self.changes.change.iter().flat_map(|changed| &changed.fields);
        match (self.kind, fields.into_iter().find(|field| field.pointer == "/InstanceType")) {
            ("new", _) => to,
            (_, Some(field)) => to.saturating_sub(field.from.as_str().map_or(0, cpu)),
            (_, None) => 0,
        }
    }
}

/// Derives the document and says what it means. `running` is the document of what runs now.
///
/// # Errors
/// Each field of the plan that can't be had, or that what runs can't become.
pub fn preview(plan: &Plan, running: Option<&Document>, knowledge: &Knowledge, today: Date) -> Result<Preview, Vec<FieldError>> {
    let plan = &grown(plan, running);
    let document = derived(plan, running, knowledge).map_err(|error| match error {
        aws::Error::Field { pointer, message } => vec![FieldError::new(pointer, message)],
        other => vec![FieldError::new("", other.to_string())],
    })?;
    let changes = compare(running, &document, |version, name| {
        // What nobody knows is taken for the stronger way.
        version.parse().ok().and_then(|version| knowledge.tuning.needs_restart(version, name)).unwrap_or(true)
    })?;
    let kind = match running {
        None => "new",
        Some(_) if changes.is_empty() => "none",
        Some(_) => "change",
    };
    Ok(Preview {
        kind,
        effect: changes.effect(),
        configuration: document.configuration.clone(),
        cost: cost(plan, &document, knowledge, today),
        warnings: warned(plan, running, &document, &changes, knowledge),
        changes,
        document,
    })
}

/// What the plan leads to. While it leads to a machine type that there was no room for, what runs instead stays, unless the plan names
/// that type: nobody is cut off by a preview that was looked at, and no deploy of an unchanged plan moves anything.
fn derived(plan: &Plan, running: Option<&Document>, knowledge: &Knowledge) -> Result<Document, aws::Error> {
    let plain = aws::document(plan, knowledge)?;
    let full = running.map_or(&[][..], |running| &running.no_room);
    if !full.iter().any(|name| name == instance_type(&plain)) {
        return Ok(plain);
    }
    // A type that the plan names leaves nothing else to take.
    Ok(aws::document_without(plan, knowledge, full).unwrap_or(plain))
}

/// The plan with the disk that there is, where it may grow by itself: its size is what it began with, and it never shrinks.
fn grown(plan: &Plan, running: Option<&Document>) -> Plan {
    let mut plan = plan.clone();
    let size = running.map(|running| number(running, aws::VOLUME, "Size"));
    for disk in plan.components.iter_mut().map(|component| &mut component.hardware.disk).filter(|disk| disk.grow_to_gib.is_some()) {
        disk.size_gib = disk.size_gib.max(size.unwrap_or_default());
    }
    plan
}

/// What the cloud was asked for by what runs: as it was stored, or, for a deployment whose first step is still to come, derived again.
///
/// # Errors
/// [`aws::Error`] if the stored one can't be read, or the plan's can't be had any more.
pub fn running(plan: &Plan, stored: Option<&Value>, knowledge: &Knowledge) -> Result<Document, aws::Error> {
    match stored {
        Some(stored) => Document::deserialize(stored).map_err(|error| aws::Error::Document(error.to_string())),
        None => aws::document(plan, knowledge),
    }
}

/// Refuses a plan that was moved to another account while it runs in the first.
///
/// # Errors
/// The account's field.
pub fn same_account(runs: &Plan, plan: &Plan) -> Result<(), Vec<FieldError>> {
    match (&runs.cloud.account, &plan.cloud.account) {
        (Some(from), Some(to)) if from != to => {
            let message = format!("runs in the account {from}; deploy another plan into {to}, and move the data");
            Err(vec![FieldError::new("/cloud/account", message)])
        }
        _ => Ok(()),
    }
}

fn one<'a>(document: &'a Document, kind: &str) -> Option<&'a Resource> {
    document.resources.iter().find(|resource| resource.kind == kind)
}

fn number(document: &Document, kind: &str, property: &str) -> u32 {
    let value = one(document, kind).and_then(|resource| resource.properties[property].as_u64());
    value.and_then(|value| u32::try_from(value).ok()).unwrap_or_default()
}

fn instance_type(document: &Document) -> &str {
    one(document, aws::INSTANCE).and_then(|resource| resource.properties["InstanceType"].as_str()).unwrap_or_default()
}

fn cost(plan: &Plan, document: &Document, knowledge: &Knowledge, today: Date) -> Estimate {
    let disk_gib = number(document, aws::VOLUME, "Size");
    let backed_up = plan.postgres().is_some_and(|component| component.backup.is_some());
    let mut cost = knowledge.catalogue.estimate(&EstimateInputs {
        region: &document.region,
        instance_type: instance_type(document),
        disk_gib,
        disk_iops: number(document, aws::VOLUME, "Iops"),
        disk_throughput_mib_s: number(document, aws::VOLUME, "Throughput"),
        disk_ceiling_gib: plan.postgres().and_then(|component| component.hardware.disk.grow_to_gib),
        backup_gib: backed_up.then_some(disk_gib),
        today,
    });
    for part in cost.parts.iter_mut().filter(|part| part.what == "backup" && part.monthly.is_some()) {
        part.reason.push_str("; taken as one full disk, and a disk that is half empty costs half");
    }
    cost
}

fn warned(plan: &Plan, running: Option<&Document>, document: &Document, changes: &Changes, knowledge: &Knowledge) -> Vec<Warning> {
    let catalogue = &knowledge.catalogue;
    let mut all = Vec::new();
    if let Some(running) = running.filter(|_| changes.replaces_machine()) {
        all.push(warnings::replaced(aws::ground(running, document)));
    }
    if let Some(full) = document.no_room.first() {
        all.push(warnings::no_room(full, instance_type(document)));
    }
    if let (Some(component), Some(machine)) = (plan.postgres(), catalogue.machine(instance_type(document))) {
        all.extend(warnings::of(component, machine, catalogue));
    }
    all
}
