//! The engine's side of a deployment: lease a strand, store a transition.

use crate::deployments::{COLUMN_COUNT, COLUMNS, Connection, Deployment, read};
use crate::outbox::{self, JOBS, OutboxMessage};
use crate::{Error, Result, Store};
use domain::plan::Plan;
use domain::{DeploymentId, EventId, Link, Status, StrandId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::time::Duration;
use tokio_postgres::types::Type;

/// What somebody wants of a strand, the weakest first: a stronger wish pre-empts what follows a weaker one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wish {
    /// What runs shall become what its plan says now.
    Change,
    /// Back to the last state that worked.
    Cancel,
    /// Nothing shall be left.
    Destroy,
}

impl Wish {
    fn of(destroy: bool, cancel: bool, change: bool) -> Option<Self> {
        if destroy {
            return Some(Self::Destroy);
        }
        if cancel { Some(Self::Cancel) } else { change.then_some(Self::Change) }
    }

    /// Its place in the order, from 1; 0 is no wish at all.
    fn rank(of: Option<Self>) -> i32 {
        of.map_or(0, |wish| wish as i32 + 1)
    }
}

/// A strand that nobody else runs until the lease ends.
#[derive(Debug, Clone)]
pub struct Leased {
    /// Its id.
    pub id: StrandId,
    /// Proves that the lease is still ours.
    pub lease_token: String,
    /// Which program.
    pub program: String,
    /// Where it stands.
    pub label: String,
    /// What the program remembers.
    pub stack: Value,
    /// Tries of this label, this one included.
    pub attempts: i32,
    /// When the label was reached.
    pub label_since: Timestamp,
    /// What somebody wants meanwhile.
    pub wish: Option<Wish>,
    /// What it works on.
    pub deployment: Deployment,
    /// What the cloud is asked for, once that was decided.
    pub document: Option<Value>,
    /// What it is being changed to.
    pub target: Option<Target>,
    /// How the customer's account is entered.
    pub link: Link,
}

/// What a running deployment is to become.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Target {
    /// The plan, with account and region filled in.
    pub plan: Plan,
    /// Its version.
    pub version: i64,
    /// What the cloud is asked for.
    pub document: Value,
}

/// What a step changes on its deployment; `None` leaves a column as it is.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// New status.
    pub status: Option<Status>,
    /// New reason; always written together with a status.
    pub reason: Option<String>,
    /// What the cloud is asked for.
    pub document: Option<Value>,
    /// The plan that runs now, with its version.
    pub plan: Option<(Plan, i64)>,
    /// What it is being changed to; `Some(None)` when that has ended.
    pub target: Option<Option<Target>>,
    /// New configuration.
    pub configuration: Option<Value>,
    /// New connection details.
    pub connection: Option<Connection>,
    /// New list of what is kept.
    pub retained: Option<Value>,
    /// New list of steps.
    pub steps: Option<Value>,
    /// A real query succeeded just now.
    pub healthy: bool,
    /// Nothing is left but what is retained.
    pub destroyed: bool,
    /// What to tell people.
    pub events: Vec<NewEvent>,
}

/// An event that is about to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEvent {
    /// `step`, `info` or `issue`.
    pub kind: &'static str,
    /// The step it belongs to.
    pub step: Option<String>,
    /// For people.
    pub message: String,
}

/// What happens to the strand after a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Then {
    /// Keep the lease and go on.
    Continue,
    /// Give the lease back and be woken after this long.
    Sleep(Duration),
    /// There is no more to do.
    Exit,
}

/// One step's result, stored in one statement.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The next label.
    pub label: String,
    /// Whether the label changed, which starts its clock and its count of attempts anew.
    pub moved: bool,
    /// What the program remembers.
    pub stack: Value,
    /// What happens to the strand.
    pub then: Then,
    /// What happens to the deployment.
    pub change: Change,
    /// The strongest wish that the program acts on or lets wait: it and the weaker ones neither wake the strand nor override
    /// the status.
    pub heeded: Option<Wish>,
    /// Wishes that are fulfilled with this step: a cancel, or the change to this version.
    pub fulfilled: Fulfilled,
}

/// Wishes that need not be remembered any more.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Fulfilled {
    /// The cancel.
    pub cancel: bool,
    /// The change to the plan's version; a newer one stays.
    pub change: Option<i64>,
}

