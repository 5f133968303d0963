//! Changing a plan without losing anybody's work.

use crate::api::Api;
use crate::environment::variable;
use crate::failure::Failure;
use crate::files;
use crate::out::{Out, text};
use serde_json::Value;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use uuid::Uuid;

pub fn from_file(api: &Api, out: &Out, plan: &str, file: &Path) -> Result<(), Failure> {
    let changed = files::read_json(file)?;
    let saved = api.get(&format!("/v1/plan/{plan}"))?;
    send(api, out, &saved, &changed)
}

pub fn in_editor(api: &Api, out: &Out, plan: &str) -> Result<(), Failure> {
    let saved = api.get(&format!("/v1/plan/{plan}"))?;
    let before = serde_json::to_string_pretty(&saved["plan"]).unwrap_or_default() + "\n";
    let draft = Draft::make(plan, &before)?;
    let sent = draft.edit().and_then(|()| send(api, out, &saved, &files::read_json(&draft.file)?));
    match sent {
        Err(failure) if draft.differs(&before) => {
            let file = draft.file.display();
            Err(failure.hint(format!("your text is kept in {file}; send it: cloudsail plan edit {plan} --file {file}")))
        }
        sent => {
            draft.drop();
            sent
        }
    }
}

fn send(api: &Api, out: &Out, saved: &Value, changed: &Value) -> Result<(), Failure> {
    let plan = text(&saved["id"]);
    if saved["plan"] == *changed {
        return out.show(saved, || format!("{plan} is the same: nothing was sent"));
    }
    let answer = api.put(&format!("/v1/plan/{plan}"), &saved["version"], changed).map_err(|failure| match failure.status() {
        Some(412) => Failure::usage(format!("somebody changed {plan} since you opened version {}: nothing was saved", saved["version"]))
            .hint(format!("see what it is now: cloudsail plan show {plan}")),
        _ => failure,
    })?;
    let deployed = answer["deployment_id"].is_string();
    let next = if deployed { format!("; what runs is as before, until: cloudsail deploy {plan}") } else { String::new() };
    out.show(&answer, || format!("{plan} is saved as version {}{next}", answer["version"]))
}

/// The plan's text in a folder that only its owner can open: editors put their own copies beside it.
struct Draft {
    folder: PathBuf,
    file: PathBuf,
}

impl Draft {
    fn make(plan: &str, text: &str) -> Result<Self, Failure> {
        let folder = std::env::temp_dir().join(format!("cloudsail-{}", Uuid::new_v4()));
        let made = std::fs::DirBuilder::new().mode(0o700).create(&folder);
        made.map_err(|error| Failure::service(format!("{}: {error}", folder.display())))?;
        let file = folder.join(format!("{plan}.json"));
        files::write_private(&file, text)?;
        Ok(Self { folder, file })
    }

    /// As git does it: the shell reads the editor's name, which may have arguments.
    fn edit(&self) -> Result<(), Failure> {
        let editor = variable("VISUAL").or_else(|| variable("EDITOR")).unwrap_or_else(|| "vi".to_owned());
        let status = Command::new("sh").arg("-c").arg(format!("{editor} \"$@\"")).arg(&editor).arg(&self.file).status();
        match status {
            Ok(status) if status.success() => Ok(()),
            Ok(status) => Err(Failure::usage(format!("the editor `{editor}` ended with {status}: nothing was sent"))
                .hint("choose another one: EDITOR=nano, or --file FILE")),
            Err(error) => Err(Failure::service(format!("sh could not be started: {error}"))),
        }
    }

    /// Whether there is work in it. What can't be read may be.
    fn differs(&self, before: &str) -> bool {
        std::fs::read_to_string(&self.file).map_or(true, |text| text != before)
    }

    fn drop(self) {
        // A draft that stays is private and harms nobody.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
