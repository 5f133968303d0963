//! Messages that are written with the change they tell of, and sent after it.

use crate::{Result, Store};
use tokio_postgres::{Row, types::Type};

/// The queue of `worker-jobs`.
pub const JOBS: &str = "jobs";

/// A message that must reach its queue at least once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxMessage {
    /// The row, to be removed once sent.
    pub id: i64,
    /// Which queue.
    pub queue: String,
    /// Only ids; the rows are the truth.
    pub body: String,
    /// Seconds before it is delivered, at most 900 (the limit of SQS).
    pub delay_s: u32,
}

/// How many columns `read` takes.
pub(crate) const COLUMN_COUNT: usize = 4;

pub(crate) fn read(row: &Row, first: usize) -> OutboxMessage {
    let delay: i32 = row.get(first + 3);
    OutboxMessage { id: row.get(first), queue: row.get(first + 1), body: row.get(first + 2), delay_s: u32::try_from(delay).unwrap_or(0) }
}

impl Store {
    /// The messages were taken by their queue.
    pub async fn outbox_sent(&self, ids: &[i64]) -> Result<()> {
        self.rows("DELETE FROM outbox WHERE id = ANY($1)", &[(&ids, Type::INT8_ARRAY)]).await.map(drop)
    }

    /// What was lost on the way: messages that nobody sent, and one made up for each strand that should have woken.
    /// Both only after 30 seconds, so that what is merely under way is left alone.
    pub async fn due(&self, limit: u32) -> Result<Vec<OutboxMessage>> {
        let sql = "WITH unsent AS (SELECT id, queue, body, 0 AS delay_s FROM outbox
                WHERE created_at + make_interval(secs => delay_s + 30) < now() ORDER BY id LIMIT $1),
            asleep AS (SELECT 0::bigint AS id, 'jobs' AS queue, json_build_object('strand', s.id)::text AS body, 0 AS delay_s FROM strand s
                WHERE s.exited_at IS NULL AND s.wake_at + interval '30 seconds' < now() AND (s.lease_until IS NULL OR s.lease_until < now())
                AND NOT EXISTS (SELECT FROM unsent WHERE unsent.body LIKE '%' || s.id || '%') ORDER BY s.wake_at LIMIT $1)
            SELECT * FROM unsent UNION ALL SELECT * FROM asleep";
        Ok(self.rows(sql, &[(&i64::from(limit), Type::INT8)]).await?.iter().map(|row| read(row, 0)).collect())
    }
}
