//! What an error of the database tells, and what it must not.

use std::error::Error as _;
use store::Error;
use testkit::{Database, deed, new_account, user};

#[tokio::test]
async fn an_error_names_table_and_column_and_quotes_no_row() {
    let database = Database::fresh().await;
    let store = database.store();
    // A function that is older than the schema sends a row without the column.
    database.superuser().await.batch_execute("ALTER TABLE account ADD COLUMN colour text NOT NULL").await.unwrap();
    let new = new_account();
    let error = store.create_account(&deed(&user()), &new).await.unwrap_err();
    assert!(matches!(error, Error::Invalid(_) | Error::Conflict(_)), "{error:?}");
    // As it is logged: the chain, and what `?error` would print.
    let mut told = format!("{error:?} {error}");
    let mut next = error.source();
    while let Some(inner) = next {
        told += &format!(": {inner}");
        next = inner.source();
    }
    assert!(told.contains("23502") && told.contains("\"account\"") && told.contains("\"colour\""), "{told}");
    assert!(!told.contains(&new.external_id) && !told.contains("Failing row"), "{told}");
}
