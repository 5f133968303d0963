//! A page that is open while a database is deployed, by its WebSocket alone.

use crate::eventually;
use crate::world::World;
use cloudsail_tests::canaries::Secret;
use serde_json::Value;
use std::sync::{Arc, Mutex};
use std::time::SystemTime;
use tungstenite::{Message, connect};

/// What came, and when.
type Told = Arc<Mutex<Vec<(SystemTime, Value)>>>;

/// An open page.
pub struct Page {
    /// The number that it began with.
    first: i64,
    told: Told,
}

impl Page {
    /// Trades the token for a ticket, connects and subscribes.
    pub fn open(world: &World) -> Self {
        let (status, ticket, _) = world.call("POST", "/v1/socket/ticket", Some(&world.token()), "", "x");
        assert_eq!(status, 200, "{ticket}");
        world.plant(Secret::SocketTicket, ticket["ticket"].as_str().unwrap());
        let url = ticket["url"].as_str().unwrap();
        assert!(connect(url).is_err(), "nobody gets in without a ticket");
        let url = format!("{url}?ticket={}", ticket["ticket"].as_str().unwrap());
        let (mut socket, _) = connect(&url).unwrap();
        assert!(connect(&url).is_err(), "a ticket is good once");
        socket.send(Message::text(r#"{"action":"subscribe"}"#)).unwrap();
        let answer: Value = serde_json::from_str(socket.read().unwrap().to_text().unwrap()).unwrap();
        assert_eq!(answer["subscribed"], true, "{answer}");
        let told = Told::default();
        let into = Arc::clone(&told);
        std::thread::spawn(move || {
            while let Ok(message) = socket.read() {
                if let Ok(text) = message.to_text()
                    && let Ok(message) = serde_json::from_str(text)
                {
                    into.lock().unwrap().push((SystemTime::now(), message));
                }
            }
        });
        Self { first: answer["sequence"].as_i64().unwrap(), told }
    }

    /// It is told of a plan that somebody makes and deletes elsewhere.
    pub fn sees_plans_come_and_go(&self, world: &World) {
        let plan = world.plan("203.0.113.0/24");
        assert_eq!(world.call("DELETE", &format!("/v1/plan/{plan}"), Some(&world.token()), "", "x").0, 204);
        eventually("two messages of the plan", || {
            let told = self.told.lock().unwrap();
            (told.iter().filter(|(_, message)| message["plan"] == plan && message["deployment"].is_null()).count() == 2).then_some(())
        });
    }

    /// It saw the deployment become this, and every change up to then; what no message told of, the list of changes names.
    pub fn saw(&self, world: &World, deployment: &str, status: &str) {
        let (at, last) = eventually("a message", || {
            let told = self.told.lock().unwrap();
            told.iter().find(|(_, message)| message["deployment"] == deployment && message["status"] == status).cloned()
        });
        let numbers: Vec<_> = self.told.lock().unwrap().iter().map(|(_, message)| message["sequence"].as_i64().unwrap()).collect();
        assert!(numbers.iter().all(|number| *number > self.first), "{numbers:?}");
        let (code, missed, _) = world.call("GET", &format!("/v1/changes?after={}", self.first), Some(&world.token()), "", "x");
        assert_eq!(code, 200, "{missed}");
        assert!(missed["sequence"].as_i64() >= last["sequence"].as_i64() && missed["more"] == false, "{missed}");
        assert!(missed["deployments"].as_array().unwrap().iter().any(|id| id == deployment), "{missed}");
        // A statement's now() is when it began, before its commit.
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let database = runtime.block_on(testkit::superuser("cloudsail"));
        let sql =
            format!("SELECT at FROM event WHERE deployment_id = '{deployment}' AND message LIKE 'PostgreSQL answers%' ORDER BY id LIMIT 1");
        let event: SystemTime = runtime.block_on(database.query_one(&sql, &[])).unwrap().get(0);
        let late = at.duration_since(event).expect("a message comes after what it tells of");
        println!("{} messages; {status} was in the page {:.0} ms after its event was written", numbers.len(), late.as_secs_f64() * 1e3);
    }
}
