//! The engine's side of a deployment: store a transition. Leases are in `leases`.

use crate::deployments::Connection;
use crate::live::sockets_of;
use crate::outbox::{self, JOBS, OutboxMessage};
use crate::{Error, News, Result, Store, Terms};
use domain::plan::Plan;
use domain::{DeploymentId, EventId, Status, StrandId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::time::Duration;
use tokio_postgres::{Row, types::Type};

/// What somebody wants of a strand, the weakest first: a stronger wish pre-empts what follows a weaker one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wish {
    /// What runs shall become what its plan says now.
    Change,
    /// Back to the last state that worked.
    Cancel,
    /// Nothing shall be left, but for now it can be undone.
    Stop,
    /// Nothing shall be left.
    Destroy,
}

impl Wish {
    /// Its place in the order, from 1; 0 is no wish at all.
    fn rank(of: Option<Self>) -> i32 {
        of.map_or(0, |wish| wish as i32 + 1)
    }

    pub(crate) fn ranked(rank: i32) -> Option<Self> {
        [Self::Change, Self::Cancel, Self::Stop, Self::Destroy].into_iter().find(|wish| Self::rank(Some(*wish)) == rank)
    }
}

/// The strongest wish's rank, from a strand's row. The database's clock alone says when a destroy can no longer be undone.
pub(crate) const WISH: &str = "CASE WHEN destroy_requested AND coalesce(destroy_at <= now(), true) THEN 4 WHEN destroy_requested THEN 3
    WHEN cancel_requested THEN 2 WHEN wanted_version IS NOT NULL THEN 1 ELSE 0 END";

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
    /// How often the step has called the customer's account.
    pub calls: u32,
}

/// Wishes that need not be remembered any more.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Fulfilled {
    /// The cancel.
    pub cancel: bool,
    /// The change to the plan's version; a newer one stays.
    pub change: Option<i64>,
    /// The window in which a destroy can be undone: there is nothing that could run again.
    pub window: bool,
}

/// What the statement found.
#[derive(Debug, Clone)]
pub struct Stored {
    /// The wish as it stands now.
    pub wish: Option<Wish>,
    /// Until when a destroy can be undone.
    pub destroy_at: Option<Timestamp>,
    /// Whether the lease is still held; a wish that nobody saw yet keeps a strand awake.
    pub held: bool,
    /// The wake-up, if the strand sleeps, and that of the strand that stood in line for its worker.
    pub outbox: Vec<OutboxMessage>,
    /// What the owner sees differently now, if a page of theirs is open.
    pub news: Option<News>,
}

