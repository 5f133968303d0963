//! The comparison of an account with the ledger: whose turn it is, what the ledger says, and what was found.

use crate::audit::noted;
use crate::connection::Param;
use crate::{Account, Deed, Error, Resource, Result, Store, accounts, ledger};
use config::Rate;
use domain::{AccountId, DeploymentId, EventId, Status, UserId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::time::Duration;
use tokio_postgres::{Row, types::Type};

/// What a look through an account found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reconciliation {
    /// When the account was last looked through; `None` while it never could be.
    pub checked_at: Option<Timestamp>,
    /// What could not be looked at, or why the last look failed.
    pub problem: Option<String>,
    /// How many strays there are, also those that are not listed.
    pub count: u32,
    /// What they cost in a month together, as far as that is known: a decimal.
    pub monthly_cost: String,
    /// Of the costs.
    pub currency: String,
    /// What the account holds and the ledger does not.
    pub strays: Vec<Finding>,
    /// What the ledger holds and the account does not.
    pub ghosts: Vec<Finding>,
    /// Strays that this look removed.
    pub removed: Vec<Finding>,
}

/// A stray or a ghost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// `instance`, `volume`, `security group`, `secret`, `role` or `instance profile`.
    pub kind: String,
    /// The cloud's id.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// The deployment that it belongs to, as far as its tag or name says so.
    pub deployment: Option<String>,
    /// `None` for roles and profiles, which belong to no region.
    pub region: Option<String>,
    /// When it was made; `None` where the cloud's list does not say it.
    pub created_at: Option<Timestamp>,
    /// A decimal; `None` where it is unknown.
    pub monthly_cost: Option<String>,
    /// Why it is one, and what a person can do.
    pub why: String,
}

/// A deployment with its lines of the ledger.
#[derive(Debug, Clone)]
pub struct Known {
    /// The deployment.
    pub id: DeploymentId,
    /// Whether it is the asking user's: two users may have linked one account.
    pub mine: bool,
    /// What it is doing.
    pub status: Status,
    /// When nothing of it was left but what is retained.
    pub destroyed_at: Option<Timestamp>,
    /// Where it is.
    pub region: Option<String>,
    /// In the order they were written.
    pub ledger: Vec<Resource>,
}

impl Store {
    /// The account whose turn has come longest ago, if one's has, and that may be called now; its next turn is after `again`. Whoever
    /// asks at the same moment gets another one.
    pub async fn next_to_reconcile(&self, again: Duration, rate: Rate) -> Result<Option<Account>> {
        let sql = format!(
            "UPDATE account SET reconcile_at = now() + make_interval(secs => $1) WHERE id = (SELECT id FROM account
                WHERE removed_at IS NULL AND status = 'verified' AND monitor_role_arn IS NOT NULL AND reconcile_at <= now()
                AND calls_until <= now() + make_interval(secs => $2)
                ORDER BY reconcile_at LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING {}",
            accounts::COLUMNS
        );
        let params: [Param<'_>; 2] = [(&again.as_secs_f64(), Type::FLOAT8), (&(rate.burst / rate.per_second), Type::FLOAT8)];
        self.rows(&sql, &params).await?.first().map(accounts::read).transpose()
    }

    /// Notes that a person asks for it now; the account's next turn is after `again`.
    ///
    /// # Errors
    /// [`Error::NotFound`] also for another user's account.
    pub async fn begin_reconcile(&self, deed: &Deed, id: &AccountId, again: Duration) -> Result<Account> {
        let sql = format!(
            "WITH begun AS (UPDATE account SET reconcile_at = now() + make_interval(secs => $5)
                WHERE id = $4 AND owner = $1 AND removed_at IS NULL RETURNING {}),
            {} SELECT * FROM begun",
            accounts::COLUMNS,
            noted("account-reconcile", "begun WHERE status = 'verified' AND monitor_role_arn IS NOT NULL")
        );
        accounts::read(&self.row(&sql, &deed.with(&[(&id.as_str(), Type::TEXT), (&again.as_secs_f64(), Type::FLOAT8)])).await?)
    }

