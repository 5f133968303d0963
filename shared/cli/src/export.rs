//! Plans in a form that needs no Cloudsail.

use crate::args::{Export, Form, Target};
use crate::failure::Failure;
use crate::out::{Out, tame};
use crate::transform::document;
use serde_json::json;
use std::collections::BTreeMap;
use std::io::{Error, ErrorKind, Result as IoResult};
use std::path::{Path, PathBuf};
use transform::terraform;

pub fn export(out: &Out, wanted: &Export) -> Result<(), Failure> {
    match (wanted.to, &wanted.file) {
        (Form::Terraform, Some(file)) => folder(out, wanted, file),
        (Form::Terraform, None) => Err(Failure::usage("name the plan's file, or `-` for standard input")),
        (Form::JsonSchema, _) => out.line(domain::plan::SCHEMA),
    }
}

fn folder(out: &Out, wanted: &Export, file: &Path) -> Result<(), Failure> {
    let document = document(Target::Aws, file, wanted.region.as_deref())?;
    let files = terraform::export(&document).map_err(|error| Failure::usage(error.to_string()))?;
    let folder = wanted.out.clone().unwrap_or_else(|| PathBuf::from(format!("{}-terraform", terraform::name(&document))));
    write(&folder, &files, wanted.force).map_err(|error| match error.kind() {
        ErrorKind::DirectoryNotEmpty => {
            Failure::usage(format!("{} holds something: name another folder with --out, or say --force", folder.display()))
        }
        _ => Failure::service(format!("{}: {error}", folder.display())),
    })?;
    let shown = folder.display().to_string();
    out.show(&json!({"folder": shown, "files": files.keys().collect::<Vec<_>>()}), || {
        tame(&format!("{shown} holds {} files; its README.md says what they make, and how: terraform init, terraform apply", files.len()))
    })
}

/// Writes all files or none: beside the folder first, then in one move, or, into a folder that holds something, file by file.
fn write(folder: &Path, files: &BTreeMap<String, String>, force: bool) -> IoResult<()> {
    let filled = match std::fs::read_dir(folder) {
        Ok(mut entries) => entries.next().is_some(),
        Err(error) if error.kind() == ErrorKind::NotFound => false,
        Err(error) => return Err(error),
    };
    if filled && !force {
        return Err(Error::from(ErrorKind::DirectoryNotEmpty));
    }
    // A folder's place is that of what a link leads to, so that the move stays in one file system.
    let place = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let mut beside = place.clone().into_os_string();
    beside.push(format!(".part-{}", std::process::id()));
    let beside = PathBuf::from(beside);
    let written = fill(&beside, files).and_then(|()| {
        if filled {
            files.keys().try_for_each(|name| std::fs::rename(beside.join(name), place.join(name)))
        } else {
            std::fs::rename(&beside, &place)
        }
    });
    // After the move there is nothing, or an empty folder.
    _ = std::fs::remove_dir_all(&beside);
    written
}

fn fill(folder: &Path, files: &BTreeMap<String, String>) -> IoResult<()> {
    std::fs::create_dir_all(folder)?;
    files.iter().try_for_each(|(name, text)| std::fs::write(folder.join(name), text))
}
