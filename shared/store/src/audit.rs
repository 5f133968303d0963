//! Who looked at or changed what, when and from where.
//!
//! A line is written by the statement that makes the change, so that there is neither without the other. A statement that does so
//! begins its parameters with [`Deed::with`]'s: its own come from `$4` on.

use crate::connection::Param;
use crate::{Error, Result, Store};
use domain::{DeploymentId, Subject, UserId};
use jiff::Timestamp;
use std::fmt;
use std::str::FromStr;
use tokio_postgres::types::Type;

/// Who does something, and how they came here. The actor is whose rows it is done to: what is another's is not there.
#[derive(Debug, Clone)]
pub struct Deed {
    /// The user.
    pub actor: UserId,
    /// The gateway's id of the request.
    pub request_id: String,
    /// The caller's address, as the gateway saw it.
    pub address: Option<String>,
}

impl Deed {
    /// The parameters of a statement: `$1` actor, `$2` request, `$3` address, then the statement's own.
    pub(crate) fn with<'a>(&'a self, own: &[Param<'a>]) -> Vec<Param<'a>> {
        let mut all: Vec<Param<'a>> = vec![(&self.actor.0, Type::TEXT), (&self.request_id, Type::TEXT), (&self.address, Type::TEXT)];
        all.extend_from_slice(own);
        all
    }
}

/// The part of a statement that writes a line for each row of `changed`, a part before it with the subject's `id`; a condition may
/// follow. `action` is the route's name.
pub(crate) fn noted(action: &str, changed: &str) -> String {
    format!("noted AS (INSERT INTO audit (actor, action, subject, request_id, address) SELECT $1, '{action}', id, $2, $3 FROM {changed})")
}

/// A line's place in the log: later lines have larger ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place(i64);

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The text is not what [`Place`] writes.
#[derive(Debug, thiserror::Error)]
#[error("not a place in the audit log")]
pub struct NoPlace;

impl FromStr for Place {
    type Err = NoPlace;

    fn from_str(text: &str) -> std::result::Result<Self, NoPlace> {
        let digits = (1..=18).contains(&text.len()) && !text.starts_with('0') && text.bytes().all(|byte| byte.is_ascii_digit());
        if digits { text.parse().map(Self).map_err(|_| NoPlace) } else { Err(NoPlace) }
    }
}

/// A line of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditLine {
    /// Where it stands.
    pub place: Place,
    /// When.
    pub at: Timestamp,
    /// The route that did it.
    pub action: String,
    /// What it was done to.
    pub subject: String,
    /// The request, as our log lines name it.
    pub request_id: String,
    /// Where it came from; lines from before this was written have none.
    pub address: Option<String>,
}

impl Store {
    /// Notes that the password of a deployment is about to be shown. There is no row to change, so this goes before the deed.
    ///
    /// # Errors
    /// [`Error::NotFound`] also for another user's deployment.
    pub async fn note_reveal(&self, deed: &Deed, id: &DeploymentId) -> Result<()> {
        let noted = noted("deployment-connection-reveal", "mine");
        let sql = format!("WITH mine AS (SELECT id FROM deployment WHERE id = $4 AND owner = $1), {noted} SELECT FROM mine");
        self.row(&sql, &deed.with(&[(&id.as_str(), Type::TEXT)])).await.map(drop)
    }

    /// What the actor did, newest first, before `after`; all of it, or what was done to one subject.
    pub async fn audit_lines(&self, actor: &UserId, limit: u32, after: Option<Place>, subject: Option<&Subject>) -> Result<Vec<AuditLine>> {
        let sql = "SELECT id, at, action, subject, request_id, address FROM audit
            WHERE actor = $1 AND ($2::int8 IS NULL OR id < $2) AND ($3::text IS NULL OR subject = $3) ORDER BY id DESC LIMIT $4";
        let params: [Param<'_>; 4] = [
            (&actor.as_str(), Type::TEXT),
            (&after.map(|place| place.0), Type::INT8),
            (&subject.map(Subject::as_str), Type::TEXT),
            (&i64::from(limit), Type::INT8),
        ];
        let rows = self.rows(sql, &params).await?;
        rows.iter()
            .map(|row| {
                Ok(AuditLine {
                    place: Place(row.try_get(0).map_err(Error::invalid)?),
                    at: row.get(1),
                    action: row.get(2),
                    subject: row.get(3),
                    request_id: row.get(4),
                    address: row.get(5),
                })
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Place;

    #[test]
    fn a_place_is_a_number_that_was_written_here() {
        for text in ["1", "42", "999999999999999999"] {
            assert_eq!(text.parse::<Place>().unwrap().to_string(), text);
        }
        for text in ["", "0", "01", "-1", "+1", "1.5", "1000000000000000000", "\u{661}"] {
            assert!(text.parse::<Place>().is_err(), "{text}");
        }
    }
}
