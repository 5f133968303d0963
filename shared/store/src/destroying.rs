//! Destroying a deployment, and undoing that while it can be undone.

use crate::audit::noted;
use crate::deployments::{COLUMN_COUNT, COLUMNS, Destroying, read};
use crate::outbox::{self, JOBS};
use crate::{Deed, Error, Result, Store};
use domain::DeploymentId;
use std::time::Duration;
use tokio_postgres::types::Type;

impl Store {
    /// Raises the destroy flag and wakes the strand. What ran is only stopped for as long as `window` says, in which it can be undone;
    /// without one it is destroyed now, also where a window is open. A second wish with a window does not make the first one's longer,
    /// and one that is destroyed already stays as it is.
    ///
    /// # Errors
    /// [`Error::NotFound`] also for another user's deployment; [`Error::Protected`] with the plan's id, where the plan as it is now
    /// asks for that.
    pub async fn request_destroy(&self, deed: &Deed, id: &DeploymentId, window: Option<Duration>) -> Result<Destroying> {
        // Locked, so that of two at once the second sees what the first has done; the strand first, as a transition does.
        let sql = format!(
            "WITH held AS (SELECT d.id, p.id AS held_plan, d.destroyed_at IS NULL AND EXISTS
                    (SELECT FROM jsonb_array_elements(p.document->'components') AS c WHERE (c->>'protect')::boolean) AS protected,
                    d.destroyed_at IS NULL AND (NOT s.destroy_requested OR $5::float8 IS NULL AND s.destroy_at > now()) AS changes,
                    CASE WHEN d.destroyed_at IS NOT NULL THEN d.destroy_at WHEN $5 IS NULL OR d.last_ok_at IS NULL THEN NULL
                        WHEN s.destroy_requested THEN s.destroy_at ELSE now() + make_interval(secs => $5) END AS until
                FROM strand s JOIN deployment d ON d.id = s.deployment_id JOIN plan p ON p.id = d.plan_id
                WHERE d.id = $4 AND d.owner = $1 FOR UPDATE OF s, d),
            flagged AS (UPDATE strand SET destroy_requested = true, destroy_at = held.until, wake_at = now(), attempts = 0 FROM held
                WHERE strand.deployment_id = held.id AND NOT protected AND strand.exited_at IS NULL RETURNING strand.id),
            marked AS (UPDATE deployment SET status = CASE WHEN destroyed_at IS NULL THEN 'destroying' ELSE status END,
                    reason = CASE WHEN destroyed_at IS NULL THEN NULL ELSE reason END,
                    destroy_at = (SELECT until FROM held), updated_at = now()
                WHERE id = (SELECT id FROM held WHERE NOT protected) RETURNING {COLUMNS}),
            told AS (INSERT INTO outbox (queue, body) SELECT '{JOBS}', json_build_object('strand', flagged.id)::text FROM flagged
                RETURNING id, queue, body, delay_s),
            {} SELECT marked.*, told.*, held.protected, held.held_plan FROM held LEFT JOIN marked ON true LEFT JOIN told ON true",
            noted("deployment-delete", "held WHERE changes AND NOT protected")
        );
        let seconds = window.map(|window| window.as_secs_f64());
        let row = self.row(&sql, &deed.with(&[(&id.as_str(), Type::TEXT), (&seconds, Type::FLOAT8)])).await?;
        if row.get::<_, bool>(COLUMN_COUNT + outbox::COLUMN_COUNT) {
            return Err(Error::Protected(row.get(COLUMN_COUNT + outbox::COLUMN_COUNT + 1)));
        }
        let told = row.get::<_, Option<i64>>(COLUMN_COUNT).is_some();
        let outbox = if told { vec![outbox::read(&row, COLUMN_COUNT)] } else { Vec::new() };
        Ok(Destroying { deployment: read(&row)?, outbox })
    }

    /// Takes the wish to destroy back while that can be undone, with a change that has not begun, and wakes the strand: what ran before
    /// is to run again. `None` if it can't be undone.
    ///
    /// # Errors
    /// [`Error::NotFound`] also for another user's deployment.
    pub async fn request_undelete(&self, deed: &Deed, id: &DeploymentId) -> Result<Option<Destroying>> {
        // The strand's row alone says whether it is too late, by the clock after any wait for its lock: once a worker has stored that
        // the window is over, nobody gets through here.
        let sql = format!(
            "WITH flagged AS (UPDATE strand SET destroy_requested = false, destroy_at = NULL, wanted_plan = NULL, wanted_version = NULL,
                    wake_at = now(), attempts = 0
                WHERE deployment_id = (SELECT id FROM deployment WHERE id = $4 AND owner = $1) AND exited_at IS NULL
                AND destroy_requested AND destroy_at > clock_timestamp() RETURNING id, deployment_id),
            marked AS (UPDATE deployment SET status = 'changing', reason = NULL, destroy_at = NULL, updated_at = now()
                WHERE id = (SELECT deployment_id FROM flagged) RETURNING {COLUMNS}),
            told AS (INSERT INTO outbox (queue, body) SELECT '{JOBS}', json_build_object('strand', flagged.id)::text FROM flagged
                RETURNING id, queue, body, delay_s),
            {} SELECT marked.*, told.* FROM marked, told",
            noted("deployment-undelete", "marked")
        );
        if let Some(row) = self.rows(&sql, &deed.with(&[(&id.as_str(), Type::TEXT)])).await?.first() {
            return Ok(Some(Destroying { deployment: read(row)?, outbox: vec![outbox::read(row, COLUMN_COUNT)] }));
        }
        self.deployment(&deed.actor, id).await.map(|_| None)
    }
}
