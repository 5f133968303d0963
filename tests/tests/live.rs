//! Pages that are told of changes: the ticket, the socket, the messages, and what was missed.
#![expect(clippy::unwrap_used, reason = "a test that can't go on should stop where it stands")]

use cloudsail_tests::routes::{call, event, told};
use domain::UserId;
use http_api::socket::ticket_digest;
use lambda_runtime::{Context, LambdaEvent};
use platform::sockets::Sockets;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;
use store::{Change, Fulfilled, NewEvent, Outcome, Store, Then};
use testkit::{Database, TERMS, account_and_plan, deed, user};

const ARN: &str = "arn:aws:execute-api:ca-central-1:000000000000:socket/v1/$connect";

/// What the gateway is told of somebody who knocks with that ticket: `Allow` or `Deny`, and whose it was.
async fn knock(store: &Store, ticket: Option<&str>) -> (String, String) {
    let query = ticket.map(|ticket| json!({"ticket": ticket}));
    let knock = serde_json::from_value(json!({"methodArn": ARN, "queryStringParameters": query})).unwrap();
    let deps = socket_authorize::Deps { store: store.clone() };
    let answer = socket_authorize::handle(&deps, LambdaEvent::new(knock, Context::default())).await.unwrap();
    let statement = &answer["policyDocument"]["Statement"][0];
    assert_eq!((&statement["Resource"], &statement["Action"]), (&json!(ARN), &json!("execute-api:Invoke")));
    (statement["Effect"].as_str().unwrap().to_owned(), answer["principalId"].as_str().unwrap().to_owned())
}

fn socket_event(id: &str, owner: Option<&UserId>, body: Option<&str>) -> LambdaEvent<http_api::socket::SocketEvent> {
    let authorizer = owner.map(|owner| json!({"principalId": owner}));
    let event = json!({"requestContext": {"connectionId": id, "authorizer": authorizer}, "body": body});
    LambdaEvent::new(serde_json::from_value(event).unwrap(), Context::default())
}

/// API Gateway's side of a post, which a connection named `gone` no longer takes; answers its address and what was posted.
fn gateway() -> (Sockets, Receiver<(String, Value)>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/v1", listener.local_addr().unwrap());
    let (sender, posted) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let sender = sender.clone();
            std::thread::spawn(move || {
                let mut stream = stream.unwrap();
                let mut reader = BufReader::new(stream.try_clone().unwrap());
                let mut lines = Vec::new();
                loop {
                    let mut line = String::new();
                    if reader.read_line(&mut line).unwrap_or(0) == 0 {
                        return;
                    }
                    if line != "\r\n" {
                        lines.push(line.to_lowercase());
                        continue;
                    }
                    let length = lines.iter().find_map(|line| line.strip_prefix("content-length: ")).unwrap().trim().parse().unwrap();
                    let mut body = vec![0; length];
                    reader.read_exact(&mut body).unwrap();
                    assert!(lines.iter().any(|line| line.starts_with("authorization: aws4-hmac-sha256")), "it is signed");
                    let id = lines[0].split(['/', ' ']).nth_back(2).unwrap().to_owned();
                    let status = if id == "gone" { "410 Gone\r\nx-amzn-errortype: GoneException" } else { "200 OK" };
                    sender.send((id, serde_json::from_slice(&body).unwrap())).unwrap();
                    write!(stream, "HTTP/1.1 {status}\r\ncontent-length: 0\r\n\r\n").unwrap();
                    lines.clear();
                }
            });
        }
    });
    let credentials = aws_sdk_sqs::config::Credentials::new("a", "b", None, None, "test");
    let aws = aws_config::SdkConfig::builder()
        .behavior_version(aws_config::BehaviorVersion::latest())
        .region(aws_config::Region::new("ca-central-1"))
        .credentials_provider(aws_sdk_sqs::config::SharedCredentialsProvider::new(credentials))
        .build();
    (Sockets::new(&aws, &url), posted)
}

async fn open_socket(store: &Store, owner: &UserId, id: &str) {
    let answer = socket_connect::handle(&socket_connect::Deps { store: store.clone() }, socket_event(id, Some(owner), None)).await.unwrap();
    assert_eq!(answer["statusCode"], 200);
}

#[tokio::test]
async fn a_ticket_lets_its_owner_in_once_and_for_half_a_minute() {
    let database = Database::fresh().await;
    let (store, me) = (database.store(), user());
    let ask = async || told(call("socket-ticket", &store, event(Some(&me), &json!({}), &json!({}), None)).await);
    let (status, answer) = ask().await;
    assert_eq!((status, &answer["expires_in"], &answer["url"]), (200, &json!(30), &json!("wss://socket.example/v1")));
    let ticket = answer["ticket"].as_str().unwrap();
    assert!(ticket.len() >= 43 && ask().await.1["ticket"] != ticket);
    let superuser = database.superuser().await;
    for (_, rows) in testkit::every_row(&superuser).await {
        assert!(!rows.contains(ticket), "of a ticket only a hash is kept");
    }

    let deny = |(effect, _): (String, String)| effect == "Deny";
    assert!(deny(knock(&store, None).await) && deny(knock(&store, Some("another")).await));
    assert_eq!(knock(&store, Some(ticket)).await, ("Allow".to_owned(), me.0.clone()));
    assert!(deny(knock(&store, Some(ticket)).await), "it is spent");
    store.add_ticket(&me, &ticket_digest("late"), Duration::ZERO).await.unwrap();
    assert!(deny(knock(&store, Some("late")).await));

    let nobody = socket_connect::handle(&socket_connect::Deps { store }, socket_event("c1", None, None)).await.unwrap();
    assert_eq!(nobody["statusCode"], 401);
}

