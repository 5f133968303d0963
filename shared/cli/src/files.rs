//! Files that only their owner can read.

use crate::environment::variable;
use crate::failure::Failure;
use serde_json::Value;
use std::io::{Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// The folder of the command line's own state, made if it is not there.
pub fn folder() -> Result<PathBuf, Failure> {
    let variable = |name: &str| variable(name).map(PathBuf::from);
    let base = variable("XDG_CONFIG_HOME").or_else(|| variable("HOME").map(|home| home.join(".config")));
    let folder = base.ok_or_else(|| Failure::usage("neither HOME nor XDG_CONFIG_HOME is set"))?.join("cloudsail");
    let made = std::fs::DirBuilder::new().recursive(true).mode(0o700).create(&folder);
    // One that is there already may have been made by hand, open to all.
    let closed = made.and_then(|()| std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o700)));
    closed.map_err(|error| Failure::service(format!("{}: {error}", folder.display())))?;
    Ok(folder)
}

/// Writes a file that only its owner can read, whole or not at all.
pub fn write_private(path: &Path, text: &str) -> Result<(), Failure> {
    let wrong = |error: std::io::Error| Failure::service(format!("{}: {error}", path.display()));
    let part = path.with_extension("part");
    let mut file = std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&part).map_err(wrong)?;
    file.set_permissions(std::fs::Permissions::from_mode(0o600)).map_err(wrong)?;
    file.write_all(text.as_bytes()).map_err(wrong)?;
    std::fs::rename(&part, path).map_err(wrong)
}

/// The file's text; `-` is standard input.
pub fn read(path: &Path) -> Result<String, Failure> {
    let mut text = String::new();
    let done = if path.as_os_str() == "-" {
        std::io::stdin().read_to_string(&mut text)
    } else {
        std::fs::File::open(path).and_then(|mut file| file.read_to_string(&mut text))
    };
    done.map_err(|error| Failure::usage(format!("{}: {error}", path.display())))?;
    Ok(text)
}

/// The file's JSON.
pub fn read_json(path: &Path) -> Result<Value, Failure> {
    serde_json::from_str(&read(path)?).map_err(|error| Failure::usage(format!("{} is not JSON: {error}", path.display())))
}
