//! Secrets Manager.

use aws_sdk_secretsmanager::Client;
use aws_sdk_secretsmanager::types::Tag;

use super::errors::failure;
use crate::error::absent_is_done;
use crate::{Error, Result, Secret, SecretSpec};

/// Makes or finds the secret. Its value is written by the call that makes it and by no other.
pub(super) async fn ensure(client: &Client, spec: &SecretSpec) -> Result<String> {
    if let Some(arn) = find(client, &spec.name).await? {
        return Ok(arn);
    }
    let action = "secretsmanager:CreateSecret";
    let tags = spec.tags.iter().map(|(key, value)| Tag::builder().key(key).value(value).build()).collect();
    let made = client
        .create_secret()
        .name(&spec.name)
        .client_request_token(&spec.client_token)
        .description(&spec.description)
        .secret_string(spec.value.expose())
        .set_tags(Some(tags))
        .send()
        .await
        .map_err(failure(action));
    match made {
        Ok(answer) => answer.arn().map(ToOwned::to_owned).ok_or_else(|| Error::unexpected(action, "the answer has no ARN")),
        // Made between the look and the call, by a run of the same step that was thought dead.
        Err(Error::AlreadyExists { action, cause }) => find(client, &spec.name).await?.ok_or(Error::AlreadyExists { action, cause }),
        Err(error) => Err(error),
    }
}

/// The secret's ARN, after restoring one that somebody scheduled for deletion.
async fn find(client: &Client, name: &str) -> Result<Option<String>> {
    let action = "secretsmanager:DescribeSecret";
    let secret = match client.describe_secret().secret_id(name).send().await.map_err(failure(action)) {
        Ok(secret) => secret,
        Err(Error::NotFound { .. }) => return Ok(None),
        Err(error) => return Err(error),
    };
    if secret.deleted_date().is_some() {
        client.restore_secret().secret_id(name).send().await.map_err(failure("secretsmanager:RestoreSecret"))?;
    }
    Ok(secret.arn().map(ToOwned::to_owned))
}

/// The current value.
pub(super) async fn read(client: &Client, id: &str) -> Result<Secret> {
    let action = "secretsmanager:GetSecretValue";
    let answer = client.get_secret_value().secret_id(id).send().await.map_err(failure(action))?;
    answer.secret_string().map(Secret::new).ok_or_else(|| Error::not_found(action, "the secret has no text value"))
}

/// Deletes at once: a recovery window would keep the name taken, and the password of a database that is gone.
pub(super) async fn delete(client: &Client, id: &str) -> Result<()> {
    let request = client.delete_secret().secret_id(id).force_delete_without_recovery(true);
    absent_is_done(request.send().await.map(drop).map_err(failure("secretsmanager:DeleteSecret")))
}
