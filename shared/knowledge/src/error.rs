/// A file of the knowledge layer can't be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It is not there, or not text.
    #[error("the knowledge layer's file {file} can't be read")]
    Unreadable {
        /// Its name.
        file: &'static str,
        /// What the system says.
        #[source]
        source: std::io::Error,
    },
    /// It says something that is not allowed.
    #[error("{file}, line {line}: {message}")]
    Broken {
        /// Its name.
        file: &'static str,
        /// The line, from 1.
        line: usize,
        /// What is wrong there.
        message: String,
    },
}

/// Something asked for that can't be: which, and what would do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{name}: {message}")]
pub struct Refused {
    /// The setting or the input.
    pub name: String,
    /// What is wrong with it, and what is allowed.
    pub message: String,
}

impl Refused {
    pub(crate) fn new(name: impl Into<String>, message: impl Into<String>) -> Self {
        Self { name: name.into(), message: message.into() }
    }
}
