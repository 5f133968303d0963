//! Deployments as the API sees them; the engine's side is in `strands`.

use crate::audit::noted;
use crate::connection::Param;
use crate::outbox::{JOBS, OutboxMessage};
use crate::{Deed, Error, PlanRow, Result, Store, outbox};
use domain::plan::Plan;
use domain::{AccountId, DeploymentId, EventId, PlanId, Status, StrandId, UserId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio_postgres::{Row, types::Type};

/// How to reach a running database. No secret: the password stands in the customer's own secret store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Connection {
    /// Address that the server's certificate names.
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// The first database.
    pub database: String,
    /// The administrator's role.
    pub user: String,
    /// The deployment's own CA, PEM.
    pub ca_certificate: String,
    /// Where the password is.
    pub secret_arn: String,
}

/// One deployment of a plan.
#[derive(Debug, Clone)]
pub struct Deployment {
    /// Its id.
    pub id: DeploymentId,
    /// Of which plan.
    pub plan_id: PlanId,
    /// Whose it is.
    pub owner: UserId,
    /// Into which account.
    pub account_id: AccountId,
    /// What it is doing.
    pub status: Status,
    /// Why, if the status is `issue`.
    pub reason: Option<String>,
    /// The plan's version when it was deployed.
    pub plan_version: i64,
    /// The plan's version that it is being changed to, or was, if it stands at an issue.
    pub target_version: Option<i64>,
    /// The plan as it was deployed.
    pub plan: Plan,
    /// `[{name, value, reason, source}]`.
    pub configuration: Value,
    /// Once it runs.
    pub connection: Option<Connection>,
    /// What destroying kept: `[{kind, id, until}]`.
    pub retained: Value,
    /// `[{name, title, state, started_at, ended_at}]`.
    pub steps: Value,
    /// When a real query last succeeded.
    pub last_ok_at: Option<Timestamp>,
    /// When it was accepted.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// When nothing of it was left but what is retained.
    pub destroyed_at: Option<Timestamp>,
    /// Until when its destroy can, or could, be undone; none if it never could.
    pub destroy_at: Option<Timestamp>,
}

/// The answer to a deploy.
#[derive(Debug, Clone)]
pub struct Deployed {
    /// The live deployment.
    pub deployment: Deployment,
    /// Whether this call made it.
    pub created: bool,
    /// To be sent now; the sweep sends what is not.
    pub outbox: Vec<OutboxMessage>,
}

/// The answer to a destroy, its undoing or a cancel.
#[derive(Debug, Clone)]
pub struct Destroying {
    /// The deployment, with its new status.
    pub deployment: Deployment,
    /// To be sent now; the sweep sends what is not.
    pub outbox: Vec<OutboxMessage>,
}

/// What happened to a deployment.
#[derive(Debug, Clone)]
pub struct Event {
    /// Its id; later events sort after earlier ones.
    pub id: EventId,
    /// Of which deployment.
    pub deployment_id: DeploymentId,
    /// When.
    pub at: Timestamp,
    /// `step`, `info` or `issue`.
    pub kind: String,
    /// The step it belongs to.
    pub step: Option<String>,
    /// For people.
    pub message: String,
}

/// What runs of a plan.
#[derive(Debug, Clone)]
pub struct Running {
    /// The deployment.
    pub id: DeploymentId,
    /// The plan as it was deployed.
    pub plan: Plan,
    /// What the cloud was asked for, once that was decided.
    pub document: Option<Value>,
}

pub(crate) const COLUMNS: &str = "id, plan_id, owner, account_id, status, reason, plan_version, plan, configuration, connection, retained, steps, last_ok_at, created_at, updated_at, destroyed_at, destroy_at, (target->>'version')::bigint AS target_version";
pub(crate) const COLUMN_COUNT: usize = 18;

