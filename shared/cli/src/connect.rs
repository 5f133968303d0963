use crate::api::Api;
use crate::failure::Failure;
use crate::files;
use crate::out::Out;
use serde_json::{Value, json};
use std::os::unix::process::CommandExt;
use std::process::Command;

/// Prints how to connect, or becomes psql. The password goes to psql by its environment, which only its owner can read, and no
/// copy of it is left behind.
pub fn connect(api: &Api, out: &Out, deployment: &str, psql: bool, arguments: &[String]) -> Result<(), Failure> {
    let path = format!("/v1/deployment/{deployment}/connection");
    let connection = api.get(&path)?;
    let of = |key: &str| connection[key].as_str().unwrap_or_default();
    let (host, database, user) = (of("host"), of("database"), of("user"));
    let port = connection["port"].as_u64().unwrap_or(5432);
    let folder = files::folder()?;
    let ca = folder.join(format!("{deployment}.ca.crt"));
    files::write_private(&ca, of("ca_certificate"))?;
    let target = format!(
        "host={host} port={port} dbname={} user={} sslmode=verify-full sslrootcert={}",
        quoted(database),
        quoted(user),
        quoted(&ca.display().to_string())
    );
    if !psql {
        return out.show(&connection, || {
            format!("psql \"{target}\"\n\nThe password is in your account's Secrets Manager: {}", of("password_secret_arn"))
        });
    }
    let revealed: Value = api.post(&format!("{path}/reveal"), &json!({}))?;
    let password = revealed["password"].as_str().ok_or_else(|| Failure::service("the API did not answer the password"))?;
    let failed = Command::new("psql").arg(&target).args(arguments).env("PGPASSWORD", password).exec();
    Err(Failure::usage(format!("psql could not be started ({failed}); install it: apt-get install postgresql-client")))
}

/// A value as libpq reads it between quotes: a folder's name may hold a space.
fn quoted(value: &str) -> String {
    format!("'{}'", value.replace('\\', "\\\\").replace('\'', "\\'"))
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn a_value_with_spaces_and_quotes_stays_one_value() {
        assert_eq!(quoted("/home/a b/it's"), r"'/home/a b/it\'s'");
    }
}
