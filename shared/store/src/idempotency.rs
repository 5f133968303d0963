//! Answers to requests that may be repeated, sealed by the caller of this crate.

use crate::{Result, Store};
use tokio_postgres::types::Type;

/// What is known of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Begun {
    /// It is the caller's to carry out.
    New,
    /// Somebody else is carrying it out.
    Running,
    /// The same key was used for another request.
    Other,
    /// It was answered; the sealed answer.
    Answered(Vec<u8>),
}

impl Store {
    /// Takes the request for the caller, if nobody had it in the last 24 hours. One that was begun and not ended for 65 s belongs
    /// to a function that died (no function lives longer than 60 s), and is taken over.
    pub async fn begin_request(&self, id: &str, fingerprint: &str) -> Result<Begun> {
        let sql = "WITH known AS (SELECT fingerprint, answer FROM idempotency WHERE id = $1 AND created_at > now() - interval '24 hours'),
            taken AS (INSERT INTO idempotency AS i (id, fingerprint) VALUES ($1, $2)
                ON CONFLICT (id) DO UPDATE SET fingerprint = $2, answer = NULL, created_at = now(), started_at = now()
                    WHERE i.created_at <= now() - interval '24 hours'
                        OR (i.answer IS NULL AND i.fingerprint = $2 AND i.started_at <= now() - interval '65 seconds')
                RETURNING true),
            swept AS (DELETE FROM idempotency WHERE id IN (SELECT id FROM idempotency
                WHERE created_at <= now() - interval '24 hours' AND id <> $1 ORDER BY created_at LIMIT 10))
            SELECT EXISTS (SELECT FROM taken), (SELECT fingerprint FROM known), (SELECT answer FROM known)";
        let row = self.row(sql, &[(&id, Type::TEXT), (&fingerprint, Type::TEXT)]).await?;
        let (taken, known, answer): (bool, Option<String>, Option<Vec<u8>>) = (row.get(0), row.get(1), row.get(2));
        Ok(match (taken, known, answer) {
            (true, ..) => Begun::New,
            (false, Some(known), _) if known != fingerprint => Begun::Other,
            (false, Some(_), Some(answer)) => Begun::Answered(answer),
            // Also where another call took it between the two parts of the statement.
            (false, ..) => Begun::Running,
        })
    }

    /// The request was answered.
    pub async fn finish_request(&self, id: &str, answer: &[u8]) -> Result<()> {
        self.rows("UPDATE idempotency SET answer = $2 WHERE id = $1", &[(&id, Type::TEXT), (&answer, Type::BYTEA)]).await.map(drop)
    }

    /// The request came to nothing and may be sent again.
    pub async fn forget_request(&self, id: &str) -> Result<()> {
        self.rows("DELETE FROM idempotency WHERE id = $1", &[(&id, Type::TEXT)]).await.map(drop)
    }
}