/// What the statement found.
#[derive(Debug, Clone)]
pub struct Stored {
    /// The wish as it stands now.
    pub wish: Option<Wish>,
    /// Whether the lease is still held; a wish that nobody saw yet keeps a strand awake.
    pub held: bool,
    /// The wake-up, if the strand sleeps.
    pub outbox: Option<OutboxMessage>,
}

impl Store {
    /// Leases the strand if it is awake and nobody holds it.
    pub async fn lease(&self, id: &StrandId, lease_token: &str, length: Duration) -> Result<Option<Leased>> {
        let sql = format!(
            "WITH mine AS (UPDATE strand SET lease_token = $2, lease_until = now() + make_interval(secs => $3), attempts = attempts + 1
                WHERE id = (SELECT id FROM strand WHERE id = $1 AND exited_at IS NULL AND wake_at <= now() + interval '1 second'
                    AND (lease_until IS NULL OR lease_until < now()) FOR UPDATE SKIP LOCKED) RETURNING *)
            SELECT d.*, m.program, m.label, m.stack, m.attempts, m.label_since, m.destroy_requested, m.cancel_requested, m.wanted_version IS NOT NULL, a.role_arn, a.external_id,
                a.monitor_role_arn, a.verified_at
            FROM mine m JOIN (SELECT {COLUMNS}, document, target FROM deployment) d ON d.id = m.deployment_id JOIN account a ON a.id = d.account_id"
        );
        let params: [crate::connection::Param<'_>; 3] =
            [(&id.as_str(), Type::TEXT), (&lease_token, Type::TEXT), (&length.as_secs_f64(), Type::FLOAT8)];
        let rows = self.rows(&sql, &params).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        let at = COLUMN_COUNT + 2;
        let target: Option<Value> = row.get(COLUMN_COUNT + 1);
        Ok(Some(Leased {
            id: id.clone(),
            lease_token: lease_token.to_owned(),
            program: row.get(at),
            label: row.get(at + 1),
            stack: row.get(at + 2),
            attempts: row.get(at + 3),
            label_since: row.get(at + 4),
            wish: Wish::of(row.get(at + 5), row.get(at + 6), row.get(at + 7)),
            link: Link {
                role_arn: row.get(at + 8),
                external_id: row.get(at + 9),
                monitor_role_arn: row.get(at + 10),
                verified_at: row.get(at + 11),
            },
            document: row.get(COLUMN_COUNT),
            target: target.map(serde_json::from_value).transpose().map_err(Error::invalid)?,
            deployment: read(row)?,
        }))
    }

