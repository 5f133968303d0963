//! The person of the run, and all that was said to and by them.

use cloudsail_tests::canaries::{Canaries, Evidence, Kind, Secret};
use serde_json::{Value, json};
use std::process::{Command, Output};
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// When to give up on what never comes. How long a deploy takes is the benchmarks' concern: here the first one also fills the cache of
/// packages, on a machine that may be slow.
pub const PATIENCE: Duration = Duration::from_secs(15 * 60);

/// A person with a home and the command line, and what the run has to be searched for and in.
pub struct World {
    pub root: String,
    pub api: String,
    pub home: String,
    pub agent: ureq::Agent,
    pub password: String,
    /// When the run began.
    pub begun: Duration,
    canaries: Mutex<Canaries>,
    evidence: Mutex<Evidence>,
}

/// A name that means something to shells, SQL, templates and paths, and that a screen shows backwards.
pub const HOSTILE: &str = "sh\"op'; DROP TABLE plan; -- $(reboot) `id` {{x}} %s ../ \u{202e}\u{1f418}";

pub fn variable(name: &str) -> String {
    #[expect(clippy::disallowed_methods, reason = "the local cloud's names, as .local/env exports them")]
    std::env::var(name).unwrap_or_else(|_| panic!("{name} is not set: ./scripts/dev up, then `. .local/env`"))
}

impl World {
    pub fn new() -> Self {
        let root = format!("{}/..", env!("CARGO_MANIFEST_DIR"));
        let home = format!("{root}/.local/end-to-end");
        let _ = std::fs::remove_dir_all(&home);
        std::fs::create_dir_all(&home).unwrap();
        let agent = ureq::Agent::config_builder().http_status_as_error(false).max_redirects(0).build().into();
        // Of this run alone: what an earlier one left is no leak of this one.
        let password = format!("Correct-horse-9-{}", domain::PlanId::generate().short());
        let (canaries, evidence) = (Mutex::default(), Mutex::default());
        let begun = std::time::UNIX_EPOCH.elapsed().unwrap();
        let world = Self { api: variable("API_URL"), home, root, agent, password, begun, canaries, evidence };
        world.plant(Secret::UserPassword, &world.password);
        world
    }

    pub fn plant(&self, secret: Secret, value: &str) {
        self.canaries.lock().unwrap().plant(secret, value);
    }

    /// Keeps what the run has left somewhere.
    pub fn keep(&self, kind: Kind, place: &str, text: &str) {
        self.evidence.lock().unwrap().add(kind, place, text);
    }

    /// Keeps all of it.
    pub fn keep_all(&self, evidence: Evidence) {
        self.evidence.lock().unwrap().extend(evidence);
    }

    /// Where the secrets were found, in all that was kept.
    pub fn findings(&self) -> Vec<String> {
        self.canaries.lock().unwrap().findings(&self.evidence.lock().unwrap())
    }

    pub fn cli(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(format!("{}/target/debug/cloudsail", self.root));
        command.args(arguments).env("XDG_CONFIG_HOME", &self.home).env("CLOUDSAIL_PASSWORD", &self.password);
        let output = command.output().unwrap();
        // The command's own words: what is neither an option nor an id.
        let word = |argument: &&&str| argument.bytes().all(|byte| byte.is_ascii_lowercase());
        let words: Vec<_> = arguments.iter().skip_while(|argument| argument.starts_with("--")).take_while(word).copied().collect();
        let place = format!("cloudsail {}", words.join(" "));
        self.keep(Kind::Answer, &place, &String::from_utf8_lossy(&output.stdout));
        self.keep(Kind::Error, &place, &String::from_utf8_lossy(&output.stderr));
        self.plant_tokens();
        output
    }

    /// Whatever tokens the command line holds now: it renews them as they end.
    fn plant_tokens(&self) {
        let Ok(text) = std::fs::read_to_string(format!("{}/cloudsail/token.json", self.home)) else { return };
        let Ok(tokens) = serde_json::from_str::<Value>(&text) else { return };
        for (secret, name) in [(Secret::AccessToken, "access_token"), (Secret::RefreshToken, "refresh_token")] {
            if let Some(token) = tokens[name].as_str() {
                self.plant(secret, token);
            }
        }
    }

