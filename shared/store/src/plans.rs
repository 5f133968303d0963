//! Plans, each with the state of its live deployment.

use crate::audit::noted;
use crate::connection::Param;
use crate::{Deed, Error, Result, Store};
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
    pub async fn create_plan(&self, deed: &Deed, id: &PlanId, plan: &Plan) -> Result<PlanRow> {
        let document = serde_json::to_value(plan).map_err(Error::invalid)?;
        let sql = format!(
            "WITH made AS (INSERT INTO plan (owner, id, document) VALUES ($1, $4, $5) RETURNING *),
            {} SELECT id, owner, document, version, created_at, updated_at, NULL::text, 'not_deployed', NULL::text FROM made",
            noted("plan-create", "made")
        );
        read(&self.row(&sql, &deed.with(&[(&id.as_str(), Type::TEXT), (&document, Type::JSONB)])).await?)
    }

    /// # Errors
    /// [`Error::NotFound`] also for another user's plan.
    pub async fn plan(&self, owner: &UserId, id: &PlanId) -> Result<PlanRow> {
        let sql = format!("{SELECT} WHERE p.id = $1 AND p.owner = $2 AND p.deleted_at IS NULL");
        read(&self.row(&sql, &[(&id.as_str(), Type::TEXT), (&owner.as_str(), Type::TEXT)]).await?)
    }

    /// The owner's plans, newest first, older than `after`.
    pub async fn plans(&self, owner: &UserId, limit: u32, after: Option<&PlanId>) -> Result<Vec<PlanRow>> {
        let sql =
            format!("{SELECT} WHERE p.owner = $1 AND p.deleted_at IS NULL AND ($2::text IS NULL OR p.id < $2) ORDER BY p.id DESC LIMIT $3");
        let params: [Param<'_>; 3] =
            [(&owner.as_str(), Type::TEXT), (&after.map(PlanId::as_str), Type::TEXT), (&i64::from(limit), Type::INT8)];
        self.rows(&sql, &params).await?.iter().map(read).collect()
    }

    /// Replaces the document if `version` is still the plan's version.
    ///
    /// # Errors
    /// [`Error::NotFound`] also for another user's plan; [`Error::Stale`] if somebody changed it since.
    pub async fn update_plan(&self, deed: &Deed, id: &PlanId, version: i64, plan: &Plan) -> Result<PlanRow> {
        let document = serde_json::to_value(plan).map_err(Error::invalid)?;
        let sql = format!(
            "WITH changed AS (UPDATE plan SET document = $6, version = version + 1, updated_at = now()
                WHERE id = $4 AND owner = $1 AND deleted_at IS NULL AND version = $5 RETURNING *),
            {} SELECT s.*, changed.id IS NOT NULL, changed.version, changed.updated_at FROM ({SELECT} WHERE p.id = $4 AND p.owner = $1 AND p.deleted_at IS NULL)
                AS s (id, owner, document, version, created_at, updated_at, deployment, status, reason) LEFT JOIN changed ON true",
            noted("plan-update", "changed")
        );
        let own: [Param<'_>; 3] = [(&id.as_str(), Type::TEXT), (&version, Type::INT8), (&document, Type::JSONB)];
        let row = self.row(&sql, &deed.with(&own)).await?;
        // The part of the statement that reads saw the row as it was before.
        let before = read(&row)?;
        if !row.get::<_, bool>(9) {
            return Err(Error::Stale(before.version));
        }
        Ok(PlanRow { plan: plan.clone(), version: row.get(10), updated_at: row.get(11), ..before })
    }

    /// Hides the plan. What was deployed from it and destroyed stays in the list of deployments.
    ///
    /// # Errors
    /// [`Error::NotFound`] also for another user's plan; [`Error::InUse`] with the live deployment's id.
    pub async fn delete_plan(&self, deed: &Deed, id: &PlanId) -> Result<()> {
        let sql = format!(
            "WITH live AS (SELECT id FROM deployment WHERE plan_id = $4 AND destroyed_at IS NULL),
            hidden AS (UPDATE plan SET deleted_at = now()
                WHERE id = $4 AND owner = $1 AND deleted_at IS NULL AND NOT EXISTS (SELECT FROM live) RETURNING id),
            {} SELECT (SELECT id FROM live), EXISTS (SELECT FROM hidden) FROM plan WHERE id = $4 AND owner = $1 AND deleted_at IS NULL",
            noted("plan-delete", "hidden")
        );
        let row = self.hiding(&sql, &deed.with(&[(&id.as_str(), Type::TEXT)])).await?;
        match row.get::<_, Option<String>>(0) {
            Some(live) => Err(Error::InUse(live)),
            None => Ok(()),
        }
    }
}
