//! What goes to standard output.

use crate::environment::variable;
use crate::failure::Failure;
use serde_json::Value;
use std::cell::Cell;
use std::io::{ErrorKind, IsTerminal, Write};

/// The shape of what is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// Aligned text for people.
    Table,
    /// What the API answered.
    Json,
}

/// Standard output, as the person wants it.
pub struct Out {
    format: Format,
    colour: bool,
    closed: Cell<bool>,
}

impl Out {
    pub fn new(format: Format) -> Self {
        // https://no-color.org: any value but the empty one.
        let plain = variable("NO_COLOR").is_some() || variable("TERM").is_some_and(|term| term == "dumb");
        Self { format, colour: std::io::stdout().is_terminal() && !plain, closed: Cell::new(false) }
    }

    /// Prints the answer as JSON, or the text for people.
    pub fn show(&self, answer: &Value, text: impl FnOnce() -> String) -> Result<(), Failure> {
        match self.format {
            Format::Json => self.line(&serde_json::to_string_pretty(answer).unwrap_or_default()),
            Format::Table => self.line(&text()),
        }
    }

    /// Prints one item of a stream: JSON on one line, or the text for people.
    pub fn item(&self, answer: &Value, text: impl FnOnce() -> String) -> Result<(), Failure> {
        match self.format {
            Format::Json => self.line(&answer.to_string()),
            Format::Table => self.line(&text()),
        }
    }

    /// Prints bytes as they are and ends the line. A reader that has read enough (`| head -1`) is no failure: the command goes on to
    /// its end and to its own exit code.
    pub fn line(&self, text: &str) -> Result<(), Failure> {
        if self.closed.get() {
            return Ok(());
        }
        let mut out = std::io::stdout().lock();
        match writeln!(out, "{}", text.trim_end_matches('\n')).and_then(|()| out.flush()) {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => {
                self.closed.set(true);
                Ok(())
            }
            result => result.map_err(|error| Failure::service(format!("standard output: {error}"))),
        }
    }

    /// Whether nobody reads any more.
    pub fn closed(&self) -> bool {
        self.closed.get()
    }

    /// The status in its colour, if colours are wanted.
    pub fn status(&self, status: &str) -> String {
        self.paint(status, status)
    }

    /// The text in the colour of the status.
    pub fn paint(&self, status: &str, text: &str) -> String {
        match colour(status) {
            Some(code) if self.colour => format!("\x1b[{code}m{text}\x1b[0m"),
            _ => text.to_owned(),
        }
    }
}

/// Gray, orange, green and red, as on the page.
fn colour(status: &str) -> Option<&'static str> {
    match status {
        "not_deployed" | "stopped" | "pending" => Some("90"),
        "deploying" | "changing" | "cancelling" | "destroying" => Some("38;5;208"),
        "running" | "verified" => Some("32"),
        "issue" | "failed" => Some("31"),
        _ => None,
    }
}

/// The string, or nothing.
pub fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// A timestamp to the second, as people read it: the API answers UTC.
pub fn moment(stamp: &Value) -> String {
    let Some((day, clock)) = text(stamp).trim_end_matches('Z').split_once('T') else { return text(stamp).to_owned() };
    format!("{day} {}Z", clock.split('.').next().unwrap_or_default())
}

/// Text from elsewhere without what would steer the terminal.
pub fn tame(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_moment_is_read_to_the_second() {
        assert_eq!(moment(&json!("2026-11-21T05:59:41.123456Z")), "2026-11-21 05:59:41Z");
        assert_eq!(moment(&json!("2026-11-21T05:59:41Z")), "2026-11-21 05:59:41Z");
        assert_eq!(moment(&json!(null)), "");
    }
}
