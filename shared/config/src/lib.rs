#![doc = include_str!("../README.md")]

use aws_credential_types::Credentials;
use std::time::Duration;

/// A variable is missing or can't be read; the start should end with this sentence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Not set, or empty.
    #[error("the environment variable {0} is not set")]
    Missing(&'static str),
    /// Set to something that is not of its kind.
    #[error("the environment variable {name} must be {expected}")]
    Invalid {
        /// Which variable.
        name: &'static str,
        /// What would be right.
        expected: &'static str,
    },
}

fn optional(name: &'static str) -> Option<String> {
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the environment")]
    std::env::var(name).ok().filter(|value| !value.trim().is_empty())
}

fn required(name: &'static str) -> Result<String, Error> {
    optional(name).ok_or(Error::Missing(name))
}

/// Those of the function's own role, which Lambda sets.
fn credentials() -> Result<Credentials, Error> {
    let (id, secret) = (required("AWS_ACCESS_KEY_ID")?, required("AWS_SECRET_ACCESS_KEY")?);
    Ok(Credentials::new(id, secret, optional("AWS_SESSION_TOKEN"), None, "environment"))
}

/// The database behind the proxy.
#[derive(Debug, Clone)]
pub struct Database {
    /// Without a password.
    pub url: String,
    /// PEM of a root to trust beside the public ones.
    pub ca: Option<String>,
    /// The region that a token is signed for.
    pub region: String,
    /// Whose token it is.
    pub credentials: Credentials,
}

impl Database {
    /// # Errors
    /// The first variable that is missing.
    pub fn from_env() -> Result<Self, Error> {
        Ok(Self {
            url: required("DATABASE_URL")?,
            ca: optional("DATABASE_CA"),
            region: required("AWS_REGION")?,
            credentials: credentials()?,
        })
    }
}

/// The database past the proxy, for migrations.
#[derive(Debug, Clone)]
pub struct AdminDatabase {
    /// Without a password.
    pub url: String,
    /// PEM of a root to trust beside the public ones.
    pub ca: Option<String>,
    /// Secret of the master user.
    pub admin_secret_arn: String,
    /// Secret of the role that the proxy signs in as.
    pub app_secret_arn: String,
}

impl AdminDatabase {
    /// # Errors
    /// The first variable that is missing.
    pub fn from_env() -> Result<Self, Error> {
        Ok(Self {
            url: required("DATABASE_ADMIN_URL")?,
            ca: optional("DATABASE_CA"),
            admin_secret_arn: required("DATABASE_ADMIN_SECRET_ARN")?,
            app_secret_arn: required("DATABASE_APP_SECRET_ARN")?,
        })
    }
}

/// The queue that wakes strands.
#[derive(Debug, Clone)]
pub struct JobsQueue {
    /// Its URL.
    pub url: String,
}

impl JobsQueue {
    /// # Errors
    /// The variable if it is missing.
    pub fn from_env() -> Result<Self, Error> {
        Ok(Self { url: required("JOBS_QUEUE_URL")? })
    }
}

/// Where messages to open pages go.
#[derive(Debug, Clone)]
pub struct Sockets {
    /// The WebSocket API's stage, for who posts.
    pub post_url: String,
}

impl Sockets {
    /// # Errors
    /// The variable if it is missing.
    pub fn from_env() -> Result<Self, Error> {
        Ok(Self { post_url: required("WEBSOCKET_POST_URL")? })
    }
}

/// Where pages connect.
#[derive(Debug, Clone)]
pub struct SocketAddress {
    /// `wss:`, without a ticket.
    pub url: String,
}

impl SocketAddress {
    /// # Errors
    /// The variable if it is missing.
    pub fn from_env() -> Result<Self, Error> {
        Ok(Self { url: required("WEBSOCKET_URL")? })
    }
}

/// The user pool.
#[derive(Debug, Clone)]
pub struct Identity {
    /// The app client.
    pub client_id: String,
}

impl Identity {
    /// # Errors
    /// The variable if it is missing.
    pub fn from_env() -> Result<Self, Error> {
        Ok(Self { client_id: required("USER_POOL_CLIENT_ID")? })
    }
}

/// Cognito's own page to sign in on.
#[derive(Debug, Clone)]
pub struct SignInPage {
    /// Without a path; none where people sign in on our own page alone.
    pub url: Option<String>,
}