pub(crate) fn read(row: &Row) -> Result<Deployment> {
    let connection: Option<Value> = row.get(9);
    Ok(Deployment {
        id: row.get::<_, String>(0).parse().map_err(Error::invalid)?,
        plan_id: row.get::<_, String>(1).parse().map_err(Error::invalid)?,
        owner: UserId(row.get(2)),
        account_id: row.get::<_, String>(3).parse().map_err(Error::invalid)?,
        status: row.get::<_, String>(4).parse().map_err(Error::invalid)?,
        reason: row.get(5),
        plan_version: row.get(6),
        plan: serde_json::from_value(row.get(7)).map_err(Error::invalid)?,
        configuration: row.get(8),
        connection: connection.map(serde_json::from_value).transpose().map_err(Error::invalid)?,
        retained: row.get(10),
        steps: row.get(11),
        last_ok_at: row.get(12),
        created_at: row.get(13),
        updated_at: row.get(14),
        destroyed_at: row.get(15),
        destroy_at: row.get(16),
        target_version: row.get(17),
    })
}

impl Store {
    /// Makes the plan's deployment with its strand and the message that wakes it; or finds the live one, and wakes it if it
    /// stands at an issue or was made from another version of the plan. `plan` is the plan with account and region filled in.
    ///
    /// # Errors
    /// [`Error::NotFound`] also where the plan was deleted, or the account unlinked, a moment ago.
    pub async fn deploy(&self, deed: &Deed, row: &PlanRow, account: &AccountId, plan: &Plan) -> Result<Deployed> {
        let (id, strand) = (DeploymentId::generate(), StrandId::generate());
        let body = format!(r#"{{"strand":"{strand}"}}"#);
        let document = serde_json::to_value(plan).map_err(Error::invalid)?;
        let sql = format!(
            "WITH made AS (INSERT INTO deployment (owner, id, plan_id, account_id, status, plan_version, plan)
                SELECT $1, $4, plan.id, $6, 'deploying', $7, $8 FROM plan WHERE plan.id = $5 AND plan.deleted_at IS NULL
                ON CONFLICT (plan_id) WHERE destroyed_at IS NULL DO NOTHING RETURNING {COLUMNS}),
            begun AS (INSERT INTO strand (id, deployment_id, program, label) SELECT $9, made.id, 'postgres', 'start' FROM made RETURNING id),
            used AS (UPDATE account SET used_at = now() FROM made WHERE account.id = made.account_id),
            told AS (INSERT INTO outbox (queue, body) SELECT '{JOBS}', $10 FROM begun RETURNING id, queue, body, delay_s),
            {} SELECT made.*, told.* FROM made, told",
            noted("plan-deploy", "made")
        );
        let own: [Param<'_>; 7] = [
            (&id.as_str(), Type::TEXT),
            (&row.id.as_str(), Type::TEXT),
            (&account.as_str(), Type::TEXT),
            (&row.version, Type::INT8),
            (&document, Type::JSONB),
            (&strand.as_str(), Type::TEXT),
            (&body, Type::TEXT),
        ];
        let made = self.rows(&sql, &deed.with(&own)).await.map_err(|error| match error {
            Error::Conflict(name) if name == "still_there" => Error::NotFound,
            other => other,
        })?;
        if let Some(row) = made.first() {
            return Ok(Deployed { deployment: read(row)?, created: true, outbox: vec![outbox::read(row, COLUMN_COUNT)] });
        }
        self.wake_live(deed, row, &document).await
    }

