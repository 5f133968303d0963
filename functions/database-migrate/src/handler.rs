//! Brings the schema up to date. Invoked by whoever deploys the platform, after each apply.

use aws_sdk_secretsmanager::Client;
use lambda_runtime::{Error, LambdaEvent};
use serde::Deserialize;
use serde_json::{Value, json};

/// What the function is built from.
pub struct Deps {
    /// Reads the two passwords.
    pub secrets: Client,
    /// Past the proxy.
    pub database: config::AdminDatabase,
}

#[derive(Deserialize)]
struct Login {
    password: String,
}

/// Why a secret is of no use. It never holds the value.
#[derive(Debug, thiserror::Error)]
#[error("the secret {arn} {problem}")]
struct BadSecret {
    arn: String,
    problem: &'static str,
}

/// Applies the migrations that are missing and answers their names. Running it again applies nothing.
pub async fn handle(deps: &Deps, _event: LambdaEvent<Value>) -> Result<Value, Error> {
    let database = &deps.database;
    let admin = password(&deps.secrets, &database.admin_secret_arn).await?;
    let app = password(&deps.secrets, &database.app_secret_arn).await?;
    let applied = store::migrate(&database.url, &admin, &app, database.ca.as_deref()).await.inspect_err(|error| {
        tracing::error!(error = error as &dyn std::error::Error, "the migration failed");
    })?;
    tracing::info!(applied = applied.len(), "migrated");
    Ok(json!({"applied": applied}))
}

async fn password(secrets: &Client, arn: &str) -> Result<String, Error> {
    let bad = |problem| BadSecret { arn: arn.to_owned(), problem };
    let answer = secrets.get_secret_value().secret_id(arn).send().await.map_err(aws_sdk_secretsmanager::Error::from)?;
    let text = answer.secret_string().ok_or_else(|| bad("holds no text"))?;
    let login: Login = serde_json::from_str(text).map_err(|_| bad("is not {\"username\",\"password\"}"))?;
    Ok(login.password)
}
