//! The shapes that the API answers.

mod deployment;
mod strays;

pub use deployment::{Component, Connection, Deployed, Deployment, Retained, Step, StepState, live_connection};
pub use strays::{Stray, Strays};

use domain::Status;
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// A linked cloud account.
#[derive(Debug, Serialize, ToSchema)]
pub struct Account {
    /// `acct_…`
    pub id: String,
    /// `aws`
    pub provider: &'static str,
    /// Twelve digits.
    pub account_id: String,
    /// Where its plans go if they don't say.
    pub region: String,
    /// What people call it.
    pub name: String,
    /// `pending`, `verified` or `failed`.
    pub status: String,
    /// Why verifying failed.
    pub reason: Option<String>,
    /// What Cloudsail presents to take on the role.
    pub external_id: String,
    /// The role in the account that deploys, changes and destroys.
    pub role_arn: String,
    /// The role there that only reads, once it was found to work. Without it a preview can't look into the account.
    pub monitor_role_arn: Option<String>,
    /// When it was linked.
    #[schema(format = DateTime)]
    pub created_at: String,
    /// When the roles were last found as they should be.
    #[schema(format = DateTime)]
    pub verified_at: Option<String>,
    /// What is in it that should not be, and the other way round.
    pub strays: Strays,
}

impl From<&store::Account> for Account {
    fn from(account: &store::Account) -> Self {
        Self {
            id: account.id.to_string(),
            provider: "aws",
            account_id: account.aws_account_id.clone(),
            region: account.region.clone(),
            name: account.name.clone(),
            status: account.status.clone(),
            reason: account.reason.clone(),
            external_id: account.external_id.clone(),
            role_arn: account.role_arn.clone(),
            monitor_role_arn: account.monitor_role_arn.clone(),
            created_at: account.created_at.to_string(),
            verified_at: account.verified_at.map(|at| at.to_string()),
            strays: account.reconciliation.as_ref().into(),
        }
    }
}

/// A linked account, with the roles to make in it, in three forms that make the same.
#[derive(Debug, Serialize, ToSchema)]
pub struct LinkedAccount {
    /// The account.
    #[serde(flatten)]
    pub account: Account,
    /// The roles as a CloudFormation template; its stack needs `CAPABILITY_NAMED_IAM`.
    #[schema(value_type = BTreeMap<String, Value>)]
    pub template: Value,
    /// The same as the `main.tf` of a Terraform module.
    pub template_terraform: String,
    /// The same as a script for bash and the AWS command line.
    pub template_cli: String,
}

/// Where the roles are made by pressing one button.
#[derive(Debug, Serialize, ToSchema)]
pub struct QuickCreate {
    /// CloudFormation's console, with the template filled in.
    pub url: String,
    /// The template itself, for whoever has this address.
    pub template_url: String,
    /// When CloudFormation can read it no more.
    #[schema(format = DateTime)]
    pub expires_at: String,
}

/// An account after its roles were tried.
#[derive(Debug, Serialize, ToSchema)]
pub struct VerifiedAccount {
    /// The account.
    #[serde(flatten)]
    pub account: Account,
    /// What the template allows and the roles may not do.
    pub missing: Vec<MissingPermission>,
}

/// A statement of the template that a role lacks, whole or in part.
#[derive(Debug, Serialize, ToSchema)]
pub struct MissingPermission {
    /// Which role.
    pub role_arn: String,
    /// The statement's name in the template.
    pub statement: String,
    /// Why the statement is there.
    pub why: String,
    /// What is refused, for example `ec2:AttachVolume`.
    pub actions: Vec<String>,
}

/// A plan with the state of its deployment.
#[derive(Debug, Serialize, ToSchema)]
pub struct Plan {
    /// `plan_…`
    pub id: String,
    /// Grows with each change; what `If-Match` must name.
    pub version: i64,
    /// As in the plan.
    pub name: String,
    /// The deployment's status, or `not_deployed`.
    #[schema(value_type = String)]
    pub status: Status,
    /// Why, if the status is `issue`.
    pub reason: Option<String>,
    /// The live deployment.
    pub deployment_id: Option<String>,
    /// The plan, complete, as cs-json/1.
    #[schema(value_type = Object)]
    pub plan: domain::plan::Plan,
    /// When it was first saved.
    #[schema(format = DateTime)]
    pub created_at: String,
    /// When it last changed.
    #[schema(format = DateTime)]
    pub updated_at: String,
}

