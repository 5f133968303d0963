//! aws-json: a plan in AWS's words.

mod boot;
mod build;
mod change;
mod design;
pub(crate) mod shapes;

pub use boot::{BootFacts, CHECK};
pub(crate) use build::{ADMIN, KEEP_DAYS, PORT, configuration, field, pointer};
pub use build::{document, document_without};
pub use change::keep_volume;
pub(crate) use change::{Ground, IMAGE_ID, ground, how, looked_up_anew, refused};
pub use design::{DataVolume, Design, Image, MachineRole};
pub use shapes::{ATTACHMENT, INSTANCE, INSTANCE_PROFILE, ROLE, SECRET, SECURITY_GROUP, TYPES, VOLUME};

use boot::USER_DATA_LIMIT;

/// The `schema` of these documents.
pub const SCHEMA: &str = "aws-json/1";

/// Why a plan has no document, or a document no meaning.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A field of the plan, by JSON pointer, and what to do.
    #[error("{pointer}: {message}")]
    Field {
        /// JSON pointer into the plan.
        pointer: String,
        /// What is wrong and what is allowed.
        message: String,
    },
    /// The rendered user data is too long.
    #[error("the user data would be {size} bytes, and AWS takes {USER_DATA_LIMIT}; name fewer ranges that may connect")]
    TooLong {
        /// Its size in bytes.
        size: usize,
    },
    /// The document is not one of ours.
    #[error("the document can't be carried out: {0}")]
    Document(String),
}
