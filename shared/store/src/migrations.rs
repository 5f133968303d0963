//! The schema, and the role that the functions use. Runs as the master user, past the proxy.

use crate::connection::connect;
use crate::{Error, Result};

mod embedded {
    refinery::embed_migrations!("migrations");
}

/// Makes the role `cloudsail` if it is missing, gives it `app_password`, and brings the schema up to date.
/// Answers the names of the migrations that were applied.
///
/// # Errors
/// [`Error::Unavailable`] if the database can't be reached, [`Error::Invalid`] if a migration fails; each is all or nothing.
pub async fn migrate(admin_url: &str, admin_password: &str, app_password: &str, ca: Option<&str>) -> Result<Vec<String>> {
    let mut target: tokio_postgres::Config = admin_url.parse().map_err(Error::invalid)?;
    target.password(admin_password);
    let mut client = connect(target, ca).await?;
    client.batch_execute(&role_statements(app_password)).await?;
    let report = embedded::migrations::runner().run_async(&mut client).await.map_err(Error::invalid)?;
    Ok(report.applied_migrations().iter().map(ToString::to_string).collect())
}

/// The password is sent as its SCRAM verifier, so that it stands in no statement log. The role is not granted `rds_iam`:
/// the token is for the proxy, and the proxy itself signs in with the password.
fn role_statements(app_password: &str) -> String {
    let verifier = postgres_protocol::password::scram_sha_256(app_password.as_bytes());
    format!(
        "DO $$ BEGIN
            IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'cloudsail') THEN CREATE ROLE cloudsail LOGIN; END IF;
        END $$;
        ALTER ROLE cloudsail PASSWORD '{verifier}';"
    )
}
