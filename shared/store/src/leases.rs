//! Which worker has which strand, and for whom there is none just now.

use crate::connection::Param;
use crate::deployments::{COLUMN_COUNT, COLUMNS, Deployment, read};
use crate::outbox::{self, JOBS, OutboxMessage};
use crate::strands::{Target, WISH, Wish};
use crate::{Error, Result, Store};
use domain::{Link, StrandId};
use jiff::Timestamp;
use serde_json::Value;
use std::time::Duration;
use tokio_postgres::types::Type;

/// On which terms a worker has a strand.
#[derive(Debug, Clone, Copy)]
pub struct Terms {
    /// How long nobody else may run it.
    pub lease: Duration,
    /// Workers that the customers who have any now share evenly. Fewer than there are, so that whoever comes finds one that is free
    /// in a moment.
    pub shared_workers: i32,
    /// How often an account may be called.
    pub calls: config::Rate,
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

/// What came of asking for a strand.
#[derive(Debug, Clone)]
pub enum Lease {
    /// It is the caller's until the lease ends.
    Held(Box<Leased>),
    /// Its account has been called as often as it may be: the message, to be sent now, wakes it when that is paid.
    PutOff(OutboxMessage),
    /// Its owner has a fair share of the workers already: the next of them that is free wakes it, older deployments first, so that
    /// what has begun ends before more begins.
    InLine,
    /// Somebody else holds it, it sleeps, or it has ended.
    NotOurs,
}

impl Lease {
    /// The strand, where it is held.
    #[must_use]
    pub fn held(self) -> Option<Leased> {
        if let Self::Held(leased) = self { Some(*leased) } else { None }
    }
}

impl Store {
    /// Leases the strand if it is awake, nobody holds it, its owner has fewer workers than others would leave to them, and its account
    /// may be called. A strand that has not begun leaves half of the calls to those that have, so that these end in time; it comes
    /// again at a random moment, so that not all do at once. Who stands in line for long, as after a worker's death, is woken by
    /// the sweep. A row that is locked is waited for: whoever wakes another strand may hold it for a moment, and to skip it would lose
    /// that wake-up.
    pub async fn lease(&self, id: &StrandId, lease_token: &str, terms: &Terms) -> Result<Lease> {
        let sql = format!(
            "WITH asked AS (SELECT s.id, d.owner, d.created_at, s.stack = '{{}}' AS fresh, extract(epoch FROM a.calls_until - now())::float8
                    - CASE WHEN s.stack = '{{}}' THEN $5 / 2 ELSE $5 END AS debt
                FROM strand s JOIN deployment d ON d.id = s.deployment_id JOIN account a ON a.id = d.account_id
                WHERE s.id = $1 AND s.exited_at IS NULL AND s.wake_at <= now() + interval '1 second'
                AND (s.lease_until IS NULL OR s.lease_until < now()) FOR UPDATE OF s),
            held AS (SELECT count(*) FILTER (WHERE d.owner = asked.owner) AS own, count(DISTINCT d.owner) FILTER (WHERE d.owner <> asked.owner) + 1 AS owners
                FROM asked, strand l JOIN deployment d ON d.id = l.deployment_id WHERE l.lease_until > now()),
            verdict AS (SELECT asked.*, own < greatest(1, $4 / owners) AS room FROM asked, held),
            mine AS (UPDATE strand SET lease_token = $2, lease_until = now() + make_interval(secs => $3), attempts = attempts + 1,
                    place_in_line = NULL
                FROM verdict v WHERE strand.id = v.id AND v.room AND v.debt <= 0 RETURNING strand.*, {WISH} AS wish),
            later AS (UPDATE strand SET place_in_line = CASE WHEN v.room THEN NULL ELSE v.created_at END,
                    wake_at = now() + CASE WHEN v.room THEN make_interval(secs => v.debt) ELSE interval '1 minute' END
                FROM verdict v WHERE strand.id = v.id AND NOT (v.room AND v.debt <= 0) RETURNING strand.id, v.*),
            told AS (INSERT INTO outbox (queue, body, delay_s) SELECT '{JOBS}', json_build_object('strand', $1::text)::text,
                    ceil(least(debt + random() * CASE WHEN fresh THEN 20 ELSE debt END, 900))::int
                FROM later WHERE room RETURNING id, queue, body, delay_s)
            SELECT d.*, m.program, m.label, m.stack, m.attempts, m.label_since, m.wish, a.role_arn, a.external_id,
                a.monitor_role_arn, a.verified_at, told.*
            FROM verdict LEFT JOIN mine m ON true LEFT JOIN (SELECT {COLUMNS}, document, target FROM deployment) d ON d.id = m.deployment_id
            LEFT JOIN account a ON a.id = d.account_id LEFT JOIN told ON true"
        );
        let params: [Param<'_>; 5] = [
            (&id.as_str(), Type::TEXT),
            (&lease_token, Type::TEXT),
            (&terms.lease.as_secs_f64(), Type::FLOAT8),
            (&terms.shared_workers, Type::INT4),
            (&(terms.calls.burst / terms.calls.per_second), Type::FLOAT8),
        ];
        let rows = self.rows(&sql, &params).await?;
        let Some(row) = rows.first() else { return Ok(Lease::NotOurs) };
        let at = COLUMN_COUNT + 2;
        if row.get::<_, Option<i64>>(at + 10).is_some() {
            return Ok(Lease::PutOff(outbox::read(row, at + 10)));
        }
        let Some(program) = row.get(at) else { return Ok(Lease::InLine) };
        let target: Option<Value> = row.get(COLUMN_COUNT + 1);
        Ok(Lease::Held(Box::new(Leased {
            id: id.clone(),
            lease_token: lease_token.to_owned(),
            program,
            label: row.get(at + 1),
            stack: row.get(at + 2),
            attempts: row.get(at + 3),
            label_since: row.get(at + 4),
            wish: Wish::ranked(row.get(at + 5)),
            link: Link {
                role_arn: row.get(at + 6),
                external_id: row.get(at + 7),
                monitor_role_arn: row.get(at + 8),
                verified_at: row.get(at + 9),
            },
            document: row.get(COLUMN_COUNT),
            target: target.map(serde_json::from_value).transpose().map_err(Error::invalid)?,
            deployment: read(row)?,
        })))
    }
}
