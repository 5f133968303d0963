//! Plans in a form that needs no Cloudsail.

use crate::args::{Export, Form};
use crate::failure::Failure;
use crate::out::Out;

pub fn export(out: &Out, wanted: &Export) -> Result<(), Failure> {
    match wanted.to {
        Form::JsonSchema => out.line(domain::plan::SCHEMA),
    }
}
