//! One part of a start at a time, named by `PART`, in a function that else does nothing.

use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::{CertificateDer, pem::PemObject};
use serde_json::{Value, json};
use std::hint::black_box;
use std::sync::Arc;
use tokio::runtime::Builder;
use tokio_postgres::{Client, NoTls};
use tokio_postgres_rustls::MakeRustlsConnect;

#[expect(clippy::disallowed_methods, reason = "this function is no part of the product, and shared/config names only what is")]
fn variable(name: &str) -> String {
    std::env::var(name).unwrap_or_default()
}

fn roots(public: bool) -> Result<RootCertStore, Error> {
    let mut roots = RootCertStore { roots: if public { webpki_roots::TLS_SERVER_ROOTS.to_vec() } else { Vec::new() } };
    for certificate in CertificateDer::pem_slice_iter(variable("DATABASE_CA").as_bytes()) {
        roots.add(certificate?)?;
    }
    Ok(roots)
}

fn tls(roots: RootCertStore) -> Result<MakeRustlsConnect, Error> {
    let tls = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(tls))
}

async fn connected(with_tls: bool) -> Result<Client, Error> {
    let target: tokio_postgres::Config = variable("DATABASE_URL").parse()?;
    if with_tls {
        let (client, connection) = target.connect(tls(roots(false)?)?).await?;
        tokio::spawn(connection);
        return Ok(client);
    }
    let (client, connection) = target.connect(NoTls).await?;
    tokio::spawn(connection);
    Ok(client)
}

async fn start(part: &str) -> Result<(), Error> {
    match part {
        "public roots" => drop(black_box(roots(true)?)),
        "one root" => drop(black_box(roots(false)?)),
        "TLS settings" => drop(black_box(tls(roots(false)?)?)),
        "log" => http_api::log::start(),
        "SDK configuration" => drop(black_box(aws_config::load_defaults(aws_config::BehaviorVersion::latest()).await)),
        "connect, plain" => std::mem::forget(connected(false).await?),
        "connect, TLS" => std::mem::forget(connected(true).await?),
        _ => {}
    }
    Ok(())
}

fn main() -> Result<(), Error> {
    let part = variable("PART");
    let mut builder = if part == "threads" { Builder::new_multi_thread() } else { Builder::new_current_thread() };
    builder.enable_all().build()?.block_on(async {
        start(&part).await?;
        let late = part == "connect, TLS, at the event";
        run(service_fn(move |_: LambdaEvent<Value>| async move {
            if late {
                std::mem::forget(connected(true).await?);
            }
            Ok::<_, Error>(json!({"statusCode": 200}))
        }))
        .await
    })
}