    /// What was found, and after what time to look again.
    pub async fn reconciled(&self, id: &AccountId, found: &Reconciliation, again: Duration) -> Result<()> {
        let sql = "UPDATE account SET reconciliation = $2, reconcile_at = now() + make_interval(secs => $3) WHERE id = $1";
        let found = serde_json::to_value(found).map_err(Error::invalid)?;
        let params: [Param<'_>; 3] = [(&id.as_str(), Type::TEXT), (&found, Type::JSONB), (&again.as_secs_f64(), Type::FLOAT8)];
        self.rows(sql, &params).await.map(drop)
    }

    /// The regions that the user's deployments in that AWS account are or were in.
    pub async fn deployed_regions(&self, owner: &UserId, aws_account_id: &str) -> Result<Vec<String>> {
        let sql = "SELECT DISTINCT d.plan->'cloud'->>'region' AS region FROM deployment d JOIN account a ON a.id = d.account_id
            WHERE a.owner = $1 AND a.aws_account_id = $2 AND d.plan->'cloud'->>'region' IS NOT NULL ORDER BY region";
        let rows = self.rows(sql, &[(&owner.as_str(), Type::TEXT), (&aws_account_id, Type::TEXT)]).await?;
        Ok(rows.iter().map(|row| row.get(0)).collect())
    }

    /// The deployments in that AWS account that something there may belong to, by whole ids or by their ends, and those of the
    /// user's whose ledger is not empty. Those of other users too, so that theirs is not taken for a stray.
    pub async fn known_in(&self, owner: &UserId, aws_account_id: &str, ids: &[String], ends: &[String]) -> Result<Vec<Known>> {
        let lines: Vec<String> = ledger::COLUMNS.iter().map(|column| format!("r.{column}")).collect();
        let sql = format!(
            "SELECT d.id, d.owner = $1, d.status, d.destroyed_at, d.plan->'cloud'->>'region', {} FROM account a
            JOIN deployment d ON d.account_id = a.id LEFT JOIN resource r ON r.deployment_id = d.id
            WHERE a.aws_account_id = $2 AND (d.id = ANY($3) OR right(d.id, 8) = ANY($4) OR d.owner = $1 AND r.state <> 'gone')
            ORDER BY d.id, r.id",
            lines.join(", ")
        );
        let params: [Param<'_>; 4] =
            [(&owner.as_str(), Type::TEXT), (&aws_account_id, Type::TEXT), (&ids, Type::TEXT_ARRAY), (&ends, Type::TEXT_ARRAY)];
        let mut all: Vec<Known> = Vec::new();
        for row in self.rows(&sql, &params).await? {
            let known = known(&row)?;
            match all.last_mut().filter(|last| last.id == known.id) {
                Some(last) => last.ledger.extend(known.ledger),
                None => all.push(known),
            }
        }
        Ok(all)
    }

    /// Tells the deployment's owner what became of something of it.
    pub async fn tell(&self, deployment: &DeploymentId, message: &str) -> Result<()> {
        let sql = "INSERT INTO event (id, deployment_id, kind, message) VALUES ($1, $2, 'info', $3)";
        let id = EventId::generate();
        let params: [Param<'_>; 3] = [(&id.as_str(), Type::TEXT), (&deployment.as_str(), Type::TEXT), (&message, Type::TEXT)];
        self.rows(sql, &params).await.map(drop)
    }

    /// The absence of something of a destroyed deployment was seen: its line is closed, and what was kept on purpose is no longer
    /// shown as kept. Answers whether the line was open.
    pub async fn ledger_settle(&self, deployment: &DeploymentId, line: &Resource) -> Result<bool> {
        let sql = "WITH closed AS (UPDATE resource r SET state = 'gone', updated_at = now() FROM deployment d
                WHERE r.deployment_id = $1 AND r.kind = $2 AND r.name = $3 AND r.state = $4 AND r.updated_at = $5
                AND d.id = r.deployment_id AND d.destroyed_at IS NOT NULL RETURNING r.external_id),
            shown AS (UPDATE deployment SET retained = coalesce((SELECT jsonb_agg(kept) FROM jsonb_array_elements(retained) kept
                    WHERE kept->>'id' IS DISTINCT FROM closed.external_id), '[]') FROM closed WHERE id = $1)
            SELECT FROM closed";
        let params: [Param<'_>; 5] = [
            (&deployment.as_str(), Type::TEXT),
            (&line.kind, Type::TEXT),
            (&line.name, Type::TEXT),
            (&line.state, Type::TEXT),
            (&line.updated_at, Type::TIMESTAMPTZ),
        ];
        Ok(!self.rows(sql, &params).await?.is_empty())
    }
}

fn known(row: &Row) -> Result<Known> {
    const LEDGER: usize = 5;
    let has_line = row.get::<_, Option<String>>(LEDGER).is_some();
    Ok(Known {
        id: row.get::<_, String>(0).parse().map_err(Error::invalid)?,
        mine: row.get(1),
        status: row.get::<_, String>(2).parse().map_err(Error::invalid)?,
        destroyed_at: row.get(3),
        region: row.get(4),
        ledger: if has_line { vec![ledger::read(row, LEDGER)?] } else { Vec::new() },
    })
}