impl From<&store::PlanRow> for Plan {
    fn from(row: &store::PlanRow) -> Self {
        Self {
            id: row.id.to_string(),
            version: row.version,
            name: row.plan.name.clone(),
            status: row.status,
            reason: row.reason.clone(),
            deployment_id: row.deployment.as_ref().map(ToString::to_string),
            plan: row.plan.clone(),
            created_at: row.created_at.to_string(),
            updated_at: row.updated_at.to_string(),
        }
    }
}

/// The password of a deployment's administrator.
#[derive(Debug, Serialize, ToSchema)]
pub struct Login {
    /// The administrator.
    pub user: String,
    /// Their password.
    pub password: String,
}

/// What happened to a deployment.
#[derive(Debug, Serialize, ToSchema)]
pub struct Event {
    /// `evt_…`; later ones sort after earlier ones.
    pub id: String,
    /// When.
    #[schema(format = DateTime)]
    pub at: String,
    /// `step`, `info` or `issue`.
    pub kind: String,
    /// The step it belongs to.
    pub step: Option<String>,
    /// For people.
    pub message: String,
}

impl From<&store::Event> for Event {
    fn from(event: &store::Event) -> Self {
        Self {
            id: event.id.to_string(),
            at: event.at.to_string(),
            kind: event.kind.clone(),
            step: event.step.clone(),
            message: event.message.clone(),
        }
    }
}

/// What a person did: a line of the audit log.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditLine {
    /// When.
    #[schema(format = DateTime)]
    pub at: String,
    /// The operation, such as `plan-update`.
    pub action: String,
    /// The account, plan or deployment that it was done to.
    pub subject: String,
    /// The `x-request-id` of its answer.
    pub request_id: String,
    /// The address it came from; null before addresses were noted.
    pub address: Option<String>,
}

impl From<&store::AuditLine> for AuditLine {
    fn from(line: &store::AuditLine) -> Self {
        Self {
            at: line.at.to_string(),
            action: line.action.clone(),
            subject: line.subject.clone(),
            request_id: line.request_id.clone(),
            address: line.address.clone(),
        }
    }
}

/// Who is signed in.
#[derive(Debug, Serialize, ToSchema)]
pub struct Me {
    /// The `sub` of the tokens.
    pub id: String,
    /// The confirmed address.
    pub email: String,
    /// When this session began: the sign-in that its tokens came of.
    #[schema(format = DateTime)]
    pub signed_in_at: Option<String>,
}

/// A plan in a form that needs no Cloudsail.
#[derive(Debug, Serialize, ToSchema)]
pub struct Export {
    /// What to call the folder that holds the files.
    pub folder: String,
    /// By path; none is in a folder of its own.
    pub files: Vec<File>,
}

/// A file.
#[derive(Debug, Serialize, ToSchema)]
pub struct File {
    /// Its name.
    pub path: String,
    /// Its text.
    pub content: String,
}

impl Export {
    /// The files by their paths.
    #[must_use]
    pub fn new(folder: String, files: BTreeMap<String, String>) -> Self {
        Self { folder, files: files.into_iter().map(|(path, content)| File { path, content }).collect() }
    }
}

/// A field that can't be as it is.
#[derive(Debug, ToSchema)]
pub struct WrongField {
    /// Where it is: a JSON pointer into what was sent, or the name of a parameter.
    pub pointer: String,
    /// What is wrong, and what to do.
    pub message: String,
}

/// A page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Page<T> {
    /// The items.
    pub items: Vec<T>,
    /// What `?cursor=` leads to the next page, or null on the last one.
    pub next_cursor: Option<String>,
}

impl<T> Page<T> {
    /// The page of these rows; `id` is what a cursor names.
    pub fn of<'a, R>(rows: &'a [R], limit: u32, id: impl Fn(&R) -> String) -> Self
    where
        T: From<&'a R>,
    {
        let full = rows.len() == usize::try_from(limit).unwrap_or(usize::MAX);
        let next_cursor = rows.last().filter(|_| full).map(id);
        Self { items: rows.iter().map(T::from).collect(), next_cursor }
    }
}
