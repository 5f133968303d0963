//! Writes the OpenAPI document to standard output.

use std::io::Write;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    std::io::stdout().write_all(cloudsail_tests::openapi::document()?.as_bytes())?;
    Ok(())
}
