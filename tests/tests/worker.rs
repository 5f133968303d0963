//! The worker, from an SQS event as it was recorded.
#![expect(clippy::unwrap_used, reason = "a test that can't go on should stop where it stands")]

use clouds::aws::Connector;
use knowledge::Knowledge;
use lambda_runtime::{Context, LambdaEvent};
use serde_json::{Value, json};
use std::time::Duration;
use store::Store;
use testkit::{Database, account_and_plan, deed, user};
use worker_jobs::{Deps, handle};

/// The ids of the messages that are to come again.
async fn failures(store: Store, body: &str) -> Vec<String> {
    let mut event: Value = serde_json::from_str(include_str!("../fixtures/sqs.json")).unwrap();
    event["Records"][0]["body"] = json!(body);
    let aws = aws_config::SdkConfig::builder().behavior_version(aws_config::BehaviorVersion::latest()).build();
    let queue = platform::queue::Queue::new(&aws, "http://127.0.0.1:1/queue".to_owned());
    let sockets = platform::sockets::Sockets::new(&aws, "http://127.0.0.1:1/v1");
    let deps = Deps {
        knowledge: Knowledge::built_in().clone().into(),
        store,
        connector: Connector::new(aws),
        queue,
        sockets,
        deadlines: config::Deadlines { deploy: Duration::from_secs(60) },
        calls: testkit::TERMS.calls,
    };
    let response = handle(&deps, LambdaEvent::new(serde_json::from_value(event).unwrap(), Context::default())).await.unwrap();
    response.batch_item_failures.into_iter().map(|failure| failure.item_identifier).collect()
}

#[tokio::test]
async fn a_message_that_can_not_be_handled_comes_again_and_one_that_is_late_does_not() {
    let database = Database::fresh().await;
    let (store, owner) = (database.store(), user());
    let id = "19dd0b57-b21e-4ac1-bd88-01bbb068cb78";
    assert_eq!(failures(store.clone(), "not json").await, [id]);
    assert_eq!(failures(store.clone(), r#"{"strand":"strand_1","password":"x"}"#).await, [id], "a message carries an id and nothing else");

    let unknown = json!({"strand": domain::StrandId::generate()}).to_string();
    assert!(failures(store.clone(), &unknown).await.is_empty(), "a strand that has ended needs nobody");
    assert_eq!(failures(database.store_that_is_gone(), &unknown).await, [id], "the database may be back when it comes again");

    let (account, plan) = account_and_plan(&store, &owner).await;
    let deployed = store.deploy(&deed(&owner), &plan, &account.id, &plan.plan).await.unwrap();
    let body = &deployed.outbox[0].body;
    let strand = serde_json::from_str::<Value>(body).unwrap()["strand"].as_str().unwrap().parse().unwrap();
    store.lease(&strand, "another worker", &testkit::TERMS).await.unwrap().held().unwrap();
    assert!(failures(store, body).await.is_empty(), "whoever holds the strand goes on with it");
}
