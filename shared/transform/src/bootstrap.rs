//! The boot script: one for all clouds, with the few functions in which they differ.

use crate::document::Configuration;
use knowledge::Setting;

const POSTGRES: &str = include_str!("../../../layers/bootstrap/postgres.sh");
const PROVIDER: &str = "# @PROVIDER@\n";

/// The script with a cloud's functions and all that the plan says filled in.
pub(crate) fn script(provider: &str, configuration: &Configuration, allow: &[String]) -> String {
    let Configuration { version, database, tuned, .. } = configuration;
    // What stands before a fragment's first empty line is for its reader.
    let functions = provider.split_once("\n\n").map_or(provider, |(_, rest)| rest);
    fill(
        &POSTGRES.replace(PROVIDER, functions),
        &[
            ("VERSION", version),
            ("DATABASE", database),
            ("ALLOW", &allow.join(" ")),
            ("SETTINGS", knowledge::render(&tuned.settings).trim()),
            ("KERNEL", knowledge::render(&tuned.kernel).trim()),
            ("LIMITS", lines(&tuned.limits).trim()),
        ],
    )
}

/// As a unit file of systemd takes them: no space around the sign.
fn lines(limits: &[Setting]) -> String {
    limits.iter().map(|limit| format!("# {}\n{}={}\n", limit.reason, limit.name, limit.value)).collect()
}

/// Each place `@NAME@` with its value.
pub(crate) fn fill(text: &str, values: &[(&str, &str)]) -> String {
    values.iter().fold(text.to_owned(), |text, (name, value)| text.replace(&format!("@{name}@"), value))
}