    /// A first deploy at an issue starts again, with the plan as it is now. What has run before becomes what the plan says now, once
    /// nothing else is under way; so does a first deploy whose plan was changed meanwhile.
    async fn wake_live(&self, deed: &Deed, row: &PlanRow, document: &Value) -> Result<Deployed> {
        let sql = format!(
            "WITH live AS (SELECT d.id AS live_id, s.id AS strand_id, d.last_ok_at IS NOT NULL AS ran, d.status = 'issue' AS stuck,
                    coalesce((d.target->>'version')::bigint, d.plan_version) <> $5 AS other
                FROM deployment d JOIN strand s ON s.deployment_id = d.id WHERE d.plan_id = $4 AND d.owner = $1
                AND d.destroyed_at IS NULL AND NOT s.destroy_requested AND NOT s.cancel_requested FOR UPDATE OF d, s),
            moved AS (UPDATE deployment SET reason = NULL, updated_at = now(),
                    status = CASE WHEN NOT ran THEN 'deploying' ELSE 'changing' END,
                    plan = CASE WHEN ran THEN plan ELSE $6 END, plan_version = CASE WHEN ran THEN plan_version ELSE $5 END
                FROM live WHERE id = live_id AND (stuck OR ran AND other)),
            again AS (UPDATE strand SET label = 'start', label_since = now(), attempts = 0, wake_at = now()
                FROM live WHERE id = strand_id AND stuck AND NOT ran RETURNING strand.id, deployment_id),
            asked AS (UPDATE strand SET wanted_plan = $6, wanted_version = $5, wake_at = now(),
                    attempts = CASE WHEN ran THEN 0 ELSE attempts END
                FROM live WHERE id = strand_id AND (other OR stuck) AND NOT (stuck AND NOT ran) RETURNING strand.id, deployment_id),
            woken AS (SELECT id AS strand_id, deployment_id AS id FROM (TABLE again UNION ALL TABLE asked) either),
            told AS (INSERT INTO outbox (queue, body) SELECT '{JOBS}', json_build_object('strand', strand_id)::text FROM woken
                RETURNING id, queue, body, delay_s),
            {} SELECT told.* FROM (SELECT) one LEFT JOIN told ON true",
            noted("plan-deploy", "woken")
        );
        let own: [Param<'_>; 3] = [(&row.id.as_str(), Type::TEXT), (&row.version, Type::INT8), (document, Type::JSONB)];
        let told = self.row(&sql, &deed.with(&own)).await?;
        let outbox = if told.get::<_, Option<i64>>(0).is_some() { vec![outbox::read(&told, 0)] } else { Vec::new() };
        // Read after it: a part of one statement does not see what another part has changed.
        let sql = format!("SELECT {COLUMNS} FROM deployment WHERE plan_id = $1 AND owner = $2 AND destroyed_at IS NULL");
        let params: [Param<'_>; 2] = [(&row.id.as_str(), Type::TEXT), (&deed.actor.as_str(), Type::TEXT)];
        let deployment = read(&self.row(&sql, &params).await?)?;
        Ok(Deployed { deployment, created: false, outbox })
    }

    /// # Errors
    /// [`Error::NotFound`] also for another user's deployment.
    pub async fn deployment(&self, owner: &UserId, id: &DeploymentId) -> Result<Deployment> {
        let sql = format!("SELECT {COLUMNS} FROM deployment WHERE id = $1 AND owner = $2");
        read(&self.row(&sql, &[(&id.as_str(), Type::TEXT), (&owner.as_str(), Type::TEXT)]).await?)
    }

    /// What runs of a plan, if anything does.
    pub async fn running(&self, owner: &UserId, plan: &PlanId) -> Result<Option<Running>> {
        let sql = "SELECT id, plan, document FROM deployment WHERE plan_id = $1 AND owner = $2 AND destroyed_at IS NULL";
        let rows = self.rows(sql, &[(&plan.as_str(), Type::TEXT), (&owner.as_str(), Type::TEXT)]).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        Ok(Some(Running {
            id: row.get::<_, String>(0).parse().map_err(Error::invalid)?,
            plan: serde_json::from_value(row.get(1)).map_err(Error::invalid)?,
            document: row.get(2),
        }))
    }

    /// The deployment's events, oldest first, later than `after`.
    ///
    /// # Errors
    /// [`Error::NotFound`] also for another user's deployment.
    pub async fn events(&self, owner: &UserId, id: &DeploymentId, limit: u32, after: Option<&EventId>) -> Result<Vec<Event>> {
        let sql = "SELECT e.id, e.at, e.kind, e.step, e.message FROM deployment d
            LEFT JOIN LATERAL (SELECT * FROM event WHERE deployment_id = d.id AND ($3::text IS NULL OR id > $3) ORDER BY id LIMIT $4) e ON true
            WHERE d.id = $1 AND d.owner = $2 ORDER BY e.id";
        let params: [Param<'_>; 4] = [
            (&id.as_str(), Type::TEXT),
            (&owner.as_str(), Type::TEXT),
            (&after.map(EventId::as_str), Type::TEXT),
            (&i64::from(limit), Type::INT8),
        ];
        let rows = self.rows(sql, &params).await?;
        if rows.is_empty() {
            return Err(Error::NotFound);
        }
        let present = rows.iter().filter_map(|row| row.get::<_, Option<String>>(0).map(|event| (event, row)));
        present
            .map(|(event, row)| {
                Ok(Event {
                    id: event.parse().map_err(Error::invalid)?,
                    deployment_id: id.clone(),
                    at: row.get(1),
                    kind: row.get(2),
                    step: row.get(3),
                    message: row.get(4),
                })
            })
            .collect()
    }

    /// The owner's deployments, newest first, older than `after`; destroyed ones too.
    pub async fn deployments(&self, owner: &UserId, limit: u32, after: Option<&DeploymentId>) -> Result<Vec<Deployment>> {
        let sql = format!("SELECT {COLUMNS} FROM deployment WHERE owner = $1 AND ($2::text IS NULL OR id < $2) ORDER BY id DESC LIMIT $3");
        let params: [Param<'_>; 3] =
            [(&owner.as_str(), Type::TEXT), (&after.map(DeploymentId::as_str), Type::TEXT), (&i64::from(limit), Type::INT8)];
        self.rows(&sql, &params).await?.iter().map(read).collect()
    }

    /// Raises the cancel flag of a deployment that is under way, and wakes its strand. One that is not under way stays as it is:
    /// its status says so.
    ///
    /// # Errors
    /// [`Error::NotFound`] also for another user's deployment.
    pub async fn request_cancel(&self, deed: &Deed, id: &DeploymentId) -> Result<Destroying> {
        let sql = format!(
            "WITH marked AS (UPDATE deployment SET status = 'cancelling', reason = NULL, updated_at = now()
                WHERE id = $4 AND owner = $1 AND (status IN ('deploying', 'changing') OR status = 'issue' AND target IS NOT NULL) RETURNING id),
            flagged AS (UPDATE strand SET cancel_requested = true, wanted_plan = NULL, wanted_version = NULL, wake_at = now(), attempts = 0 FROM marked
                WHERE strand.deployment_id = marked.id AND strand.exited_at IS NULL RETURNING strand.id),
            told AS (INSERT INTO outbox (queue, body) SELECT '{JOBS}', json_build_object('strand', flagged.id)::text FROM flagged
                RETURNING id, queue, body, delay_s),
            {} SELECT d.*, told.* FROM (SELECT {COLUMNS} FROM deployment WHERE id = $4 AND owner = $1) d LEFT JOIN told ON true",
            noted("deployment-cancel", "marked")
        );
        let row = self.row(&sql, &deed.with(&[(&id.as_str(), Type::TEXT)])).await?;
        let mut deployment = read(&row)?;
        let told = row.get::<_, Option<i64>>(COLUMN_COUNT).is_some();
        if told {
            // The part of the statement that reads saw the row as it was before.
            (deployment.status, deployment.reason) = (Status::Cancelling, None);
        }
        let outbox = if told { vec![outbox::read(&row, COLUMN_COUNT)] } else { Vec::new() };
        Ok(Destroying { deployment, outbox })
    }
}