#[tokio::test]
async fn a_page_subscribes_is_told_and_finds_what_it_missed() {
    let database = Database::fresh().await;
    let (store, me, other) = (database.store(), user(), user());
    let (sockets, posted) = gateway();
    let (account, row) = account_and_plan(&store, &me).await;
    open_socket(&store, &me, "mine").await;
    open_socket(&store, &other, "theirs").await;
    let deps = socket_message::Deps { store: store.clone(), sockets: sockets.clone() };
    let say = async |id: &str, text: &str| {
        socket_message::handle(&deps, socket_event(id, None, Some(text))).await.unwrap();
        posted.try_recv().ok()
    };
    assert_eq!(say("mine", r#"{"action":"ping"}"#).await, None);
    let (_, wrong) = say("mine", r#"{"action":"listen"}"#).await.unwrap();
    assert!(wrong["error"].as_str().unwrap().contains("subscribe"), "{wrong}");
    let (_, unknown) = say("nobody", r#"{"action":"subscribe"}"#).await.unwrap();
    assert!(unknown["error"].as_str().unwrap().contains("new ticket"), "{unknown}");
    sockets.tell_of_plan(&store, &me, &row.id).await;
    assert!(posted.try_recv().is_err(), "who has not subscribed is told of nothing");
    let (to, first) = say("mine", r#"{"action":"subscribe"}"#).await.unwrap();
    assert_eq!((to.as_str(), &first), ("mine", &json!({"subscribed": true, "sequence": 1})));
    assert_eq!(say("theirs", r#"{"action":"subscribe"}"#).await.unwrap().1["sequence"], 0);

    store.update_plan(&deed(&me), &row.id, row.version, &row.plan).await.unwrap();
    sockets.tell_of_plan(&store, &me, &row.id).await;
    let message = json!({"sequence": 2, "plan": row.id, "deployment": null, "status": null});
    assert_eq!(posted.try_iter().collect::<Vec<_>>(), [("mine".to_owned(), message)], "and nobody else");

    let id = store.deploy(&deed(&me), &row, &account.id, &row.plan).await.unwrap().deployment.id;
    let since = async |whom: &UserId, after: &str| {
        told(call("change-list", &store, event(Some(whom), &json!({}), &json!({"after": after}), None)).await)
    };
    assert_eq!(since(&me, "1").await, (200, json!({"sequence": 3, "plans": [row.id], "deployments": [id], "more": false})));
    assert_eq!(since(&me, "2").await.1["plans"], json!([]));
    assert_eq!(since(&other, "0").await.1, json!({"sequence": 0, "plans": [], "deployments": [], "more": false}));
    for wrong in ["-1", "x", ""] {
        assert_eq!(since(&me, wrong).await.0, 400, "{wrong}");
    }
}

/// A step that changes the deployment so.
fn outcome(change: Change) -> Outcome {
    Outcome {
        label: "start".to_owned(),
        moved: false,
        stack: json!({}),
        then: Then::Continue,
        change,
        heeded: None,
        fulfilled: Fulfilled::default(),
        calls: 0,
    }
}

#[tokio::test]
async fn each_step_that_people_can_see_is_news_and_a_socket_that_is_gone_is_forgotten() {
    let database = Database::fresh().await;
    let (store, me) = (database.store(), user());
    let (account, row) = account_and_plan(&store, &me).await;
    let deployed = store.deploy(&deed(&me), &row, &account.id, &row.plan).await.unwrap();
    let strand = serde_json::from_str::<Value>(&deployed.outbox[0].body).unwrap()["strand"].as_str().unwrap().parse().unwrap();
    store.lease(&strand, "t", &TERMS).await.unwrap().held().unwrap();
    let step = async |change: Change| store.transition(&strand, "t", &TERMS, &outcome(change)).await.unwrap().unwrap().news;
    let event = || vec![NewEvent { kind: "info", step: None, message: "something".to_owned() }];
    assert_eq!(step(Change { events: event(), ..Change::default() }).await, None, "nobody listens");

    for id in ["gone", "open"] {
        open_socket(&store, &me, id).await;
        assert_eq!(store.subscribe(id).await.unwrap(), Some(3));
    }
    assert_eq!(step(Change::default()).await, None, "nothing that people see has changed");
    assert_eq!(step(Change { healthy: true, ..Change::default() }).await, None, "that it still answers is no news");
    let news = step(Change { events: event(), ..Change::default() }).await.unwrap();
    assert_eq!((news.sequence, news.status, news.sockets.len()), (4, Some(domain::Status::Deploying), 2));
    let news = step(Change { status: Some(domain::Status::Running), ..Change::default() }).await.unwrap();
    assert_eq!((news.sequence, news.status, news.deployment.as_ref()), (5, Some(domain::Status::Running), Some(&deployed.deployment.id)));

    let (sockets, posted) = gateway();
    sockets.tell(&store, &news).await;
    assert_eq!(posted.try_iter().count(), 2);
    let news = step(Change { status: Some(domain::Status::Issue), ..Change::default() }).await.unwrap();
    assert_eq!(news.sockets, ["open"]);
    let left = socket_disconnect::Deps { store: store.clone() };
    socket_disconnect::handle(&left, socket_event("open", None, None)).await.unwrap();
    assert_eq!(step(Change { status: Some(domain::Status::Running), ..Change::default() }).await, None);
}
