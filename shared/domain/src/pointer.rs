//! Reading JSON into a known shape, with the place of a mistake as a JSON pointer (RFC 6901).

use crate::plan::FieldError;
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_path_to_error::Segment;

/// # Errors
/// The first field that is unknown, missing or of another kind.
pub fn read<T: DeserializeOwned>(value: &Value) -> Result<T, FieldError> {
    // A list would be taken for the fields of a struct in their order.
    if !value.is_object() {
        return Err(FieldError::new("", "must be a JSON object"));
    }
    serde_path_to_error::deserialize(value).map_err(|error| {
        let mut pointer: String = error
            .path()
            .iter()
            .map(|segment| match segment {
                Segment::Seq { index } => format!("/{index}"),
                Segment::Map { key } => format!("/{}", key.replace('~', "~0").replace('/', "~1")),
                Segment::Enum { variant } => format!("/{variant}"),
                Segment::Unknown => String::new(),
            })
            .collect();
        let message = error.into_inner().to_string();
        // A missing field is reported at its parent; the person looks for the field itself.
        if let Some(field) = message.strip_prefix("missing field `").and_then(|rest| rest.split('`').next()) {
            pointer = format!("{pointer}/{field}");
        }
        FieldError::new(pointer, message)
    })
}
