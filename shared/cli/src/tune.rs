//! Settings from sizes, without the API: the rules are part of the program.

use crate::failure::Failure;
use crate::out::Out;
use knowledge::{Knowledge, PgtuneInputs};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use std::io::BufRead;

/// A line of pgtune's vectors; what it says besides is left alone.
#[derive(Deserialize)]
struct Asked {
    input: PgtuneInputs,
}

/// Answers each line of standard input with pgtune's settings.
pub fn pgtune(out: &Out) -> Result<(), Failure> {
    let rules = &Knowledge::built_in().pgtune;
    each_line(|number, line| {
        let Asked { input } = read(number, line)?;
        let settings = rules.settings(&input).map_err(|refused| wrong(number, format!("input.{refused}")))?;
        out.line(&json!({ "settings": settings }).to_string())
    })
}

fn each_line(mut answer: impl FnMut(usize, &str) -> Result<(), Failure>) -> Result<(), Failure> {
    for (index, line) in std::io::stdin().lock().lines().enumerate() {
        let line = line.map_err(|error| wrong(index + 1, format!("{error}: send JSON as UTF-8 text, an object a line")))?;
        if !line.trim().is_empty() {
            answer(index + 1, &line)?;
        }
    }
    Ok(())
}

fn read<T: DeserializeOwned>(number: usize, line: &str) -> Result<T, Failure> {
    let mut json = serde_json::Deserializer::from_str(line);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let path = error.path().to_string();
        let error = error.into_inner();
        if !error.is_data() {
            return wrong(number, format!("is not JSON: {error}"));
        }
        // Where it stands in the line says less than the path.
        let said = error.to_string();
        let said = said.split(" at line ").next().unwrap_or_default();
        wrong(number, if path == "." { said.to_owned() } else { format!("{path}: {said}") })
    })?;
    json.end().map_err(|_| wrong(number, "there is more after the object: send an object a line".to_owned()))?;
    Ok(value)
}

fn wrong(number: usize, message: String) -> Failure {
    Failure::usage(format!("line {number}: {message}")).hint("what a line may hold: cloudsail tune --help")
}
