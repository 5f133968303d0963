//! The boot script: one for all clouds, with the few functions in which they differ.

use crate::document::Configuration;
use knowledge::Setting;

const POSTGRES: &str = include_str!("../../../layers/bootstrap/postgres.sh");
const APPLY: &str = include_str!("../../../layers/bootstrap/apply.sh");
const REST: &str = include_str!("../../../layers/bootstrap/rest.sh");
const SETTINGS: &str = include_str!("../../../layers/bootstrap/settings.sh");
const SETTINGS_FUNCTIONS: &str = "# @SETTINGS_FUNCTIONS@\n";
const PROVIDER: &str = "# @PROVIDER@\n";

/// The boot script with a cloud's functions and all that the plan says filled in.
pub(crate) fn script(provider: &str, configuration: &Configuration) -> String {
    let script = POSTGRES.replace(PROVIDER, fragment(provider));
    set_up(&fill(&script, &[("DATABASE", &configuration.database)]), configuration)
}

/// What brings a running PostgreSQL to the configuration.
pub(crate) fn apply(configuration: &Configuration) -> String {
    set_up(APPLY, configuration)
}

/// What brings PostgreSQL to rest.
pub(crate) fn rest(configuration: &Configuration) -> String {
    fill(REST, &[("VERSION", &configuration.version)])
}

fn set_up(script: &str, Configuration { version, tuned, .. }: &Configuration) -> String {
    fill(
        &script.replace(SETTINGS_FUNCTIONS, fragment(SETTINGS)),
        &[
            ("VERSION", version),
            ("SETTINGS", knowledge::render(&tuned.settings).trim()),
            ("KERNEL", knowledge::render(&tuned.kernel).trim()),
            ("LIMITS", lines(&tuned.limits).trim()),
        ],
    )
}

/// What stands before a fragment's first empty line is for its reader.
fn fragment(text: &str) -> &str {
    text.split_once("\n\n").map_or(text, |(_, rest)| rest)
}

/// As a unit file of systemd takes them: no space around the sign.
fn lines(limits: &[Setting]) -> String {
    limits.iter().map(|limit| format!("# {}\n{}={}\n", limit.reason, limit.name, limit.value)).collect()
}

/// Each place `@NAME@` with its value.
pub(crate) fn fill(text: &str, values: &[(&str, &str)]) -> String {
    values.iter().fold(text.to_owned(), |text, (name, value)| text.replace(&format!("@{name}@"), value))
}
