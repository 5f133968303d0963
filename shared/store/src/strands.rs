//! The engine's side of a deployment: lease a strand, store a transition.

use crate::deployments::{COLUMN_COUNT, COLUMNS, Connection, Deployment, read};
use crate::outbox::{self, JOBS, OutboxMessage};
use crate::{Error, Result, Store};
use domain::{EventId, Link, Status, StrandId};
use jiff::Timestamp;
use serde_json::{Value, json};
use std::time::Duration;
use tokio_postgres::types::Type;

/// What pre-empts a strand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    /// Back to the last state that worked.
    Cancel,
    /// Nothing shall be left.
    Destroy,
}

impl Wish {
    fn of(destroy: bool, cancel: bool) -> Option<Self> {
        if destroy { Some(Self::Destroy) } else { cancel.then_some(Self::Cancel) }
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
    /// How the customer's account is entered.
    pub link: Link,
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
    /// The program acts on the wish, so that it no longer wakes the strand or overrides the status.
    pub wish_seen: bool,
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
            SELECT d.*, m.program, m.label, m.stack, m.attempts, m.label_since, m.destroy_requested, m.cancel_requested, a.role_arn, a.external_id,
                a.monitor_role_arn, a.verified_at
            FROM mine m JOIN (SELECT {COLUMNS}, document FROM deployment) d ON d.id = m.deployment_id JOIN account a ON a.id = d.account_id"
        );
        let params: [crate::connection::Param<'_>; 3] =
            [(&id.as_str(), Type::TEXT), (&lease_token, Type::TEXT), (&length.as_secs_f64(), Type::FLOAT8)];
        let rows = self.rows(&sql, &params).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        let at = COLUMN_COUNT + 1;
        Ok(Some(Leased {
            id: id.clone(),
            lease_token: lease_token.to_owned(),
            program: row.get(at),
            label: row.get(at + 1),
            stack: row.get(at + 2),
            attempts: row.get(at + 3),
            label_since: row.get(at + 4),
            wish: Wish::of(row.get(at + 5), row.get(at + 6)),
            link: Link {
                role_arn: row.get(at + 7),
                external_id: row.get(at + 8),
                monitor_role_arn: row.get(at + 9),
                verified_at: row.get(at + 10),
            },
            document: row.get(COLUMN_COUNT),
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
        let sql = format!(
            "WITH s AS (UPDATE strand SET label = $3, stack = $4,
                label_since = CASE WHEN $5 THEN now() ELSE label_since END,
                attempts = CASE WHEN $5 THEN 0 ELSE attempts END,
                wake_at = CASE WHEN $7::float8 IS NULL OR ((destroy_requested OR cancel_requested) AND NOT $6) THEN now() ELSE now() + make_interval(secs => $7) END,
                lease_until = CASE WHEN $8 OR ($7 IS NOT NULL AND NOT ((destroy_requested OR cancel_requested) AND NOT $6)) THEN NULL
                    ELSE now() + make_interval(secs => $9) END,
                exited_at = CASE WHEN $8 THEN now() END
                WHERE id = $1 AND lease_token = $2 AND lease_until IS NOT NULL
                RETURNING deployment_id, destroy_requested, cancel_requested, lease_until),
            d AS (UPDATE deployment SET
                status = CASE WHEN $6 THEN coalesce($10, status) WHEN s.destroy_requested THEN 'destroying'
                    WHEN s.cancel_requested THEN 'cancelling' ELSE coalesce($10, status) END,
                reason = CASE WHEN $10::text IS NULL OR ((s.destroy_requested OR s.cancel_requested) AND NOT $6) THEN reason ELSE $11 END,
                document = coalesce($21, document), configuration = coalesce($12, configuration), connection = coalesce($13, connection),
                retained = coalesce($14, retained), steps = coalesce($15, steps),
                last_ok_at = CASE WHEN $16 THEN now() ELSE last_ok_at END,
                destroyed_at = CASE WHEN $17 THEN now() ELSE destroyed_at END, updated_at = now()
                FROM s WHERE deployment.id = s.deployment_id),
            e AS (INSERT INTO event (id, deployment_id, kind, step, message)
                SELECT x.id, s.deployment_id, x.kind, x.step, x.message
                FROM s, jsonb_to_recordset($18) AS x(id text, kind text, step text, message text)),
            o AS (INSERT INTO outbox (queue, body, delay_s) SELECT '{JOBS}', $19, $20 FROM s
                WHERE $7 IS NOT NULL AND s.lease_until IS NULL RETURNING id, queue, body, delay_s)
            SELECT s.destroy_requested, s.cancel_requested, s.lease_until IS NOT NULL, o.* FROM s LEFT JOIN o ON true"
        );
        let params: [crate::connection::Param<'_>; 21] = [
            (&id.as_str(), Type::TEXT),
            (&lease_token, Type::TEXT),
            (&outcome.label, Type::TEXT),
            (&outcome.stack, Type::JSONB),
            (&outcome.moved, Type::BOOL),
            (&outcome.wish_seen, Type::BOOL),
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
        ];
        let rows = self.rows(&sql, &params).await?;
        Ok(rows.first().map(|row| Stored {
            wish: Wish::of(row.get(0), row.get(1)),
            held: row.get(2),
            outbox: row.get::<_, Option<i64>>(3).map(|_| outbox::read(row, 3)),
        }))
    }
}
