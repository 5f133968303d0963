//! Where the files of the knowledge layer come from.

use crate::Error;
use serde::de::DeserializeOwned;
use std::borrow::Cow;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;

/// The files of `layers/knowledge`: a folder, or what the build took in.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Layer<'a> {
    Folder(&'a Path),
    #[cfg(feature = "built-in")]
    BuiltIn,
}

#[cfg(feature = "built-in")]
macro_rules! files {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../../../layers/knowledge/", $name)))),*]
    };
}

#[cfg(feature = "built-in")]
const FILES: &[(&str, &str)] = files![
    "aws-instance-types.json",
    "aws-prices.json",
    "azure-vm-sizes.json",
    "gcp-machine-types.json",
    "limits.toml",
    "parameters.toml",
    "pgtune.toml",
    "postgres.toml",
    "regions.toml",
    "systems.toml",
];

impl Layer<'_> {
    /// The text of one file.
    pub fn text(&self, file: &'static str) -> Result<Cow<'static, str>, Error> {
        match self {
            Self::Folder(folder) => {
                std::fs::read_to_string(folder.join(file)).map(Cow::Owned).map_err(|source| Error::Unreadable { file, source })
            }
            #[cfg(feature = "built-in")]
            Self::BuiltIn => {
                let found = FILES.iter().find(|(name, _)| *name == file);
                found
                    .map(|(_, text)| Cow::Borrowed(*text))
                    .ok_or_else(|| Error::Unreadable { file, source: std::io::ErrorKind::NotFound.into() })
            }
        }
    }

    /// A hash of the files' text. Another build may hash otherwise, which is fine for what is only kept for a while.
    pub fn fingerprint(&self, files: &[&'static str]) -> Result<String, Error> {
        let mut hasher = DefaultHasher::new();
        for file in files {
            self.text(file)?.hash(&mut hasher);
        }
        Ok(format!("{:016x}", hasher.finish()))
    }

    /// One file of TOML.
    pub fn toml<T: DeserializeOwned>(&self, file: &'static str) -> Result<T, Error> {
        parse(file, &self.text(file)?)
    }
}

/// The text of a file of TOML, typed.
pub(crate) fn parse<T: DeserializeOwned>(file: &'static str, text: &str) -> Result<T, Error> {
    toml::from_str(text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        Error::broken(file, text, at, error.message().to_owned())
    })
}

/// The text of a file of JSON.
pub fn json<T: DeserializeOwned>(file: &'static str, text: &str) -> Result<T, Error> {
    serde_json::from_str(text).map_err(|error| Error::Broken { file, line: error.line().max(1), message: error.to_string() })
}
