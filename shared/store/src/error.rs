use tokio_postgres::error::{DbError, SqlState};

/// Why a statement did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database can't be reached, or ended the connection. Worth trying again.
    #[error("the database is not available")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// There is no such row, or it belongs to another user.
    #[error("no such row")]
    NotFound,
    /// The row has changed since it was read; its version now.
    #[error("the row is at version {0} by now")]
    Stale(i64),
    /// The deployment of this id still needs the row.
    #[error("{0} still needs the row")]
    InUse(String),
    /// The plan of this id protects its deployment.
    #[error("{0} protects its deployment")]
    Protected(String),
    /// The constraint of this name refused the row.
    #[error("the constraint {0} refused the row")]
    Conflict(String),
    /// A row that this code can't read, or a statement the server can't run: a defect of ours.
    #[error("the database answered what this code does not understand")]
    Invalid(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl Error {
    pub(crate) fn invalid(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Invalid(error.into())
    }

    pub(crate) fn unavailable(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Unavailable(error.into())
    }
}

/// What the server said, without its detail: that may quote a whole row, and errors are logged.
#[derive(Debug, thiserror::Error)]
#[error("{code}: {message} (table {table:?}, column {column:?})")]
struct Said {
    code: String,
    message: String,
    table: Option<String>,
    column: Option<String>,
}

impl Said {
    fn of(db: &DbError) -> Self {
        let (table, column) = (db.table().map(str::to_owned), db.column().map(str::to_owned));
        Self { code: db.code().code().to_owned(), message: db.message().to_owned(), table, column }
    }
}

impl From<tokio_postgres::Error> for Error {
    fn from(error: tokio_postgres::Error) -> Self {
        let Some(db) = error.as_db_error() else { return Self::unavailable(error) };
        let said = Said::of(db);
        match db.constraint() {
            Some(name) => Self::Conflict(name.to_owned()),
            // 08: connection, 53: out of resources, 57: shutting down or cancelled, 58: the system below.
            None if ["08", "53", "57", "58"].iter().any(|class| db.code().code().starts_with(class)) => Self::unavailable(said),
            // What PgBouncer and RDS Proxy say when they find no server behind them.
            None if *db.code() == SqlState::PROTOCOL_VIOLATION || *db.code() == SqlState::INVALID_PASSWORD => Self::unavailable(said),
            None => Self::invalid(said),
        }
    }
}
