//! Pages that are told of changes: the tickets that open their WebSockets, the sockets, and what has changed since a number.

use crate::{Error, Result, Store};
use domain::{DeploymentId, PlanId, Status, UserId};
use std::time::Duration;
use tokio_postgres::types::Type;

/// A change that somebody who has a page open is to be told of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct News {
    /// Grows by one with each change of what its owner sees.
    pub sequence: i64,
    /// The plan.
    pub plan: PlanId,
    /// What was deployed from it, if that has changed.
    pub deployment: Option<DeploymentId>,
    /// The deployment's status, else the plan's is as it was.
    pub status: Option<Status>,
    /// The owner's sockets that have subscribed.
    pub sockets: Vec<String>,
}

/// What has changed since a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Since {
    /// The number of the last change.
    pub sequence: i64,
    /// Plans that were changed, made or deleted.
    pub plans: Vec<PlanId>,
    /// Deployments that were changed or made.
    pub deployments: Vec<DeploymentId>,
}

/// An API Gateway closes a WebSocket after two hours: an older row is that of one whose end nobody told.
const LONGEST: Duration = Duration::from_secs(2 * 3600 + 600);

/// The owner's sockets, as an array; `owner` is SQL.
pub(crate) fn sockets_of(owner: &str) -> String {
    format!("ARRAY(SELECT id FROM socket WHERE owner = {owner} AND subscribed ORDER BY id)")
}

impl Store {
    /// Keeps a ticket, by its hash, and removes some that are too old.
    pub async fn add_ticket(&self, owner: &UserId, digest: &str, lifetime: Duration) -> Result<()> {
        let sql = "WITH swept AS (DELETE FROM ticket WHERE digest IN (SELECT digest FROM ticket WHERE expires_at <= now() LIMIT 10))
            INSERT INTO ticket (digest, owner, expires_at) VALUES ($1, $2, now() + make_interval(secs => $3))";
        let seconds = lifetime.as_secs_f64();
        self.rows(sql, &[(&digest, Type::TEXT), (&owner.as_str(), Type::TEXT), (&seconds, Type::FLOAT8)]).await.map(drop)
    }

    /// Takes a ticket: it is good once. `None` if it is unknown, spent or too old.
    pub async fn take_ticket(&self, digest: &str) -> Result<Option<UserId>> {
        let sql = "DELETE FROM ticket WHERE digest = $1 RETURNING owner, expires_at > now()";
        let rows = self.rows(sql, &[(&digest, Type::TEXT)]).await?;
        Ok(rows.first().filter(|row| row.get(1)).map(|row| UserId(row.get(0))))
    }

    /// Notes a socket that has opened, and removes those of its owner that can't be open any more.
    pub async fn add_socket(&self, owner: &UserId, id: &str) -> Result<()> {
        let sql = "WITH swept AS (DELETE FROM socket WHERE owner = $2 AND connected_at < now() - make_interval(secs => $3) AND id <> $1)
            INSERT INTO socket (id, owner) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING";
        let longest = LONGEST.as_secs_f64();
        self.rows(sql, &[(&id, Type::TEXT), (&owner.as_str(), Type::TEXT), (&longest, Type::FLOAT8)]).await.map(drop)
    }

    /// From now on the socket is told of changes. Answers the number of the last one, or `None` if the socket is not known.
    pub async fn subscribe(&self, id: &str) -> Result<Option<i64>> {
        // The number is read by a statement of its own, after the commit: a change in between is told, and one before is counted.
        let rows = self.rows("UPDATE socket SET subscribed = true WHERE id = $1 RETURNING owner", &[(&id, Type::TEXT)]).await?;
        let Some(owner) = rows.first().map(|row| row.get::<_, String>(0)) else { return Ok(None) };
        let sql = "SELECT coalesce((SELECT value FROM change_count WHERE owner = $1), 0)";
        Ok(Some(self.row(sql, &[(&owner, Type::TEXT)]).await?.get(0)))
    }

    /// Sockets that are closed.
    pub async fn remove_sockets(&self, ids: &[String]) -> Result<()> {
        self.rows("DELETE FROM socket WHERE id = ANY($1)", &[(&ids, Type::TEXT_ARRAY)]).await.map(drop)
    }

    /// Who is to be told of a change of the plan itself that was just stored; `None` if nobody listens.
    pub async fn plan_news(&self, owner: &UserId, plan: &PlanId) -> Result<Option<News>> {
        let sql = format!("SELECT sequence, {} FROM plan WHERE id = $2 AND owner = $1", sockets_of("$1"));
        let row = self.row(&sql, &[(&owner.as_str(), Type::TEXT), (&plan.as_str(), Type::TEXT)]).await?;
        let sockets: Vec<String> = row.get(1);
        let news = News { sequence: row.get(0), plan: plan.clone(), deployment: None, status: None, sockets };
        Ok(Some(news).filter(|news| !news.sockets.is_empty()))
    }

    /// What has changed since that number, at most `limit` of each kind and the latest first.
    pub async fn changed_since(&self, owner: &UserId, sequence: i64, limit: u32) -> Result<Since> {
        let newer =
            |table: &str| format!("ARRAY(SELECT id FROM {table} WHERE owner = $1 AND sequence > $2 ORDER BY sequence DESC LIMIT $3)");
        let sql =
            format!("SELECT coalesce((SELECT value FROM change_count WHERE owner = $1), 0), {}, {}", newer("plan"), newer("deployment"));
        let params = [(&owner.as_str() as _, Type::TEXT), (&sequence as _, Type::INT8), (&i64::from(limit) as _, Type::INT8)];
        let row = self.row(&sql, &params).await?;
        let (plans, deployments): (Vec<String>, Vec<String>) = (row.get(1), row.get(2));
        Ok(Since {
            sequence: row.get(0),
            plans: plans.iter().map(|id| id.parse()).collect::<std::result::Result<_, _>>().map_err(Error::invalid)?,
            deployments: deployments.iter().map(|id| id.parse()).collect::<std::result::Result<_, _>>().map_err(Error::invalid)?,
        })
    }
}
