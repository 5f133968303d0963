//! What is done to a person as a whole. There is no row of a person: the user pool has them, and the rows have their id.

use crate::audit::noted;
use crate::{Deed, Error, Result, Store};

impl Store {
    /// Notes that all sessions of the actor are about to end. There is no row to change, so this goes before the deed.
    pub async fn note_sign_out_everywhere(&self, deed: &Deed) -> Result<()> {
        let sql = format!("WITH me AS (SELECT $1 AS id), {} SELECT FROM me", noted("auth-sign-out-everywhere", "me"));
        self.row(&sql, &deed.with(&[])).await.map(drop)
    }

    /// Hides all plans of the actor and forgets all their accounts and open pages, as [`Store::delete_plan`] and [`Store::remove_account`] do with one.
    /// Done again, it changes nothing and notes nothing.
    ///
    /// # Errors
    /// [`Error::InUse`] with the id of a deployment that lives: then all stays as it is.
    pub async fn delete_person(&self, deed: &Deed) -> Result<()> {
        let sql = format!(
            "WITH live AS (SELECT id FROM deployment WHERE owner = $1 AND destroyed_at IS NULL ORDER BY id LIMIT 1),
            plans AS (UPDATE plan SET deleted_at = now() WHERE owner = $1 AND deleted_at IS NULL AND NOT EXISTS (SELECT FROM live)),
            accounts AS (UPDATE account SET removed_at = now() WHERE owner = $1 AND removed_at IS NULL AND NOT EXISTS (SELECT FROM live)),
            tickets AS (DELETE FROM ticket WHERE owner = $1), sockets AS (DELETE FROM socket WHERE owner = $1),
            me AS (SELECT $1 AS id WHERE NOT EXISTS (SELECT FROM live)
                AND NOT EXISTS (SELECT FROM audit WHERE actor = $1 AND action = 'me-delete')),
            {} SELECT (SELECT id FROM live)",
            noted("me-delete", "me")
        );
        match self.hiding(&sql, &deed.with(&[])).await?.get::<_, Option<String>>(0) {
            Some(live) => Err(Error::InUse(live)),
            None => Ok(()),
        }
    }
}
