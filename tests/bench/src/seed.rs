//! The rows that the functions read, and the functions with their events.

use crate::Failure;
use crate::function::Function;
use crate::servers::Servers;
use aws_credential_types::Credentials;
use domain::UserId;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use store::{Account, PlanRow, Store};

/// The SQL of `plan-get`, with its answer as text: what comes over the wire is the same to a few bytes.
const QUERY: &str = "SELECT concat_ws(',', p.id, p.owner, p.document, p.version, p.created_at, p.updated_at, d.id, coalesce(d.status, 'not_deployed'), d.reason)
    FROM plan p LEFT JOIN deployment d ON d.plan_id = p.id AND d.destroyed_at IS NULL
    WHERE p.id = $1 AND p.owner = $2 AND p.deleted_at IS NULL";

/// What a token for Redis is signed for: the signature is part of a start, though nobody checks it here.
const CACHE_ARN: &str = "arn:aws:elasticache:ca-central-1:000000000000:serverlesscache:bench";

/// A user with a plan.
pub(crate) struct Seed {
    store: Store,
    owner: UserId,
    account: Account,
    plan: PlanRow,
    url: String,
    redis: String,
    ca: String,
    built: PathBuf,
    aws: String,
}

impl Seed {
    /// `built` is cargo-lambda's folder of executables, `aws` the endpoint of what stands in for AWS.
    pub(crate) async fn sow(servers: &Servers, built: &Path, aws: String) -> Result<Self, Failure> {
        let port = servers.database_port;
        let admin = format!("postgres://postgres@localhost:{port}/postgres");
        while let Err(error) = store::migrate(&admin, "unused", "unused", Some(&servers.ca)).await {
            if !matches!(error, store::Error::Unavailable(_)) {
                return Err(error.into());
            }
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
        let url = format!("postgres://cloudsail@localhost:{port}/postgres");
        let credentials = Credentials::new("AKIDEXAMPLE", "secret", None, None, "bench");
        let ca = servers.ca.clone();
        let store =
            Store::connect(config::Database { url: url.clone(), ca: Some(ca.clone()), region: "ca-central-1".to_owned(), credentials });
        let owner = testkit::user();
        let (account, plan) = testkit::account_and_plan(&store, &owner).await;
        let redis = servers.redis.url();
        Ok(Self { store, owner, account, plan, url, redis, ca, built: built.to_owned(), aws })
    }

    fn function(&self, name: &'static str, executable: &str, event: String, expected: &'static str) -> Function {
        let environment = vec![("DATABASE_URL", self.url.clone()), ("DATABASE_CA", self.ca.clone())];
        Function { name, executable: self.built.join(executable).join("bootstrap"), environment, event, expected }
    }

    fn plan_event(&self) -> Result<String, Failure> {
        let mut event: Value = serde_json::from_str(include_str!("../../fixtures/api-gateway-v2.json"))?;
        let (id, path) = (self.plan.id.as_str(), format!("/v1/plan/{}", self.plan.id));
        event["rawPath"] = json!(path);
        event["requestContext"]["http"]["path"] = json!(path);
        event["pathParameters"] = json!({"plan_id": id});
        event["requestContext"]["authorizer"]["jwt"]["claims"]["sub"] = json!(self.owner.as_str());
        Ok(event.to_string())
    }

    pub(crate) fn plan_get(&self) -> Result<Function, Failure> {
        let mut function = self.function("plan-get", "plan-get", self.plan_event()?, r#""statusCode":200"#);
        // A limit that nobody reaches: it is asked, as always, and lets each call pass.
        let limit = [("RATE_PER_SECOND", "1000000".to_owned()), ("RATE_BURST", "1000000".to_owned())];
        function.environment.extend([("REDIS_URL", self.redis.clone()), ("CACHE_ARN", CACHE_ARN.to_owned())]);
        function.environment.extend(limit);
        Ok(function)
    }

    pub(crate) fn ungated(&self) -> Result<Function, Failure> {
        Ok(self.function("plan-get, no limit", "ungated", self.plan_event()?, r#""statusCode":200"#))
    }

    pub(crate) fn bare_query(&self) -> Result<Function, Failure> {
        let mut function = self.function("bare query", "bare", self.plan_event()?, "not_deployed");
        let parameters = format!("{},{}", self.plan.id, self.owner.as_str());
        function.environment.extend([("BARE_QUERY", QUERY.to_owned()), ("BARE_PARAMETERS", parameters)]);
        Ok(function)
    }

    pub(crate) fn nothing(&self) -> Result<Function, Failure> {
        Ok(self.function("does nothing", "bare", self.plan_event()?, r#""statusCode":200"#))
    }

    /// A function with one part of a start.
    pub(crate) fn part(&self, part: &'static str) -> Result<Function, Failure> {
        let mut function = self.function(part, "parts", self.plan_event()?, r#""statusCode":200"#);
        function.environment.push(("PART", part.to_owned()));
        Ok(function)
    }

    /// Woken for a deployment that was just accepted: it leases the strand, takes on the role, and AWS refuses the first step.
    pub(crate) async fn worker(&self) -> Result<Function, Failure> {
        let plan = self.store.create_plan(&testkit::deed(&self.owner), &domain::PlanId::generate(), &self.plan.plan).await?;
        let deployed = self.store.deploy(&testkit::deed(&self.owner), &plan, &self.account.id, &plan.plan).await?;
        let mut event: Value = serde_json::from_str(include_str!("../../fixtures/sqs.json"))?;
        event["Records"][0]["body"] = json!(deployed.outbox.first().ok_or("a deploy without a wake-up")?.body);
        let mut function = self.function("worker-jobs", "worker-jobs", event.to_string(), r#""batchItemFailures":[]"#);
        let queue = format!("{}/000000000000/jobs", self.aws);
        let layer = concat!(env!("CARGO_MANIFEST_DIR"), "/../../layers/knowledge").to_owned();
        function.environment.extend([("JOBS_QUEUE_URL", queue), ("AWS_ENDPOINT_URL", self.aws.clone()), ("KNOWLEDGE_DIR", layer)]);
        // Nobody's page is open, so nothing is posted there.
        function.environment.push(("WEBSOCKET_POST_URL", self.aws.clone()));
        Ok(function)
    }

    /// The bare query without any Lambda, from this process.
    pub(crate) async fn alone(&self, calls: usize) -> Result<Vec<std::time::Duration>, Failure> {
        let mut times = Vec::with_capacity(calls);
        // The store's own way to the same row: the first call opens the connection.
        self.store.plan(&self.owner, &self.plan.id).await?;
        for _ in 0..calls {
            let began = std::time::Instant::now();
            self.store.plan(&self.owner, &self.plan.id).await?;
            times.push(began.elapsed());
        }
        Ok(times)
    }
}
