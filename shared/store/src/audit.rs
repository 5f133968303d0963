//! Who looked at or changed what.

use crate::{Result, Store};
use domain::UserId;
use tokio_postgres::types::Type;

impl Store {
    /// Notes that `actor` is about to do `action` to `subject`; written before the deed.
    pub async fn audit(&self, actor: &UserId, action: &str, subject: &str, request_id: &str) -> Result<()> {
        let sql = "INSERT INTO audit (actor, action, subject, request_id) VALUES ($1, $2, $3, $4)";
        let params: [(&(dyn tokio_postgres::types::ToSql + Sync), Type); 4] =
            [(&actor.as_str(), Type::TEXT), (&action, Type::TEXT), (&subject, Type::TEXT), (&request_id, Type::TEXT)];
        self.rows(sql, &params).await.map(drop)
    }
}