impl SignInPage {
    /// An environment may have none.
    #[must_use]
    pub fn from_env() -> Self {
        Self { url: optional("SIGN_IN_PAGE_URL") }
    }
}

/// How long a person stays signed in without the password.
#[derive(Debug, Clone)]
pub struct Session {
    /// Days that a refresh token lives.
    pub days: u32,
}

impl Session {
    /// # Errors
    /// The variable if it is missing or no number of days.
    pub fn from_env() -> Result<Self, Error> {
        const NAME: &str = "REFRESH_TOKEN_DAYS";
        let days = required(NAME)?.parse().ok().filter(|days| *days > 0);
        Ok(Self { days: days.ok_or(Error::Invalid { name: NAME, expected: "a number of days, at least 1" })? })
    }
}

/// The account that customers' roles trust.
#[derive(Debug, Clone)]
pub struct ControlPlane {
    /// Twelve digits.
    pub account_id: String,
}

impl ControlPlane {
    /// # Errors
    /// The variable if it is missing.
    pub fn from_env() -> Result<Self, Error> {
        Ok(Self { account_id: required("CONTROL_ACCOUNT_ID")? })
    }
}

/// How long things may take before a person is told.
#[derive(Debug, Clone, Copy)]
pub struct Deadlines {
    /// From accepted to running.
    pub deploy: Duration,
}

impl Deadlines {
    /// # Errors
    /// The variable if it is not a number of seconds.
    pub fn from_env() -> Result<Self, Error> {
        Ok(Self { deploy: seconds("DEPLOY_DEADLINE_S", 900)? })
    }
}

fn seconds(name: &'static str, usual: u64) -> Result<Duration, Error> {
    let seconds = optional(name).map_or(Ok(usual), |text| text.parse());
    seconds.map(Duration::from_secs).map_err(|_| Error::Invalid { name, expected: "a number of seconds" })
}

/// When a linked account is compared with the ledger.
#[derive(Debug, Clone, Copy)]
pub struct Reconcile {
    /// What is younger is not judged.
    pub grace: Duration,
}

impl Reconcile {
    /// # Errors
    /// The variable if it is not a number of seconds.
    pub fn from_env() -> Result<Self, Error> {
        Ok(Self { grace: seconds("RECONCILE_GRACE_S", 900)? })
    }
}

/// The time in which a destroy can be undone.
#[derive(Debug, Clone, Copy)]
pub struct UndoWindow {
    /// How long it is.
    pub length: Duration,
}

impl UndoWindow {
    /// # Errors
    /// The variable if it is missing, or not a number of seconds.
    pub fn from_env() -> Result<Self, Error> {
        let seconds =
            required("UNDO_WINDOW_S")?.parse().map_err(|_| Error::Invalid { name: "UNDO_WINDOW_S", expected: "a number of seconds" })?;
        Ok(Self { length: Duration::from_secs(seconds) })
    }
}

/// A bucket.
#[derive(Debug, Clone)]
pub struct Bucket {
    /// Its name.
    pub name: String,
    /// Its own region.
    pub region: String,
}

impl Bucket {
    /// The one of uploads and of what lies about for some days.
    ///
    /// # Errors
    /// The first variable that is missing.
    pub fn media_from_env() -> Result<Self, Error> {
        Ok(Self { name: required("MEDIA_BUCKET")?, region: required("AWS_REGION")? })
    }
}

/// What is removed from which bucket.
#[derive(Debug, Clone)]
pub struct CleanUp {
    /// Uploads.
    pub media: Bucket,
    /// Received mail, in an environment that receives any.
    pub mail: Option<Bucket>,
    /// How long an upload may lie unused.
    pub tmp_age: Duration,
}

impl CleanUp {
    /// # Errors
    /// The first variable that is missing, or a number of days that is none.
    pub fn from_env() -> Result<Self, Error> {
        let days = required("TMP_DAYS")?.parse::<u32>().ok().filter(|days| *days >= 1);
        let days = days.ok_or(Error::Invalid { name: "TMP_DAYS", expected: "a number of days from 1" })?;
        let mail = |name| Ok(Bucket { name, region: required("MAIL_BUCKET_REGION")? });
        Ok(Self {
            media: Bucket::media_from_env()?,
            mail: optional("MAIL_BUCKET").map(mail).transpose()?,
            tmp_age: Duration::from_secs(u64::from(days) * 24 * 60 * 60),
        })
    }
}

