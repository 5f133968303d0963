//! One connection, opened when it is first needed and again when it was lost.

use crate::token::authentication_token;
use crate::{Error, Result};
use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::{CertificateDer, pem::PemObject};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};
use tokio::sync::{Mutex, MutexGuard};
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, Row};
use tokio_postgres_rustls::MakeRustlsConnect;

/// A parameter and the type that the statement expects, so that the server need not be asked.
pub(crate) type Param<'a> = (&'a (dyn ToSql + Sync), Type);

/// All that is stored, behind one connection.
///
/// A Lambda serves one request at a time, so one connection is what a function needs.
#[derive(Clone)]
pub struct Store {
    shared: Arc<Shared>,
}

struct Shared {
    options: config::Database,
    client: Mutex<Option<Client>>,
    round_trips: AtomicU64,
}

impl Store {
    /// A store that connects on first use.
    #[must_use]
    pub fn connect(options: config::Database) -> Self {
        Self { shared: Arc::new(Shared { options, client: Mutex::new(None), round_trips: AtomicU64::new(0) }) }
    }

    /// Statements sent so far. A step of a strand has a budget of them.
    #[must_use]
    pub fn round_trips(&self) -> u64 {
        self.shared.round_trips.load(Ordering::Relaxed)
    }

    pub(crate) async fn rows(&self, sql: &str, params: &[Param<'_>]) -> Result<Vec<Row>> {
        self.shared.round_trips.fetch_add(1, Ordering::Relaxed);
        let mut client = self.open().await?;
        let Some(connected) = client.as_ref() else { return Err(Error::unavailable("no connection")) };
        let result = tokio::time::timeout(Duration::from_secs(8), connected.query_typed(sql, params)).await;
        let result = result.map_err(Error::unavailable).and_then(|answer| answer.map_err(Error::from));
        if matches!(result, Err(Error::Unavailable(_))) {
            // The next statement opens a new connection; this one is in an unknown state.
            *client = None;
        }
        result
    }

    pub(crate) async fn row(&self, sql: &str, params: &[Param<'_>]) -> Result<Row> {
        self.rows(sql, params).await?.into_iter().next().ok_or(Error::NotFound)
    }

    /// [`Self::row`] of a statement that hides what nothing may need any more. What began to need it meanwhile is seen by a second try.
    pub(crate) async fn hiding(&self, sql: &str, params: &[Param<'_>]) -> Result<Row> {
        match self.row(sql, params).await {
            Err(Error::Conflict(name)) if name == "nothing_lives" => self.row(sql, params).await,
            answer => answer,
        }
    }

    async fn open(&self) -> Result<MutexGuard<'_, Option<Client>>> {
        let mut client = self.shared.client.lock().await;
        if client.as_ref().is_none_or(Client::is_closed) {
            // Boxed, so that what opens a connection once is no part of the state of each request.
            let opening = Box::pin(open(&self.shared.options));
            *client = Some(tokio::time::timeout(Duration::from_secs(5), opening).await.map_err(Error::unavailable)??);
        }
        Ok(client)
    }
}

async fn open(options: &config::Database) -> Result<Client> {
    let mut target: tokio_postgres::Config = options.url.parse().map_err(Error::invalid)?;
    let (host, port) = address(&target)?;
    let user = target.get_user().unwrap_or_default().to_owned();
    let token = authentication_token(&options.credentials, &options.region, &host, port, &user, SystemTime::now())?;
    target.password(token);
    connect(target, options.ca.as_deref()).await
}

fn address(target: &tokio_postgres::Config) -> Result<(String, u16)> {
    let host = match target.get_hosts().first() {
        Some(tokio_postgres::config::Host::Tcp(host)) => host.clone(),
        _ => return Err(Error::invalid("the database URL names no host")),
    };
    Ok((host, target.get_ports().first().copied().unwrap_or(5432)))
}

/// Connects over TLS with the server's name verified, whatever the URL says.
pub(crate) async fn connect(mut target: tokio_postgres::Config, ca: Option<&str>) -> Result<Client> {
    target.ssl_mode(tokio_postgres::config::SslMode::Require).connect_timeout(Duration::from_secs(4));
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    if let Some(pem) = ca {
        for certificate in CertificateDer::pem_slice_iter(pem.as_bytes()) {
            roots.add(certificate.map_err(Error::invalid)?).map_err(Error::invalid)?;
        }
    }
    let tls = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(Error::invalid)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let (client, connection) = target.connect(MakeRustlsConnect::new(tls)).await?;
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::warn!(error = %error, "the database connection ended");
        }
    });
    Ok(client)
}
