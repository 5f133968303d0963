//! What a route is measured against: a function of the same runtime that does nothing, or, where `BARE_QUERY` is set, makes that
//! one query over TLS and answers its row.

use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::{CertificateDer, pem::PemObject};
use serde_json::{Value, json};
use std::sync::Arc;
use tokio::sync::OnceCell;
use tokio_postgres::{Client, types::Type};
use tokio_postgres_rustls::MakeRustlsConnect;

#[expect(clippy::disallowed_methods, reason = "this function is no part of the product, and shared/config names only what is")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

async fn connect() -> Result<Client, Error> {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(variable("DATABASE_CA").unwrap_or_default().as_bytes()) {
        roots.add(certificate?)?;
    }
    let tls = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let target: tokio_postgres::Config = variable("DATABASE_URL").unwrap_or_default().parse()?;
    let (client, connection) = target.connect(MakeRustlsConnect::new(tls)).await?;
    tokio::spawn(connection);
    Ok(client)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let (client, query) = (OnceCell::new(), variable("BARE_QUERY"));
    let parameters: Vec<String> = variable("BARE_PARAMETERS").unwrap_or_default().split(',').map(str::to_owned).collect();
    let (client, query, parameters) = (&client, query.as_deref(), &parameters);
    run(service_fn(move |_: LambdaEvent<Value>| async move {
        let Some(query) = query else { return Ok::<_, Error>(json!({"statusCode": 200})) };
        let client: &Client = client.get_or_try_init(connect).await?;
        let typed: Vec<_> = parameters.iter().map(|text| (text as &(dyn tokio_postgres::types::ToSql + Sync), Type::TEXT)).collect();
        let rows = client.query_typed(query, &typed).await?;
        let row = rows.first().ok_or("the query answers no row")?;
        Ok(json!({"statusCode": 200, "body": row.try_get::<_, String>(0)?}))
    }))
    .await
}
