//! A deployment and what it is made of.

use crate::Error;
use domain::Status;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

/// A part of a deployment.
#[derive(Debug, Serialize, ToSchema)]
pub struct Component {
    /// As in the plan.
    pub id: String,
    /// As in the plan.
    pub kind: String,
    /// What it is doing.
    #[schema(value_type = String)]
    pub status: Status,
    /// Why, if the status is `issue`.
    pub reason: Option<String>,
}

/// A step of a deployment, as the engine writes it down.
#[derive(Debug, ToSchema)]
pub struct Step {
    /// For programs.
    pub name: String,
    /// For people.
    pub title: String,
    /// Where it is.
    pub state: StepState,
    /// When it began; null while it waits.
    #[schema(format = DateTime, required)]
    pub started_at: Option<String>,
    /// When it ended, if it has.
    #[schema(format = DateTime, required)]
    pub ended_at: Option<String>,
}

/// Where a step is.
#[derive(Debug, ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum StepState {
    /// It comes next, which is told where it is certain.
    Waiting,
    /// Now.
    Running,
    /// It ended well.
    Done,
    /// It ended at a person.
    Failed,
}

/// Something in the customer's account that a destroy left there.
#[derive(Debug, ToSchema)]
pub struct Retained {
    /// `volume`
    pub kind: String,
    /// The cloud's own id.
    pub id: String,
    /// The day on which it may go.
    #[schema(format = Date)]
    pub until: String,
}

/// A deployment of a plan.
#[derive(Debug, Serialize, ToSchema)]
pub struct Deployment {
    /// `dep_…`
    pub id: String,
    /// Of which plan.
    pub plan_id: String,
    /// In which account.
    pub account_id: String,
    /// What it is doing.
    #[schema(value_type = String)]
    pub status: Status,
    /// Why, if the status is `issue`, and what to do; or, while a destroy can be undone, what is not as it should be.
    pub reason: Option<String>,
    /// The plan's version that was deployed.
    pub plan_version: i64,
    /// The plan's version that it is being changed to; at an issue, the one that it got stuck on the way to, which a cancel takes back.
    pub target_version: Option<i64>,
    /// Its parts.
    pub components: Vec<Component>,
    /// In their order.
    #[schema(value_type = Vec<Step>)]
    pub steps: Value,
    /// What PostgreSQL is configured with, and why.
    #[schema(value_type = Vec<knowledge::Setting>)]
    pub configuration: Value,
    /// What destroying kept on purpose.
    #[schema(value_type = Vec<Retained>)]
    pub retained: Value,
    /// When a real query last succeeded.
    #[schema(format = DateTime)]
    pub last_ok_at: Option<String>,
    /// When it was accepted.
    #[schema(format = DateTime)]
    pub created_at: String,
    /// When it last changed.
    #[schema(format = DateTime)]
    pub updated_at: String,
    /// When nothing of it was left but what is retained.
    #[schema(format = DateTime)]
    pub destroyed_at: Option<String>,
    /// While it is being destroyed: until when that can be undone. None where it never could, or can't any more since nothing is left that could run.
    #[schema(format = DateTime)]
    pub destroy_at: Option<String>,
}

impl From<&store::Deployment> for Deployment {
    fn from(deployment: &store::Deployment) -> Self {
        let component = |c: &domain::plan::Component| Component {
            id: c.id.clone(),
            kind: c.kind.clone(),
            status: deployment.status,
            reason: deployment.reason.clone(),
        };
        Self {
            id: deployment.id.to_string(),
            plan_id: deployment.plan_id.to_string(),
            account_id: deployment.account_id.to_string(),
            status: deployment.status,
            reason: deployment.reason.clone(),
            plan_version: deployment.plan_version,
            target_version: deployment.target_version,
            components: deployment.plan.components.iter().map(component).collect(),
            steps: deployment.steps.clone(),
            configuration: deployment.configuration.clone(),
            retained: deployment.retained.clone(),
            last_ok_at: deployment.last_ok_at.map(|at| at.to_string()),
            created_at: deployment.created_at.to_string(),
            updated_at: deployment.updated_at.to_string(),
            destroyed_at: deployment.destroyed_at.map(|at| at.to_string()),
            destroy_at: deployment.destroy_at.map(|at| at.to_string()),
        }
    }
}

/// The answer to a deploy.
#[derive(Debug, Serialize, ToSchema)]
pub struct Deployed {
    /// The live deployment of the plan.
    #[serde(flatten)]
    pub deployment: Deployment,
    /// `new`, or `redeploy` if it was there already.
    pub kind: &'static str,
}

/// How to connect. No secret: the password stands in the customer's own Secrets Manager.
#[derive(Debug, Serialize, ToSchema)]
pub struct Connection {
    /// The address that the server's certificate names.
    pub host: String,
    /// 5432
    pub port: u16,
    /// The first database.
    pub database: String,
    /// The administrator.
    pub user: String,
    /// `verify-full`
    pub sslmode: &'static str,
    /// The deployment's own CA, PEM.
    pub ca_certificate: String,
    /// Where the password is.
    pub password_secret_arn: String,
    /// All of it as libpq reads it.
    pub uri: String,
}

impl From<&store::Connection> for Connection {
    fn from(connection: &store::Connection) -> Self {
        let store::Connection { host, port, database, user, ca_certificate, secret_arn } = connection.clone();
        let uri = format!("postgres://{user}@{host}:{port}/{database}?sslmode=verify-full");
        Self { host, port, database, user, sslmode: "verify-full", ca_certificate, password_secret_arn: secret_arn, uri }
    }
}

/// The connection of a deployment that is up, or was and is at an issue.
///
/// # Errors
/// 409 with what to wait for.
pub fn live_connection(deployment: &store::Deployment) -> Result<&store::Connection, Error> {
    let gone = matches!(deployment.status, Status::Destroying | Status::NotDeployed);
    let why = || Error::Conflict("not_ready", format!("the deployment is `{}`; wait until it is `running`", deployment.status));
    deployment.connection.as_ref().filter(|_| !gone).ok_or_else(why)
}
