//! The ledger: every external resource, written before the call that makes it.

use crate::{Error, Result, Store};
use domain::{DeploymentId, ResourceId};
use jiff::Timestamp;
use jiff::civil::Date;
use tokio_postgres::{Row, types::Type};

/// A resource that is about to be made.
#[derive(Debug, Clone, Copy)]
pub struct NewResource<'a> {
    /// `security_group`, `secret`, `role`, `volume`, `instance`.
    pub kind: &'a str,
    /// Unique within the deployment and kind.
    pub name: &'a str,
    /// What makes the call safe to repeat.
    pub client_token: &'a str,
}

/// A line of the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resource {
    /// What it is.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// The cloud's id, once known.
    pub external_id: Option<String>,
    /// `planned`, `present`, `retained` or `gone`.
    pub state: String,
    /// The date a retained one may go.
    pub retained_until: Option<Date>,
    /// When the line was first written.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// In the order of [`read`].
pub(crate) const COLUMNS: [&str; 7] = ["kind", "name", "external_id", "state", "retained_until", "created_at", "updated_at"];

/// The line whose columns begin at `first`.
pub(crate) fn read(row: &Row, first: usize) -> Result<Resource> {
    Ok(Resource {
        kind: row.try_get(first).map_err(Error::invalid)?,
        name: row.get(first + 1),
        external_id: row.get(first + 2),
        state: row.get(first + 3),
        retained_until: row.get(first + 4),
        created_at: row.get(first + 5),
        updated_at: row.get(first + 6),
    })
}

impl Store {
    /// Writes the line, once; a repeated call changes nothing.
    pub async fn ledger_plan(&self, deployment: &DeploymentId, new: NewResource<'_>) -> Result<()> {
        let sql = "INSERT INTO resource (id, deployment_id, kind, name, client_token, state) VALUES ($1, $2, $3, $4, $5, 'planned')
            ON CONFLICT ON CONSTRAINT resource_deployment_id_kind_name_key
            DO UPDATE SET state = 'planned', client_token = EXCLUDED.client_token, external_id = NULL, updated_at = now() WHERE resource.state = 'gone'";
        let id = ResourceId::generate();
        let params: [crate::connection::Param<'_>; 5] = [
            (&id.as_str(), Type::TEXT),
            (&deployment.as_str(), Type::TEXT),
            (&new.kind, Type::TEXT),
            (&new.name, Type::TEXT),
            (&new.client_token, Type::TEXT),
        ];
        self.rows(sql, &params).await.map(drop)
    }

    /// The resource is there, under this id.
    pub async fn ledger_present(&self, deployment: &DeploymentId, kind: &str, name: &str, external_id: &str) -> Result<()> {
        let sql = "UPDATE resource SET state = 'present', external_id = $4, updated_at = now() WHERE deployment_id = $1 AND kind = $2 AND name = $3";
        let params: [crate::connection::Param<'_>; 4] =
            [(&deployment.as_str(), Type::TEXT), (&kind, Type::TEXT), (&name, Type::TEXT), (&external_id, Type::TEXT)];
        self.rows(sql, &params).await.map(drop)
    }

    /// Its absence was seen.
    pub async fn ledger_gone(&self, deployment: &DeploymentId, kind: &str) -> Result<()> {
        let sql = "UPDATE resource SET state = 'gone', updated_at = now() WHERE deployment_id = $1 AND kind = $2";
        self.rows(sql, &[(&deployment.as_str(), Type::TEXT), (&kind, Type::TEXT)]).await.map(drop)
    }

    /// It is kept on purpose until the date.
    pub async fn ledger_retained(&self, deployment: &DeploymentId, kind: &str, until: Date) -> Result<()> {
        let sql = "UPDATE resource SET state = 'retained', retained_until = $3, updated_at = now() WHERE deployment_id = $1 AND kind = $2";
        self.rows(sql, &[(&deployment.as_str(), Type::TEXT), (&kind, Type::TEXT), (&until, Type::DATE)]).await.map(drop)
    }

    /// Every line of the deployment, in the order they were written.
    pub async fn ledger(&self, deployment: &DeploymentId) -> Result<Vec<Resource>> {
        let sql = format!("SELECT {} FROM resource WHERE deployment_id = $1 ORDER BY id", COLUMNS.join(", "));
        let rows = self.rows(&sql, &[(&deployment.as_str(), Type::TEXT)]).await?;
        rows.iter().map(|row| read(row, 0)).collect()
    }
}