    /// Stores a step: strand, deployment, events and wake-up, all or nothing. `None` if the lease was lost.
    pub async fn transition(&self, id: &StrandId, lease_token: &str, length: Duration, outcome: &Outcome) -> Result<Option<Stored>> {
        let change = &outcome.change;
        let sleep = if let Then::Sleep(time) = outcome.then { Some(time.as_secs_f64()) } else { None };
        // A message can't wait longer than 15 minutes; the sweep wakes what sleeps longer.
        let delay = i32::try_from(sleep.unwrap_or(0.0).ceil().min(900.0) as i64).unwrap_or(900);
        let events: Vec<Value> = change
            .events
            .iter()
            .map(|e| json!({"id": EventId::generate(), "kind": e.kind, "step": e.step, "message": e.message}))
            .collect();
        let connection = change.connection.as_ref().map(serde_json::to_value).transpose().map_err(Error::invalid)?;
        let body = format!(r#"{{"strand":"{id}"}}"#);
        let target = change.target.as_ref().map(serde_json::to_value).transpose().map_err(Error::invalid)?;
        let (plan, version) = change.plan.as_ref().map_or((None, None), |(plan, version)| (Some(plan), Some(*version)));
        let plan = plan.map(serde_json::to_value).transpose().map_err(Error::invalid)?;
        // A wish that nobody heeded yet keeps the strand awake.
        let asked = "(destroy_requested AND $6 < 3 OR cancel_requested AND $6 < 2 OR wanted_version IS NOT NULL AND $6 < 1)";
        let sql = format!(
            "WITH s AS (UPDATE strand SET label = $3, stack = $4,
                label_since = CASE WHEN $5 THEN now() ELSE label_since END,
                attempts = CASE WHEN $5 THEN 0 ELSE attempts END,
                wake_at = CASE WHEN $7::float8 IS NULL OR {asked} THEN now() ELSE now() + make_interval(secs => $7) END,
                lease_until = CASE WHEN $8 OR ($7 IS NOT NULL AND NOT {asked}) THEN NULL ELSE now() + make_interval(secs => $9) END,
                exited_at = CASE WHEN $8 THEN now() END, cancel_requested = cancel_requested AND NOT $24,
                wanted_plan = CASE WHEN wanted_version = $25 THEN NULL ELSE wanted_plan END, wanted_version = nullif(wanted_version, $25)
                WHERE id = $1 AND lease_token = $2 AND lease_until IS NOT NULL
                RETURNING deployment_id, destroy_requested, cancel_requested, wanted_version, lease_until, {asked} AS asked),
            d AS (UPDATE deployment SET
                status = CASE WHEN NOT s.asked THEN coalesce($10, status) WHEN s.destroy_requested THEN 'destroying'
                    WHEN s.cancel_requested THEN 'cancelling' ELSE 'changing' END,
                reason = CASE WHEN $10::text IS NULL OR s.asked THEN reason ELSE $11 END,
                document = coalesce($21, document), configuration = coalesce($12, configuration), connection = coalesce($13, connection),
                retained = coalesce($14, retained), steps = coalesce($15, steps),
                plan = coalesce($22, plan), plan_version = coalesce($23, plan_version),
                target = CASE WHEN $26::jsonb IS NULL THEN target ELSE nullif($26, 'null') END,
                last_ok_at = CASE WHEN $16 THEN now() ELSE last_ok_at END,
                destroyed_at = CASE WHEN $17 THEN now() ELSE destroyed_at END, updated_at = now()
                FROM s WHERE deployment.id = s.deployment_id),
            e AS (INSERT INTO event (id, deployment_id, kind, step, message)
                SELECT x.id, s.deployment_id, x.kind, x.step, x.message
                FROM s, jsonb_to_recordset($18) AS x(id text, kind text, step text, message text)),
            o AS (INSERT INTO outbox (queue, body, delay_s) SELECT '{JOBS}', $19, $20 FROM s
                WHERE $7 IS NOT NULL AND s.lease_until IS NULL RETURNING id, queue, body, delay_s)
            SELECT s.destroy_requested, s.cancel_requested, s.wanted_version IS NOT NULL, s.lease_until IS NOT NULL, o.* FROM s LEFT JOIN o ON true"
        );
        let params: [crate::connection::Param<'_>; 26] = [
            (&id.as_str(), Type::TEXT),
            (&lease_token, Type::TEXT),
            (&outcome.label, Type::TEXT),
            (&outcome.stack, Type::JSONB),
            (&outcome.moved, Type::BOOL),
            (&Wish::rank(outcome.heeded), Type::INT4),
            (&sleep, Type::FLOAT8),
            (&(outcome.then == Then::Exit), Type::BOOL),
            (&length.as_secs_f64(), Type::FLOAT8),
            (&change.status.map(Status::as_str), Type::TEXT),
            (&change.reason, Type::TEXT),
            (&change.configuration, Type::JSONB),
            (&connection, Type::JSONB),
            (&change.retained, Type::JSONB),
            (&change.steps, Type::JSONB),
            (&change.healthy, Type::BOOL),
            (&change.destroyed, Type::BOOL),
            (&Value::Array(events), Type::JSONB),
            (&body, Type::TEXT),
            (&delay, Type::INT4),
            (&change.document, Type::JSONB),
            (&plan, Type::JSONB),
            (&version, Type::INT8),
            (&outcome.fulfilled.cancel, Type::BOOL),
            (&outcome.fulfilled.change, Type::INT8),
            (&target, Type::JSONB),
        ];
        let rows = self.rows(&sql, &params).await?;
        Ok(rows.first().map(|row| Stored {
            wish: Wish::of(row.get(0), row.get(1), row.get(2)),
            held: row.get(3),
            outbox: row.get::<_, Option<i64>>(4).map(|_| outbox::read(row, 4)),
        }))
    }

    /// The plan that a running deployment is to become, with its version; read when the change begins, since it may have been
    /// asked for after the strand was leased.
    pub async fn wanted(&self, deployment: &DeploymentId) -> Result<Option<(Plan, i64)>> {
        let sql = "SELECT wanted_plan, wanted_version FROM strand WHERE deployment_id = $1 AND wanted_version IS NOT NULL";
        let rows = self.rows(sql, &[(&deployment.as_str(), Type::TEXT)]).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        Ok(Some((serde_json::from_value(row.get(0)).map_err(Error::invalid)?, row.get(1))))
    }
}
