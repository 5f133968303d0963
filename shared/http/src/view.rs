//! The shapes that the API answers.

use crate::Error;
use domain::Status;
use serde_json::{Value, json};
use store::{Account, Connection, Deployment, Event, PlanRow};

/// A linked account.
#[must_use]
pub fn account(account: &Account) -> Value {
    json!({
        "id": account.id, "provider": "aws", "account_id": account.aws_account_id, "region": account.region, "name": account.name,
        "status": account.status, "reason": account.reason, "external_id": account.external_id, "role_arn": account.role_arn,
        "created_at": account.created_at, "verified_at": account.verified_at,
    })
}

/// A plan with the state of its live deployment.
#[must_use]
pub fn plan(row: &PlanRow) -> Value {
    json!({
        "id": row.id, "version": row.version, "name": row.plan.name, "status": row.status, "reason": row.reason,
        "deployment_id": row.deployment, "plan": row.plan, "created_at": row.created_at, "updated_at": row.updated_at,
    })
}

/// A deployment; how to reach it stands under its own route.
#[must_use]
pub fn deployment(deployment: &Deployment) -> Value {
    let components: Vec<_> = deployment
        .plan
        .components
        .iter()
        .map(|c| json!({"id": c.id, "kind": c.kind, "status": deployment.status, "reason": deployment.reason}))
        .collect();
    json!({
        "id": deployment.id, "plan_id": deployment.plan_id, "account_id": deployment.account_id, "status": deployment.status,
        "reason": deployment.reason, "plan_version": deployment.plan_version, "components": components, "steps": deployment.steps,
        "configuration": deployment.configuration, "retained": deployment.retained, "last_ok_at": deployment.last_ok_at,
        "created_at": deployment.created_at, "updated_at": deployment.updated_at, "destroyed_at": deployment.destroyed_at,
    })
}

/// The connection of a deployment that is there to be connected to.
///
/// # Errors
/// 409 `not_ready` while it is on its way up or down.
pub fn live_connection(deployment: &Deployment) -> Result<&Connection, Error> {
    let gone = matches!(deployment.status, Status::Destroying | Status::NotDeployed);
    let why = || Error::Conflict("not_ready", format!("the deployment is `{}`; wait until it is `running`", deployment.status));
    deployment.connection.as_ref().filter(|_| !gone).ok_or_else(why)
}

/// How to reach a database; the password has a route of its own.
#[must_use]
pub fn connection(connection: &Connection) -> Value {
    let Connection { host, port, database, user, ca_certificate, secret_arn } = connection;
    json!({
        "host": host, "port": port, "database": database, "user": user, "sslmode": "verify-full", "ca_certificate": ca_certificate,
        "password_secret_arn": secret_arn, "uri": format!("postgres://{user}@{host}:{port}/{database}?sslmode=verify-full"),
    })
}

/// What happened to a deployment.
#[must_use]
pub fn event(event: &Event) -> Value {
    json!({"id": event.id, "at": event.at, "kind": event.kind, "step": event.step, "message": event.message})
}

/// A page of a list; the cursor of the next one is the last item's id.
#[must_use]
pub fn page(items: Vec<Value>, limit: u32) -> Value {
    let full = items.len() == usize::try_from(limit).unwrap_or(usize::MAX);
    let next = items.last().filter(|_| full).map(|item| item["id"].clone());
    json!({"items": items, "next_cursor": next})
}
