//! Wakes strands: each message names one, and the row says what is to be done.

use aws_lambda_events::sqs::{BatchItemFailure, SqsBatchResponse, SqsEvent};
use clouds::aws::{Access, Aws, Connector};
use domain::{Errand, StrandId};
use engine::{End, Limits, Sender, StepError};
use knowledge::Knowledge;
use lambda_runtime::{Error, LambdaEvent};
use platform::queue::Queue;
use platform::sockets::Sockets;
use provision::postgres::Postgres;
use serde::Deserialize;
use std::sync::Arc;
use std::time::Duration;
use store::{Leased, News, OutboxMessage, Store, Terms};

/// What the function is built from.
pub struct Deps {
    /// What a design is derived from.
    pub knowledge: Arc<Knowledge>,
    /// The rows.
    pub store: Store,
    /// Where sessions in customers' accounts come from.
    pub connector: Connector,
    /// Where the next wake-up goes.
    pub queue: Queue,
    /// The pages that are open.
    pub sockets: Sockets,
    /// When a person is told.
    pub deadlines: config::Deadlines,
    /// How often a customer's account may be called.
    pub calls: config::Rate,
}

/// The lease outlives the Lambda's timeout of 60 s, so that two workers never run one strand.
const LEASE: Duration = Duration::from_secs(70);
/// Of the ten workers that the event source starts at most (`maximum_concurrency` in modules/function), the others being for whoever
/// comes new: `./scripts/bench engine` shows what that costs and gains.
const SHARED_WORKERS: i32 = 6;
/// No step begins later than this, so that the one before the last has 25 s.
const LAST_START: Duration = Duration::from_secs(35);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Message {
    strand: StrandId,
}

struct Jobs<'a>(&'a Deps);

impl Sender for Jobs<'_> {
    async fn send(&self, message: &OutboxMessage) -> bool {
        self.0
            .queue
            .send(&message.body, message.delay_s)
            .await
            .inspect_err(|error| tracing::warn!(%error, "a wake-up was not sent"))
            .is_ok()
    }

    async fn tell(&self, news: &News) {
        self.0.sockets.tell(&self.0.store, news).await;
    }
}

/// Runs the strand of each message. A message that failed is reported and comes again; one that can't be read goes to the
/// dead-letter queue after its last try.
pub async fn handle(deps: &Deps, event: LambdaEvent<SqsEvent>) -> Result<SqsBatchResponse, Error> {
    let mut response = SqsBatchResponse::default();
    for record in event.payload.records {
        if let Err(error) = one(deps, record.body.as_deref().unwrap_or_default()).await {
            tracing::error!(%error, message = record.message_id, "the message was not handled");
            let mut failure = BatchItemFailure::default();
            failure.item_identifier = record.message_id.unwrap_or_default();
            response.batch_item_failures.push(failure);
        }
    }
    Ok(response)
}

async fn one(deps: &Deps, body: &str) -> Result<(), Error> {
    let message: Message = serde_json::from_str(body)?;
    // Boxed: the future holds every step of every program, which is more than a stack frame should.
    let jobs = Jobs(deps);
    let terms = Terms { lease: LEASE, shared_workers: SHARED_WORKERS, calls: deps.calls };
    let limits = Limits { terms, last_start: LAST_START, patience: deps.deadlines.deploy };
    let run = engine::run(&deps.store, &jobs, &message.strand, limits, |leased| program(leased, deps));
    let end = Box::pin(run).await?;
    if end == End::Failing {
        http_api::log::count("StrandFailing");
    }
    tracing::info!(strand = %message.strand, ?end, "ran");
    Ok(())
}

async fn program(leased: Leased, deps: &Deps) -> Result<Postgres<Aws>, StepError> {
    let (link, deployment) = (&leased.link, &leased.deployment);
    let region = deployment.plan.cloud.region.as_deref().unwrap_or_default();
    let access = Access::provisioning(link, region, &Errand::deployment(&deployment.id, &deployment.owner));
    let cloud = deps.connector.connect(&access).await.map_err(|error| match access.lost(&error) {
        Some(lost) => StepError::Fatal(format!("{lost}, then deploy or delete again")),
        None => StepError::Retry(error.to_string()),
    })?;
    let boundary_arn = clouds::access::boundary_arn(&link.role_arn);
    Ok(Postgres { cloud, knowledge: Arc::clone(&deps.knowledge), boundary_arn, deadline: deps.deadlines.deploy })
}
