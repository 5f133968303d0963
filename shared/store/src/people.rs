//! What is done to a person as a whole. There is no row of a person: the user pool has them, and the rows have their id.

use crate::audit::noted;
use crate::{Deed, Result, Store};

impl Store {
    /// Notes that all sessions of the actor are about to end. There is no row to change, so this goes before the deed.
    pub async fn note_sign_out_everywhere(&self, deed: &Deed) -> Result<()> {
        let sql = format!("WITH me AS (SELECT $1 AS id), {} SELECT FROM me", noted("auth-sign-out-everywhere", "me"));
        self.row(&sql, &deed.with(&[])).await.map(drop)
    }
}
