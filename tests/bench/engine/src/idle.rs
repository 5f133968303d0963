//! Deployments that run and that nobody asks anything of.

use figures::Failure;
use testkit::Database;

/// Copies one that runs, with its events and its ledger, that many times; their strands sleep. Answers how many strands there are.
pub(crate) async fn fill(database: &Database, count: usize) -> Result<i64, Failure> {
    let sql = format!(
        "CREATE TEMP TABLE model AS SELECT d.* FROM deployment d WHERE d.status = 'running' LIMIT 1;
        CREATE TEMP TABLE copy AS SELECT n, 'plan_idle_' || n AS plan, 'dep_idle_' || n AS deployment FROM generate_series(1, {count}) n;
        INSERT INTO plan (id, owner, document) SELECT c.plan, 'idle', p.document FROM copy c, model JOIN plan p ON p.id = model.plan_id;
        INSERT INTO deployment (id, plan_id, owner, account_id, status, plan_version, plan, document, configuration, connection, steps, last_ok_at)
            SELECT c.deployment, c.plan, 'idle', account_id, status, plan_version, model.plan, document, configuration, connection, steps, last_ok_at
            FROM copy c, model;
        INSERT INTO strand (id, deployment_id, program, label, stack, wake_at)
            SELECT 'strand_idle_' || n, c.deployment, program, label, stack, now() + interval '1 hour'
            FROM copy c, model JOIN strand s ON s.deployment_id = model.id;
        INSERT INTO resource (id, deployment_id, kind, name, client_token, external_id, state)
            SELECT r.id || n, c.deployment, r.kind, r.name, r.client_token, r.external_id, r.state
            FROM copy c, model JOIN resource r ON r.deployment_id = model.id;
        INSERT INTO event (id, deployment_id, kind, step, message) SELECT e.id || n, c.deployment, e.kind, e.step, e.message
            FROM copy c, model JOIN event e ON e.deployment_id = model.id;
        ANALYZE"
    );
    let superuser = database.superuser().await;
    superuser.batch_execute(&sql).await?;
    let strands = superuser.query_typed("SELECT count(*) FROM strand", &[]).await?;
    Ok(strands.first().ok_or("a count")?.get(0))
}
