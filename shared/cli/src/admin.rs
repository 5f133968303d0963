//! Dead-letter queues, for who runs a platform: looking at what no worker could take, and sending it again.

use crate::ask;
use crate::aws::{Aws, Endpoint};
use crate::failure::Failure;
use crate::out::Out;
use crate::table::Table;
use serde_json::{Value, json};
use std::collections::BTreeMap;

const NAMES: &str = "cloudsail-";
/// As terraform/modules/queue names them, after the queue that they belong to.
const DEAD: &str = "-dead";
/// As many as SQS hands out at once.
const BATCH: u64 = 10;
/// For how long nobody else is handed a message that is being sent again.
const HELD_S: u64 = 60;
/// Empty answers in a row after which a queue counts as empty: SQS asks only some of its servers each time.
const EMPTY: u32 = 3;
/// More than anybody reads.
const SHOWN: usize = 500;

const NEEDS: &str = "sqs:ListQueues, sqs:GetQueueUrl, sqs:GetQueueAttributes and sqs:ReceiveMessage, and for a redrive sqs:SendMessage and sqs:DeleteMessage";

struct Queues {
    aws: Aws,
    endpoint: Endpoint,
}

impl Queues {
    fn at(region: &str) -> Result<Self, Failure> {
        let endpoint = Endpoint { service: "sqs", region: region.to_owned(), url: format!("https://sqs.{region}.amazonaws.com/") };
        Ok(Self { aws: Aws::from_environment(NEEDS)?, endpoint })
    }

    fn call(&self, action: &str, body: &Value) -> Result<Value, Failure> {
        let target = format!("AmazonSQS.{action}");
        let headers = [("content-type", "application/x-amz-json-1.0"), ("x-amz-target", target.as_str())];
        let text = self.aws.post(&self.endpoint, &headers, &body.to_string())?;
        if text.is_empty() {
            return Ok(Value::Null);
        }
        serde_json::from_str(&text).map_err(|error| Failure::service(format!("SQS answered no JSON: {error}")))
    }

    /// The address of the queue of that name.
    fn url(&self, name: &str) -> Result<String, Failure> {
        let answer = self.call("GetQueueUrl", &json!({"QueueName": name}))?;
        Ok(text(&answer["QueueUrl"]))
    }

    fn count(&self, url: &str) -> Result<u64, Failure> {
        let wanted = json!({"QueueUrl": url, "AttributeNames": ["ApproximateNumberOfMessages"]});
        let answer = self.call("GetQueueAttributes", &wanted)?;
        Ok(answer["Attributes"]["ApproximateNumberOfMessages"].as_str().and_then(|count| count.parse().ok()).unwrap_or_default())
    }

    /// Some of the messages, which nobody else is handed for so many seconds.
    fn receive(&self, url: &str, held_s: u64) -> Result<Vec<Value>, Failure> {
        let wanted = json!({"QueueUrl": url, "MaxNumberOfMessages": BATCH, "VisibilityTimeout": held_s, "WaitTimeSeconds": 1,
            "AttributeNames": ["SentTimestamp", "ApproximateReceiveCount"], "MessageAttributeNames": ["All"]});
        let mut answer = self.call("ReceiveMessage", &wanted)?;
        Ok(answer["Messages"].as_array_mut().map(std::mem::take).unwrap_or_default())
    }
}

/// Shows the dead-letter queues of the region with what is in them.
pub fn queues(out: &Out, region: &str) -> Result<(), Failure> {
    let queues = Queues::at(region)?;
    let (mut items, mut token) = (Vec::new(), Value::Null);
    loop {
        let mut wanted = json!({"QueueNamePrefix": NAMES, "MaxResults": 1000});
        if !token.is_null() {
            wanted["NextToken"] = token;
        }
        let answer = queues.call("ListQueues", &wanted)?;
        for url in answer["QueueUrls"].as_array().into_iter().flatten().map(text).filter(|url| url.ends_with(DEAD)) {
            let name = url.rsplit('/').next().unwrap_or_default();
            items.push(json!({"queue": name, "messages": queues.count(&url)?}));
        }
        token = answer["NextToken"].clone();
        if token.is_null() {
            break;
        }
    }
    out.show(&json!({"items": items}), || match &items[..] {
        [] => format!("No dead-letter queue of Cloudsail's in {region}."),
        _ => Table::of(["QUEUE", "MESSAGES"], &items, |item| [text(&item["queue"]), item["messages"].to_string()]).text(out),
    })
}

/// Shows the messages of a dead-letter queue, and leaves them there.
pub fn messages(out: &Out, queue: &str, region: &str) -> Result<(), Failure> {
    source(queue)?;
    let queues = Queues::at(region)?;
    let url = queues.url(queue)?;
    let (mut seen, mut nothing_new) = (BTreeMap::new(), 0);
    while nothing_new < EMPTY && seen.len() < SHOWN {
        let before = seen.len();
        for message in queues.receive(&url, 0)? {
            let sent = text(&message["Attributes"]["SentTimestamp"]).parse::<i64>().ok();
            let sent = sent.and_then(|ms| jiff::Timestamp::from_millisecond(ms).ok()).map(|at| at.to_string());
            let item = json!({"id": message["MessageId"], "sent_at": sent, "body": message["Body"]});
            seen.insert(text(&message["MessageId"]), item);
        }
        nothing_new = if seen.len() > before { 0 } else { nothing_new + 1 };
    }
    let mut items: Vec<Value> = seen.into_values().collect();
    items.sort_by_key(|item| text(&item["sent_at"]));
    out.show(&json!({"items": items}), || match &items[..] {
        [] => format!("{queue} is empty."),
        _ => Table::of(["SENT", "ID", "BODY"], &items, |item| [text(&item["sent_at"]), text(&item["id"]), text(&item["body"])]).text(out),
    })
}

/// Sends the messages again. One is deleted after it was sent: a run that is cut off between the two leaves one that is sent twice, which
/// workers stand.
pub fn redrive(out: &Out, queue: &str, region: &str, yes: bool) -> Result<(), Failure> {
    let target = source(queue)?;
    let queues = Queues::at(region)?;
    let (from, to) = (queues.url(queue)?, queues.url(target)?);
    // One that fails once more comes back, and must not be sent round and round.
    let most = queues.count(&from)?;
    ask::sure(yes, || Ok(format!("Send the messages of {queue}, about {most}, to {target} again?")))?;
    let (mut sent, mut empty) = (0, 0);
    while sent < most && empty < EMPTY {
        let received = queues.receive(&from, HELD_S)?;
        empty = if received.is_empty() { empty + 1 } else { 0 };
        for message in received {
            let mut again = json!({"QueueUrl": to, "MessageBody": message["Body"]});
            if message["MessageAttributes"].is_object() {
                again["MessageAttributes"] = message["MessageAttributes"].clone();
            }
            queues.call("SendMessage", &again)?;
            queues.call("DeleteMessage", &json!({"QueueUrl": from, "ReceiptHandle": message["ReceiptHandle"]}))?;
            sent += 1;
        }
    }
    out.show(&json!({"queue": target, "sent": sent}), || format!("{sent} messages were sent to {target} again."))
}

/// The queue that a dead-letter queue belongs to.
fn source(queue: &str) -> Result<&str, Failure> {
    queue.strip_suffix(DEAD).filter(|name| name.starts_with(NAMES)).ok_or_else(|| {
        Failure::usage(format!("`{queue}` is no dead-letter queue of Cloudsail's: `cloudsail admin dlq list` shows their names"))
    })
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
