//! The boot script: one for all clouds, with the few functions in which they differ.

const POSTGRES: &str = include_str!("../../../layers/bootstrap/postgres.sh");
const PROVIDER: &str = "# @PROVIDER@\n";

/// The script with a cloud's functions and all that the plan says filled in.
pub(crate) fn script(provider: &str, version: &str, database: &str, allow: &[String], settings: &str) -> String {
    // What stands before a fragment's first empty line is for its reader.
    let functions = provider.split_once("\n\n").map_or(provider, |(_, rest)| rest);
    fill(
        &POSTGRES.replace(PROVIDER, functions),
        &[("VERSION", version), ("DATABASE", database), ("ALLOW", &allow.join(" ")), ("SETTINGS", settings.trim())],
    )
}

/// Each place `@NAME@` with its value.
pub(crate) fn fill(text: &str, values: &[(&str, &str)]) -> String {
    values.iter().fold(text.to_owned(), |text, (name, value)| text.replace(&format!("@{name}@"), value))
}
