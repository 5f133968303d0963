use crate::aws::{Aws, run};
use crate::home::Home;
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

/// The two queues of one purpose: what lies in the dead one, and what was sent to the other.
#[derive(Default)]
struct Queues {
    dead: VecDeque<Value>,
    sent: Vec<Value>,
    /// Every message that is sent again fails once more.
    poison: bool,
}

fn message(number: usize) -> Value {
    json!({"MessageId": format!("id-{number}"), "ReceiptHandle": format!("handle-{number}"), "Body": format!("{{\"strand\":\"str_{number}\"}}"),
        "Attributes": {"SentTimestamp": "1767225600000"}, "MessageAttributes": {"kind": {"DataType": "String", "StringValue": "wake"}}})
}

/// SQS in JSON; a message that was received is handed out again after the others.
fn sqs(queues: &Arc<Mutex<Queues>>) -> Aws {
    let queues = queues.clone();
    Aws::start(move |_, head, body| {
        let head = head.to_lowercase();
        let (mut queues, asked): (_, Value) = (queues.lock().unwrap(), serde_json::from_str(body).unwrap());
        let action = head.lines().find_map(|line| line.strip_prefix("x-amz-target: amazonsqs.")).unwrap().trim().to_owned();
        let url = |name: &str| format!("http://queues/{name}");
        let answer = match action.as_str() {
            "listqueues" => json!({"QueueUrls": [url("cloudsail-prod-jobs"), url("cloudsail-prod-jobs-dead")]}),
            "getqueueurl" if asked["QueueName"].as_str().unwrap().starts_with("cloudsail-prod-jobs") => {
                json!({"QueueUrl": url(asked["QueueName"].as_str().unwrap())})
            }
            "getqueueurl" => {
                return (400, json!({"__type": "com.amazonaws.sqs#QueueDoesNotExist", "message": "no such queue"}).to_string());
            }
            "getqueueattributes" => json!({"Attributes": {"ApproximateNumberOfMessages": queues.dead.len().to_string()}}),
            "receivemessage" => {
                let some: Vec<Value> = queues.dead.iter().take(10).cloned().collect();
                let count = some.len();
                queues.dead.rotate_left(count);
                json!({"Messages": some})
            }
            "sendmessage" => {
                assert_eq!(asked["QueueUrl"], url("cloudsail-prod-jobs"));
                queues.sent.push(asked.clone());
                if queues.poison {
                    let number = 100 + queues.sent.len();
                    queues.dead.push_back(message(number));
                }
                json!({"MessageId": "new"})
            }
            "deletemessage" => {
                queues.dead.retain(|message| message["ReceiptHandle"] != asked["ReceiptHandle"]);
                return (200, String::new());
            }
            other => panic!("{other}"),
        };
        (200, answer.to_string())
    })
}

fn with(count: usize, poison: bool) -> (Arc<Mutex<Queues>>, Aws) {
    let queues = Arc::new(Mutex::new(Queues { dead: (0..count).map(message).collect(), sent: Vec::new(), poison }));
    let aws = sqs(&queues);
    (queues, aws)
}

const JOBS: &str = "cloudsail-prod-jobs-dead";
const REGION: [&str; 2] = ["--region", "ca-central-1"];

#[test]
fn dead_letters_are_counted_and_shown_and_stay() {
    let (queues, aws) = with(12, false);
    let home = Home::at(&aws.url);
    let list = run(&home, &aws, &[&["admin", "dlq", "list"][..], &REGION].concat()).good();
    assert!(list.contains(JOBS) && list.contains("12") && !list.contains("cloudsail-prod-jobs "), "{list}");
    let shown = run(&home, &aws, &[&["admin", "dlq", "list", JOBS][..], &REGION].concat()).good();
    assert!((0..12).all(|number| shown.contains(&format!("str_{number}\""))) && shown.contains("2026-01-01T00:00:00Z"), "{shown}");
    assert_eq!(queues.lock().unwrap().dead.len(), 12, "a look takes nothing out");
    for (head, _) in aws.calls.lock().unwrap().iter() {
        assert!(head.to_lowercase().contains("/ca-central-1/sqs/aws4_request"), "{head}");
    }
}

#[test]
fn dead_letters_are_sent_again_whole() {
    let (queues, aws) = with(23, false);
    let said = run(&Home::at(&aws.url), &aws, &[&["admin", "dlq", "redrive", JOBS, "--yes"][..], &REGION].concat()).good();
    assert!(said.contains("23 messages were sent to cloudsail-prod-jobs again"), "{said}");
    let queues = queues.lock().unwrap();
    assert!(queues.dead.is_empty() && queues.sent.len() == 23);
    assert!(queues.sent.iter().all(|sent| sent["MessageAttributes"]["kind"]["StringValue"] == "wake" && sent["MessageBody"].is_string()));
}

#[test]
fn what_fails_at_once_again_is_not_sent_round_and_round() {
    let (queues, aws) = with(5, true);
    run(&Home::at(&aws.url), &aws, &[&["admin", "dlq", "redrive", JOBS, "--yes"][..], &REGION].concat()).good();
    assert!(queues.lock().unwrap().sent.len() <= 10, "one batch more than there were, at most");
}

#[test]
fn a_queue_that_is_none_is_named() {
    let (_, aws) = with(0, false);
    let home = Home::at(&aws.url);
    for queue in ["cloudsail-prod-jobs", "somebody-dead"] {
        let seen = run(&home, &aws, &[&["admin", "dlq", "redrive", queue, "--yes"][..], &REGION].concat());
        assert!(seen.code == 2 && seen.err.contains(queue) && seen.err.contains("admin dlq list"), "{}", seen.err);
    }
    let seen = run(&home, &aws, &[&["admin", "dlq", "list", "cloudsail-dev-jobs-dead"][..], &REGION].concat());
    assert!(seen.code == 1 && seen.err.contains("QueueDoesNotExist"), "{}", seen.err);
}
