//! Where a field of the full form stands in what a person wrote.

use serde_json::Value;

/// The full form's fields that may stand elsewhere in the component, and where.
const ELSEWHERE: [(&str, &str); 4] = [
    ("/aws/instance_type", "/hardware/instance_type"),
    ("/aws/ami", "/hardware/ami"),
    ("/hardware/disk/kind", "/hardware/storage"),
    ("/backup", "/db/backup"),
];
/// The component in the full form.
pub(super) const COMPONENT: &str = "/components/0";

/// Whether the body is in the short form: a component without the frame around it.
pub(super) fn is_short(body: &Value) -> bool {
    body.get("components").is_none() && body.get("schema").is_none()
}

/// The pointer into `body` of the field that `pointer` leads to in the full form. What is in neither form stays where its own form has
/// it, so that a person finds where to write it.
#[must_use]
pub fn written(body: &Value, pointer: &str) -> String {
    let Some(field) = pointer.strip_prefix(COMPONENT).filter(|_| pointer != COMPONENT) else { return pointer.to_owned() };
    let short = is_short(body);
    let at = if short { "" } else { COMPONENT };
    let here = |field: &str| format!("{at}{field}");
    let other = ELSEWHERE.iter().find_map(|(full, other)| {
        let rest = field.strip_prefix(full).filter(|rest| rest.is_empty() || rest.starts_with('/'))?;
        // The short form has no `aws` and keeps the backup in `db`; of the disk's kind it has both places.
        let only = short && *full != "/hardware/disk/kind";
        let there = body.pointer(&here(full)).is_none() && body.pointer(&here(other)).is_some();
        (only || there).then(|| here(&format!("{other}{rest}")))
    });
    other.unwrap_or_else(|| here(field))
}
