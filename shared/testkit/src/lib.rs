#![doc = include_str!("../README.md")]

mod redis;
mod token;

pub use redis::{Redis, cache_at};
pub use token::{known_signer, token_parts};

use aws_credential_types::Credentials;
use domain::plan::Plan;
use domain::{AccountId, PlanId, UserId};
use serde_json::json;
use std::time::Duration;
use store::{Account, Deed, NewAccount, PlanRow, Store, Terms};
use tokio::sync::OnceCell;
use tokio_postgres::{Client, NoTls};

static TEMPLATE: OnceCell<String> = OnceCell::const_new();

/// Begins the names of all databases here; the process that made one follows, and they go once that has ended.
const PREFIX: &str = "tested_";

/// A database of one test's own.
pub struct Database {
    name: String,
    local: config::LocalCloud,
}

impl Database {
    /// # Panics
    /// If the local cloud is not up: a test that can't run must not pass.
    pub async fn fresh() -> Self {
        let local = local_cloud();
        let template = TEMPLATE.get_or_init(|| make_template(&local)).await;
        let name = format!("{PREFIX}{}_{}", std::process::id(), uuid::Uuid::now_v7().simple());
        let admin = superuser("postgres").await;
        admin.batch_execute(&format!("CREATE DATABASE {name} TEMPLATE {template}")).await.expect("a database for this test");
        // Of the statements' log the tests read the statements; the values of all tests would be some hundreds of megabytes.
        let terse = format!("ALTER DATABASE {name} SET log_parameter_max_length = 0");
        admin.batch_execute(&terse).await.expect("the log keeps no values");
        Self { name, local }
    }

    /// A store with a connection of its own, through PgBouncer.
    #[must_use]
    pub fn store(&self) -> Store {
        self.store_at(&swap_database(&self.local.url, &self.name))
    }

    /// A store whose database is not there.
    #[must_use]
    pub fn store_that_is_gone(&self) -> Store {
        self.store_at("postgres://cloudsail@localhost:1/cloudsail")
    }

    fn store_at(&self, url: &str) -> Store {
        let credentials = Credentials::new("AKIDEXAMPLE", "secret", None, None, "test");
        Store::connect(config::Database {
            url: url.to_owned(),
            ca: Some(self.local.ca.clone()),
            region: "ca-central-1".to_owned(),
            credentials,
        })
    }

    /// What the statement log calls it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The superuser's own way in, for what no function may do.
    pub async fn superuser(&self) -> Client {
        superuser(&self.name).await
    }

    /// The file that PostgreSQL logs every statement to.
    #[must_use]
    pub fn statement_log(&self) -> &str {
        &self.local.log_file
    }
}

impl Drop for Database {
    /// A run of all tests makes some hundreds of databases, which would fill a small disk.
    fn drop(&mut self) {
        let name = std::mem::take(&mut self.name);
        // A thread of its own: the test's runtime may be on its way out, and can't be waited on from within.
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            runtime
                .block_on(async {
                    let admin = superuser("postgres").await;
                    admin.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await
                })
                .map_err(std::io::Error::other)
        });
        // What is left goes with the next run.
        let _ = dropped.join();
    }
}

fn swap_database(url: &str, name: &str) -> String {
    let end = url.rfind('/').unwrap_or(url.len());
    format!("{}/{name}", &url[..end])
}

fn local_cloud() -> config::LocalCloud {
    config::LocalCloud::from_env().expect("run `./scripts/dev up --no-platform` and `. .local/env` first")
}

/// The superuser's own way into a database of the local cloud.
///
/// # Panics
/// If the local cloud is not up.
pub async fn superuser(database: &str) -> Client {
    let local = local_cloud();
    let port = local.admin_url.rsplit(':').next().and_then(|rest| rest.split('/').next()).unwrap_or("5432");
    let target = format!("host={} port={port} user=postgres dbname={database}", local.socket_dir);
    let (client, connection) = tokio_postgres::connect(&target, NoTls).await.expect("the superuser's socket");
    tokio::spawn(connection);
    client
}

/// All rows of all tables, by table, a row of JSON a line; empty tables too.
///
/// # Panics
/// If the connection may not read them.
pub async fn every_row(database: &Client) -> Vec<(String, String)> {
    let tables = "SELECT array_agg(tablename::text) FROM pg_tables WHERE schemaname = 'public'";
    let tables: Vec<String> = database.query_one(tables, &[]).await.expect("the tables").get(0);
    let mut all = Vec::new();
    for table in tables {
        let rows = format!("SELECT coalesce(string_agg(to_jsonb(t)::text, E'\\n'), '') FROM \"{table}\" t");
        let rows: String = database.query_one(&rows, &[]).await.expect("the rows").get(0);
        all.push((table, rows));
    }
    all
}