    /// The command line's answer as JSON; it must succeed.
    pub fn json(&self, arguments: &[&str]) -> Value {
        let output = self.cli(&[&["--json"], arguments].concat());
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    }

    /// A script of the local cloud, in its Python environment.
    pub fn script(&self, name: &str, arguments: &[&str]) -> Output {
        let cache = "${CLOUDSAIL_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/cloudsail}";
        let script = format!("exec \"{cache}/venv/bin/python\" '{}/scripts/local-cloud/{name}' \"$@\"", self.root);
        Command::new("bash").args(["-c", &script, name]).args(arguments).env("PYTHONDONTWRITEBYTECODE", "1").output().unwrap()
    }

    pub fn customer(&self, arguments: &[&str]) -> (bool, String) {
        let output = self.script("customer.py", arguments);
        (output.status.success(), String::from_utf8_lossy(&output.stdout).trim().to_owned() + &String::from_utf8_lossy(&output.stderr))
    }

    /// The secret keys and tokens of the sessions that were opened in the customer's account: no session ends before the run does.
    pub fn cloud_sessions(&self) -> Vec<String> {
        let url = format!("{}/_cloudsail/sessions/{}", variable("AWS_ENDPOINT_URL"), variable("CLOUDSAIL_CUSTOMER_ACCOUNT_ID"));
        let answer = self.agent.get(&url).call().unwrap().body_mut().read_to_string().unwrap();
        serde_json::from_str(&answer).unwrap()
    }

    pub fn token(&self) -> String {
        let text = std::fs::read_to_string(format!("{}/cloudsail/token.json", self.home)).unwrap();
        serde_json::from_str::<Value>(&text).unwrap()["access_token"].as_str().unwrap().to_owned()
    }

    /// Status, body and one header of a call.
    pub fn call(&self, method: &str, path: &str, token: Option<&str>, body: &str, header: &str) -> (u16, Value, String) {
        let mut request =
            ureq::http::Request::builder().method(method).uri(format!("{}{path}", self.api)).header("content-type", "application/json");
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let mut response = self.agent.run(request.body(body.to_owned()).unwrap()).unwrap();
        let header = response.headers().get(header).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
        let text = response.body_mut().read_to_string().unwrap();
        let status = response.status().as_u16();
        let path = path.split('?').next().unwrap_or_default().split('/').map(|part| if part.contains('_') { "{id}" } else { part });
        let place = format!("{method} {}", path.collect::<Vec<_>>().join("/"));
        self.keep(if status < 400 { Kind::Answer } else { Kind::Error }, &place, &text);
        (status, serde_json::from_str(&text).unwrap_or(Value::Null), header)
    }

    pub fn wait_for(&self, deployment: &str, status: &str) -> (Value, Duration) {
        let begun = Instant::now();
        loop {
            let output = self.cli(&["--json", "status", deployment]);
            let now: Value = serde_json::from_slice(&output.stdout).unwrap();
            if now["status"] == status {
                return (now, begun.elapsed());
            }
            assert!(begun.elapsed() < PATIENCE && now["status"] != "issue", "{deployment} is not {status}: {now:#}");
            std::thread::sleep(Duration::from_millis(300));
        }
    }

    pub fn plan(&self, allow: &str) -> String {
        let plan = json!({"schema": "cs-json/1", "name": HOSTILE, "components": [{"kind": "postgres",
            "hardware": {"cpu": 2, "memory_gib": 4, "disk": {"size_gib": 20}}, "db": {"version": "17", "name": "shop"},
            "network": {"allow": [allow]}}]});
        let file = format!("{}/plan.json", self.home);
        std::fs::write(&file, plan.to_string()).unwrap();
        self.json(&["plan", "create", "--file", &file])["id"].as_str().unwrap().to_owned()
    }
}
