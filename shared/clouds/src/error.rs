use std::fmt;

/// What the crate's calls answer.
pub type Result<T> = std::result::Result<T, Error>;

/// What the cloud itself said: the machine-readable code, its sentence, and the id its support asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ApiError {
    /// The cloud's own code, for example `UnauthorizedOperation`; empty when no answer came.
    pub code: String,
    /// The cloud's own sentence.
    pub message: String,
    /// The cloud's id of the request, where it gave one.
    pub request_id: Option<String>,
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.message)?;
        match &self.request_id {
            Some(id) => write!(f, " (request {id})"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for ApiError {}

/// A call that the cloud did not carry out, by what it means for the caller. `action` is the API's name of the call.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The role lacks the permission, or may not be assumed. A person has to change the account.
    #[error("{action} was refused: {message}")]
    Denied {
        /// The API call, for example `ec2:RunInstances`.
        action: &'static str,
        /// The cloud's sentence.
        message: String,
        /// The cloud's answer.
        #[source]
        cause: ApiError,
    },
    /// What the call names does not exist (or is not visible yet: a new resource can take seconds to be seen).
    #[error("{action} found nothing")]
    NotFound {
        /// The API call.
        action: &'static str,
        /// The cloud's answer.
        #[source]
        cause: ApiError,
    },
    /// Something of that name exists and is not ours to take over.
    #[error("{action} met a name that is taken")]
    AlreadyExists {
        /// The API call.
        action: &'static str,
        /// The cloud's answer.
        #[source]
        cause: ApiError,
    },
    /// Something else still holds the resource; it goes once that is gone.
    #[error("{action} met a resource that is still in use")]
    InUse {
        /// The API call.
        action: &'static str,
        /// The cloud's answer.
        #[source]
        cause: ApiError,
    },
    /// What the call builds on was made but is not usable yet: a new role's profile, an instance that is still pending.
    #[error("{action} came before what it needs was ready")]
    NotReady {
        /// The API call.
        action: &'static str,
        /// The cloud's answer.
        #[source]
        cause: ApiError,
    },
    /// Too many calls for the account's rate limit.
    #[error("{action} was throttled")]
    Throttled {
        /// The API call.
        action: &'static str,
        /// The cloud's answer.
        #[source]
        cause: ApiError,
    },
    /// A server error, a time-out, no connection, or a session that ran out. The call may have been carried out.
    #[error("{action} got no answer")]
    Unavailable {
        /// The API call.
        action: &'static str,
        /// The cloud's answer.
        #[source]
        cause: ApiError,
    },
    /// The zone has no machine of the type left, or a quota of the account is used up.
    #[error("{action} found no capacity: {message}")]
    NoCapacity {
        /// The API call.
        action: &'static str,
        /// The cloud's sentence.
        message: String,
        /// The cloud's answer.
        #[source]
        cause: ApiError,
    },
    /// The cloud does not accept the request as it stands; repeating it changes nothing.
    #[error("{action} was not accepted: {message}")]
    Invalid {
        /// The API call.
        action: &'static str,
        /// The cloud's sentence.
        message: String,
        /// The cloud's answer.
        #[source]
        cause: ApiError,
    },
}

impl Error {
    /// Whether the same call can succeed later with nobody changing anything.
    #[must_use]
    pub fn retryable(&self) -> bool {
        matches!(self, Self::InUse { .. } | Self::NotReady { .. } | Self::Throttled { .. } | Self::Unavailable { .. })
    }

    /// What the cloud itself said.
    #[must_use]
    pub fn cause(&self) -> &ApiError {
        match self {
            Self::Denied { cause, .. }
            | Self::NotFound { cause, .. }
            | Self::AlreadyExists { cause, .. }
            | Self::InUse { cause, .. }
            | Self::NotReady { cause, .. }
            | Self::Throttled { cause, .. }
            | Self::Unavailable { cause, .. }
            | Self::NoCapacity { cause, .. }
            | Self::Invalid { cause, .. } => cause,
        }
    }

    /// The API call that failed, for example `ec2:RunInstances`.
    #[must_use]
    pub fn action(&self) -> &'static str {
        match self {
            Self::Denied { action, .. }
            | Self::NotFound { action, .. }
            | Self::AlreadyExists { action, .. }
            | Self::InUse { action, .. }
            | Self::NotReady { action, .. }
            | Self::Throttled { action, .. }
            | Self::Unavailable { action, .. }
            | Self::NoCapacity { action, .. }
            | Self::Invalid { action, .. } => action,
        }
    }

    /// An answer that lacks a field the API promises, or an empty list where one item was asked for by id.
    pub(crate) fn not_found(action: &'static str, message: impl Into<String>) -> Self {
        Self::NotFound { action, cause: ApiError { code: "NotFound".into(), message: message.into(), request_id: None } }
    }

    /// An answer that the API's own description rules out.
    pub(crate) fn unexpected(action: &'static str, message: impl Into<String>) -> Self {
        Self::Unavailable { action, cause: ApiError { code: "UnexpectedAnswer".into(), message: message.into(), request_id: None } }
    }
}

/// Turns "there is nothing" into `Ok`: what is to be deleted and is absent has been deleted.
pub(crate) fn absent_is_done(result: Result<()>) -> Result<()> {
    match result {
        Err(Error::NotFound { .. }) => Ok(()),
        other => other,
    }
}