async fn make_template(local: &config::LocalCloud) -> String {
    let name = format!("{PREFIX}{}_template", std::process::id());
    let admin = superuser("postgres").await;
    let all = admin.simple_query(&format!("SELECT datname FROM pg_database WHERE starts_with(datname, '{PREFIX}')")).await;
    for message in all.expect("the list of databases") {
        let tokio_postgres::SimpleQueryMessage::Row(row) = message else { continue };
        let database = row.get(0).unwrap_or_default();
        let process = database[PREFIX.len()..].split('_').next().unwrap_or_default();
        if !std::path::Path::new("/proc").join(process).exists() {
            // Another run of the tests may have found it too.
            let drop = format!("DROP DATABASE IF EXISTS {database} WITH (FORCE)");
            admin.batch_execute(&drop).await.expect("an old database goes");
        }
    }
    let role = "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'test_admin') THEN CREATE ROLE test_admin; END IF; END $$;
        ALTER ROLE test_admin SUPERUSER LOGIN PASSWORD 'test_admin'";
    admin.batch_execute(role).await.expect("the role that migrates");
    admin.batch_execute(&format!("CREATE DATABASE {name} OWNER test_admin")).await.expect("the template");
    let url = swap_database(&local.admin_url, &name).replace("cloudsail_admin", "test_admin");
    store::migrate(&url, "test_admin", "app", Some(&local.ca)).await.expect("the migrations apply");
    let again = store::migrate(&url, "test_admin", "app", Some(&local.ca)).await.expect("the migrations apply twice");
    assert!(again.is_empty(), "a second run applies nothing");
    name
}

/// Terms on which nothing in a test stands in line or waits for calls.
pub const TERMS: Terms =
    Terms { lease: Duration::from_secs(60), shared_workers: 1000, calls: config::Rate { per_second: 1e6, burst: 1e6 } };

/// A user whom no other test knows.
#[must_use]
pub fn user() -> UserId {
    UserId(uuid::Uuid::now_v7().to_string())
}

/// Something that the user does, as the recorded event of the gateway tells of it.
#[must_use]
pub fn deed(actor: &UserId) -> Deed {
    Deed { actor: actor.clone(), request_id: "req-1".to_owned(), address: Some("203.0.113.7".to_owned()) }
}

/// The plan of DESIGN's example, complete.
#[must_use]
pub fn plan() -> Plan {
    serde_json::from_value(json!({
        "schema": "cs-json/1", "name": "shop",
        "cloud": {"provider": "aws", "account": null, "region": "ca-central-1"},
        "components": [{"id": "db", "kind": "postgres", "os": {"family": "debian", "version": "13"},
            "hardware": {"cpu": 2, "memory_gib": 4, "disk": {"kind": "ssd", "size_gib": 20}},
            "db": {"flavor": "pg", "version": "17", "name": "shop", "workload": "web", "max_connections": 100, "topology": {"kind": "single"}},
            "backup": null, "network": {"allow": ["203.0.113.0/24"], "endpoint": "private", "public": false}, "protect": false}],
        "links": []
    }))
    .expect("a complete plan")
}

/// A verified account and a plan of the user's.
pub async fn account_and_plan(store: &Store, owner: &UserId) -> (Account, PlanRow) {
    let deed = deed(owner);
    let account = store.create_account(&deed, &new_account()).await.expect("an account");
    let monitor = "arn:aws:iam::222222222222:role/cloudsail/CloudsailMonitor";
    let account = store.set_account_verified(&deed, &account.id, monitor).await.expect("a verified account");
    let plan = store.create_plan(&deed, &PlanId::generate(), &plan()).await.expect("a plan");
    (account, plan)
}

/// An account that is not linked yet.
#[must_use]
pub fn new_account() -> NewAccount {
    NewAccount {
        id: AccountId::generate(),
        name: "mine".to_owned(),
        aws_account_id: "222222222222".to_owned(),
        region: "ca-central-1".to_owned(),
        external_id: "ext-1".to_owned(),
        role_arn: "arn:aws:iam::222222222222:role/cloudsail/CloudsailAccess".to_owned(),
    }
}