/// Where Lambda unpacked the function.
#[derive(Debug, Clone)]
pub struct Package {
    root: String,
}

impl Package {
    /// # Errors
    /// The variable if it is missing; Lambda sets it.
    pub fn from_env() -> Result<Self, Error> {
        Ok(Self { root: required("LAMBDA_TASK_ROOT")? })
    }

    /// The folder of the files that were packed beside the executable.
    #[must_use]
    pub fn assets(&self) -> std::path::PathBuf {
        std::path::Path::new(&self.root).join("assets")
    }
}

/// Where the knowledge layer is.
#[derive(Debug, Clone)]
pub struct KnowledgeLayer {
    /// The folder of its files.
    pub folder: std::path::PathBuf,
}

impl KnowledgeLayer {
    /// Lambda unpacks the layer into `/opt/cloudsail/knowledge`; `KNOWLEDGE_DIR` names another folder.
    #[must_use]
    pub fn from_env() -> Self {
        Self { folder: optional("KNOWLEDGE_DIR").unwrap_or_else(|| "/opt/cloudsail/knowledge".to_owned()).into() }
    }
}

/// Redis.
#[derive(Debug, Clone)]
pub struct Cache {
    /// `redis://user@host[:port]`, or `rediss://` for TLS; without a password.
    pub url: String,
    /// The cache's ARN: its region, kind and name are what a token is signed for.
    pub arn: String,
    /// Whose token it is.
    pub credentials: Credentials,
}

impl Cache {
    /// # Errors
    /// The first variable that is missing.
    pub fn from_env() -> Result<Self, Error> {
        Ok(Self { url: required("REDIS_URL")?, arn: required("CACHE_ARN")?, credentials: credentials()? })
    }
}

/// How often somebody may ask, or be asked.
#[derive(Debug, Clone, Copy)]
pub struct Rate {
    /// Requests a second, in the long run.
    pub per_second: f64,
    /// Requests at once.
    pub burst: f64,
}

impl Rate {
    /// Of one user at the API.
    ///
    /// # Errors
    /// A variable that is not a positive number.
    pub fn from_env() -> Result<Self, Error> {
        Ok(Self { per_second: positive("RATE_PER_SECOND", 10.0)?, burst: positive("RATE_BURST", 100.0)? })
    }

    /// Of us at one customer's account. EC2 grants each account and region, for each kind of call, 100 at once and 20 a second where
    /// nothing is changed (EC2 Developer Guide, "Request throttling for the Amazon EC2 API"). That many of all kinds together leaves
    /// the customer most of it.
    ///
    /// # Errors
    /// A variable that is not a positive number.
    pub fn of_customer_calls() -> Result<Self, Error> {
        Ok(Self { per_second: positive("CUSTOMER_CALLS_PER_SECOND", 20.0)?, burst: positive("CUSTOMER_CALLS_BURST", 100.0)? })
    }
}

fn positive(name: &'static str, default: f64) -> Result<f64, Error> {
    let number = optional(name).map_or(Ok(default), |text| text.parse::<f64>());
    number.ok().filter(|number| number.is_finite() && *number >= 1.0).ok_or(Error::Invalid { name, expected: "a number from 1" })
}

/// The local cloud, as `.local/env` names it; for tests.
#[derive(Debug, Clone)]
pub struct LocalCloud {
    /// The database through PgBouncer.
    pub url: String,
    /// The database past it.
    pub admin_url: String,
    /// PEM of the local cloud's CA.
    pub ca: String,
    /// Where the superuser's socket is.
    pub socket_dir: String,
    /// PostgreSQL's log, with every statement.
    pub log_file: String,
}

impl LocalCloud {
    /// # Errors
    /// The first variable that is missing, or a CA file that can't be read.
    pub fn from_env() -> Result<Self, Error> {
        let unreadable = Error::Invalid { name: "DATABASE_CA_FILE", expected: "a file that can be read" };
        Ok(Self {
            url: required("DATABASE_URL")?,
            admin_url: required("DATABASE_ADMIN_URL")?,
            ca: std::fs::read_to_string(required("DATABASE_CA_FILE")?).map_err(|_| unreadable)?,
            socket_dir: required("DATABASE_SOCKET_DIR")?,
            log_file: required("DATABASE_LOG_FILE")?,
        })
    }
}