impl Store {
    /// Stores a step: strand, deployment, events, calls and wake-ups, all or nothing. `None` if the lease was lost.
    pub async fn transition(&self, id: &StrandId, lease_token: &str, terms: &Terms, outcome: &Outcome) -> Result<Option<Stored>> {
        let change = &outcome.change;
        let sleep = if let Then::Sleep(time) = outcome.then { Some(time.as_secs_f64()) } else { None };
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
        let asked = format!("({WISH} > $6)");
        // Where more was called than is paid for, what would go on sleeps until it is. A message can't wait longer than 15 minutes;
        // the sweep wakes what sleeps longer.
        let sql = format!(
            "WITH bill AS (SELECT account_id, sequence_before, CASE WHEN $7::float8 IS NULL AND NOT $8 AND debt > 0 THEN debt ELSE $7 END AS nap FROM
                (SELECT a.id AS account_id, d.sequence AS sequence_before, extract(epoch FROM greatest(a.calls_until, now()) - now())::float8 + $20 - $27 AS debt
                FROM strand w JOIN deployment d ON d.id = w.deployment_id JOIN account a ON a.id = d.account_id WHERE w.id = $1) account),
            s AS (UPDATE strand SET label = $3, stack = $4,
                label_since = CASE WHEN $5 THEN now() ELSE label_since END,
                attempts = CASE WHEN $5 THEN 0 ELSE attempts END,
                wake_at = CASE WHEN nap IS NULL OR {asked} THEN now() ELSE now() + make_interval(secs => nap) END,
                lease_until = CASE WHEN $8 OR (nap IS NOT NULL AND NOT {asked}) THEN NULL ELSE now() + make_interval(secs => $9) END,
                exited_at = CASE WHEN $8 THEN now() END, cancel_requested = cancel_requested AND NOT $24,
                wanted_plan = CASE WHEN wanted_version = $25 THEN NULL ELSE wanted_plan END, wanted_version = nullif(wanted_version, $25),
                destroy_at = CASE WHEN $28 THEN NULL ELSE destroy_at END
                FROM bill WHERE id = $1 AND lease_token = $2 AND lease_until IS NOT NULL
                RETURNING deployment_id, destroy_requested, destroy_at, cancel_requested, lease_until, {asked} AS asked, {WISH} AS wish, account_id, sequence_before, nap),
            paid AS (UPDATE account SET calls_until = greatest(calls_until, now()) + make_interval(secs => $20)
                FROM s WHERE account.id = s.account_id AND $20 > 0),
            d AS (UPDATE deployment SET
                status = CASE WHEN NOT s.asked THEN coalesce($10, status) WHEN s.destroy_requested THEN 'destroying'
                    WHEN s.cancel_requested THEN 'cancelling' ELSE 'changing' END,
                reason = CASE WHEN $10::text IS NULL OR s.asked THEN reason ELSE $11 END,
                document = coalesce($21, document), configuration = coalesce($12, configuration), connection = coalesce($13, connection),
                retained = coalesce($14, retained), steps = coalesce($15, steps),
                plan = coalesce($22, plan), plan_version = coalesce($23, plan_version),
                target = CASE WHEN $26::jsonb IS NULL THEN target ELSE nullif($26, 'null') END,
                last_ok_at = CASE WHEN $16 THEN now() ELSE last_ok_at END,
                destroyed_at = CASE WHEN $17 THEN now() ELSE destroyed_at END,
                destroy_at = CASE WHEN $28 THEN NULL ELSE deployment.destroy_at END,
                told_at = CASE WHEN $18 = '[]'::jsonb THEN told_at ELSE now() END, updated_at = now()
                FROM s WHERE deployment.id = s.deployment_id
                RETURNING id, plan_id, owner, status, sequence, sequence > s.sequence_before AS seen, s.lease_until IS NULL AS freed),
            e AS (INSERT INTO event (id, deployment_id, kind, step, message)
                SELECT x.id, s.deployment_id, x.kind, x.step, x.message
                FROM s, jsonb_to_recordset($18) AS x(id text, kind text, step text, message text)),
            next AS (UPDATE strand SET place_in_line = NULL, wake_at = now() WHERE id IN (SELECT w.id
                FROM strand w JOIN deployment of ON of.id = w.deployment_id JOIN d ON d.owner = of.owner AND d.freed
                WHERE w.place_in_line IS NOT NULL ORDER BY w.place_in_line LIMIT 1 FOR UPDATE OF w SKIP LOCKED) RETURNING id),
            o AS (INSERT INTO outbox (queue, body, delay_s) SELECT '{JOBS}', $19, ceil(least(nap, 900))::int FROM s
                WHERE nap IS NOT NULL AND lease_until IS NULL AND NOT $8
                UNION ALL SELECT '{JOBS}', json_build_object('strand', id)::text, 0 FROM next RETURNING id, queue, body, delay_s)
            SELECT s.wish, s.destroy_at, s.lease_until IS NOT NULL, d.sequence, d.plan_id, d.id, d.status,
                CASE WHEN d.seen THEN {} ELSE '{{}}' END, o.* FROM s JOIN d ON true LEFT JOIN o ON true",
            sockets_of("d.owner")
        );
        let params: [crate::connection::Param<'_>; 28] = [
            (&id.as_str(), Type::TEXT),
            (&lease_token, Type::TEXT),
            (&outcome.label, Type::TEXT),
            (&outcome.stack, Type::JSONB),
            (&outcome.moved, Type::BOOL),
            (&Wish::rank(outcome.heeded), Type::INT4),
            (&sleep, Type::FLOAT8),
            (&(outcome.then == Then::Exit), Type::BOOL),
            (&terms.lease.as_secs_f64(), Type::FLOAT8),
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
            (&(f64::from(outcome.calls) / terms.calls.per_second), Type::FLOAT8),
            (&change.document, Type::JSONB),
            (&plan, Type::JSONB),
            (&version, Type::INT8),
            (&outcome.fulfilled.cancel, Type::BOOL),
            (&outcome.fulfilled.change, Type::INT8),
            (&target, Type::JSONB),
            (&(terms.calls.burst / terms.calls.per_second), Type::FLOAT8),
            (&outcome.fulfilled.window, Type::BOOL),
        ];
        let rows = self.rows(&sql, &params).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        let sockets: Vec<String> = row.get(7);
        Ok(Some(Stored {
            wish: Wish::ranked(row.get(0)),
            destroy_at: row.get(1),
            held: row.get(2),
            outbox: rows.iter().filter(|row| row.get::<_, Option<i64>>(8).is_some()).map(|row| outbox::read(row, 8)).collect(),
            news: if sockets.is_empty() { None } else { Some(news(row, sockets)?) },
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

fn news(row: &Row, sockets: Vec<String>) -> Result<News> {
    let (plan, deployment, status): (String, String, String) = (row.get(4), row.get(5), row.get(6));
    Ok(News {
        sequence: row.get(3),
        plan: plan.parse().map_err(Error::invalid)?,
        deployment: Some(deployment.parse().map_err(Error::invalid)?),
        status: Some(status.parse().map_err(Error::invalid)?),
        sockets,
    })
}
