//! Plans in a form that needs no Cloudsail.

use crate::api::Api;
use crate::args::{Export, Form, Target};
use crate::failure::Failure;
use crate::out::{Out, tame, text};
use crate::transform::document;
use domain::PlanId;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{Error, ErrorKind, Result as IoResult};
use std::path::{Component, Path, PathBuf};
use transform::terraform;

/// A folder's name and its files.
type Folder = (String, BTreeMap<String, String>);

pub fn export(api_url: &str, out: &Out, wanted: &Export) -> Result<(), Failure> {
    match (wanted.to, &wanted.plan) {
        (Form::Terraform, Some(plan)) => {
            let id = plan.to_str().and_then(|text| text.parse::<PlanId>().ok());
            let folder = match id {
                Some(_) if wanted.region.is_some() => return Err(Failure::usage("a saved plan says its own region: change it there")),
                Some(id) => saved(&Api::at(api_url)?, &id)?,
                None => own(plan, wanted.region.as_deref())?,
            };
            keep(out, wanted, folder)
        }
        (Form::Terraform, None) => Err(Failure::usage("name the plan's file, or `-` for standard input")),
        (Form::JsonSchema, _) => out.line(domain::plan::SCHEMA),
    }
}

/// Of a plan in a file, by what this build knows.
fn own(file: &Path, region: Option<&str>) -> Result<Folder, Failure> {
    let document = document(Target::Aws, file, region)?;
    let files = terraform::export(&document).map_err(|error| Failure::usage(error.to_string()))?;
    Ok((terraform::folder(&document), files))
}

/// Of a plan that the API holds.
fn saved(api: &Api, id: &PlanId) -> Result<Folder, Failure> {
    let answer = api.get(&format!("/v1/plan/{id}/export?to=terraform"))?;
    let files = answer["files"].as_array().into_iter().flatten();
    let files = files.map(|file| Ok((name(&file["path"])?, text(&file["content"]).to_owned()))).collect::<Result<_, _>>()?;
    Ok((name(&answer["folder"])?, files))
}

/// A name that leads to no other place: what is written stays in its folder, whoever answers.
fn name(value: &Value) -> Result<String, Failure> {
    let name = text(value);
    match Path::new(name).components().collect::<Vec<_>>()[..] {
        [Component::Normal(only)] if only == name => Ok(name.to_owned()),
        _ => Err(Failure::service(format!("the API answered {value}, which is no file's name"))),
    }
}

fn keep(out: &Out, wanted: &Export, (folder, files): Folder) -> Result<(), Failure> {
    let folder = wanted.out.clone().unwrap_or_else(|| PathBuf::from(folder));
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
