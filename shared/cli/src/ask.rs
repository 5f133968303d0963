use crate::failure::Failure;
use std::io::{BufRead, IsTerminal, Write};

/// Asks before something is lost, if somebody sits there to answer; a script is not asked.
pub fn sure(yes: bool, question: impl FnOnce() -> Result<String, Failure>) -> Result<(), Failure> {
    let (input, mut screen) = (std::io::stdin(), std::io::stderr());
    if yes || !input.is_terminal() || !screen.is_terminal() {
        return Ok(());
    }
    let question = question()?;
    let mut answer = String::new();
    let asked = write!(screen, "{question} [y/N] ").and_then(|()| screen.flush());
    asked.and_then(|()| input.lock().read_line(&mut answer)).map_err(|error| Failure::service(format!("the terminal: {error}")))?;
    match answer.trim().to_lowercase().as_str() {
        "y" | "yes" => Ok(()),
        _ => Err(Failure::refused()),
    }
}
