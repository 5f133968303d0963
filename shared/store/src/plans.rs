//! Plans, each with the state of its live deployment.

use crate::{Error, Result, Store};
use domain::plan::Plan;
use domain::{DeploymentId, PlanId, Status, UserId};
use jiff::Timestamp;
use tokio_postgres::{Row, types::Type};

/// A stored plan.
#[derive(Debug, Clone)]
pub struct PlanRow {
    /// Its id.
    pub id: PlanId,
    /// Whose it is.
    pub owner: UserId,
    /// The document.
    pub plan: Plan,
    /// Grows with each change.
    pub version: i64,
    /// When it was first saved.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// The live deployment.
    pub deployment: Option<DeploymentId>,
    /// The live deployment's status, else `not_deployed`.
    pub status: Status,
    /// Why, if the status is `issue`.
    pub reason: Option<String>,
}

const SELECT: &str =
    "SELECT p.id, p.owner, p.document, p.version, p.created_at, p.updated_at, d.id, coalesce(d.status, 'not_deployed'), d.reason
    FROM plan p LEFT JOIN deployment d ON d.plan_id = p.id AND d.destroyed_at IS NULL";

fn read(row: &Row) -> Result<PlanRow> {
    let deployment: Option<String> = row.get(6);
    Ok(PlanRow {
        id: row.get::<_, String>(0).parse().map_err(Error::invalid)?,
        owner: UserId(row.get(1)),
        plan: serde_json::from_value(row.get(2)).map_err(Error::invalid)?,
        version: row.get(3),
        created_at: row.get(4),
        updated_at: row.get(5),
        deployment: deployment.map(|id| id.parse()).transpose().map_err(Error::invalid)?,
        status: row.get::<_, String>(7).parse().map_err(Error::invalid)?,
        reason: row.get(8),
    })
}

impl Store {
    /// Saves a new plan.
    pub async fn create_plan(&self, id: &PlanId, owner: &UserId, plan: &Plan) -> Result<PlanRow> {
        let document = serde_json::to_value(plan).map_err(Error::invalid)?;
        let sql = "INSERT INTO plan (id, owner, document) VALUES ($1, $2, $3)
            RETURNING id, owner, document, version, created_at, updated_at, NULL::text, 'not_deployed', NULL::text";
        read(&self.row(sql, &[(&id.as_str(), Type::TEXT), (&owner.as_str(), Type::TEXT), (&document, Type::JSONB)]).await?)
    }

    /// # Errors
    /// [`Error::NotFound`] also for another user's plan.
    pub async fn plan(&self, owner: &UserId, id: &PlanId) -> Result<PlanRow> {
        let sql = format!("{SELECT} WHERE p.id = $1 AND p.owner = $2");
        read(&self.row(&sql, &[(&id.as_str(), Type::TEXT), (&owner.as_str(), Type::TEXT)]).await?)
    }

    /// The owner's plans, newest first, older than `after`.
    pub async fn plans(&self, owner: &UserId, limit: u32, after: Option<&PlanId>) -> Result<Vec<PlanRow>> {
        let sql = format!("{SELECT} WHERE p.owner = $1 AND ($2::text IS NULL OR p.id < $2) ORDER BY p.id DESC LIMIT $3");
        let params: [crate::connection::Param<'_>; 3] =
            [(&owner.as_str(), Type::TEXT), (&after.map(PlanId::as_str), Type::TEXT), (&i64::from(limit), Type::INT8)];
        self.rows(&sql, &params).await?.iter().map(read).collect()
    }
}
