/// A variable of the person's environment; an empty one counts as unset.
pub fn variable(name: &str) -> Option<String> {
    #[expect(clippy::disallowed_methods, reason = "the command line is no function: these are the person's settings, not the platform's")]
    let value = std::env::var(name);
    value.ok().filter(|value| !value.is_empty())
}
