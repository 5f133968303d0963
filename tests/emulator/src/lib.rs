//! An AWS emulator of a test's or a benchmark's own, with metadata-only machines, what is asked of it to go wrong, and the accounts in it.
#![expect(clippy::unwrap_used, reason = "a test that can't go on should stop where it stands")]
#![expect(missing_docs, reason = "who reads a test reads this file too")]
#![expect(clippy::missing_panics_doc, reason = "all of it stops a test that can't go on")]

mod owner;

pub use owner::{Owner, Shown};

use aws_config::retry::RetryConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use clouds::access;
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

pub const REGION: &str = "ca-central-1";
const CONTROL_ACCOUNT: &str = "000000000000";
/// A name that the trust of a customer's role lets in.
const WORKER: &str = "cloudsail-chaos-worker";
/// Ends the name of what a person makes when they link an account.
const LINK: &str = "chaos";
const EXTERNAL_ID: &str = "chaos-external-id";

/// Something that goes wrong; scripts/local-cloud/README.md says what the words mean.
#[derive(Debug, Clone, Serialize)]
pub struct Fault {
    pub fault: &'static str,
    pub call: &'static str,
    pub at: usize,
    pub times: usize,
    pub moment: &'static str,
    pub code: &'static str,
    pub message: &'static str,
    pub reads: usize,
}

impl Fault {
    pub fn new(fault: &'static str) -> Self {
        Self { fault, call: "*", at: 1, times: 1, moment: "before", code: "", message: "a fault that was asked for", reads: 0 }
    }

    /// A call that AWS refuses with this code.
    pub fn refusal(call: &'static str, code: &'static str, message: &'static str) -> Self {
        Self { call, code, message, ..Self::new("error") }
    }
}

/// What the emulator has seen since it was last asked for faults.
#[derive(Debug, Deserialize)]
pub struct Seen {
    pub calls: Vec<String>,
    pub met: Vec<Met>,
}

#[derive(Debug, Deserialize)]
pub struct Met {
    pub call: String,
    pub fault: String,
}

/// Ends with the value, or with the test's process.
pub struct Emulator {
    server: Child,
    folder: PathBuf,
    pub url: String,
    http: reqwest::Client,
}

impl Emulator {
    pub async fn start() -> Self {
        let folder = std::env::temp_dir().join(format!("chaos-{}", domain::PlanId::generate()));
        std::fs::create_dir(&folder).unwrap();
        let port = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).unwrap().port();
        let log = File::create(folder.join("emulator.log")).unwrap();
        let code = format!("import sys; sys.path.append({:?}); from local_cloud.emulator import alone; alone()", scripts());
        let server = Command::new("setpriv")
            .args(["--pdeathsig=KILL", "--"])
            .arg(python())
            .args(["-c", &code])
            .env("CLOUDSAIL_LOCAL", &folder)
            .env("CLOUDSAIL_EMULATOR_PORT", port.to_string())
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .expect("setpriv");
        let emulator = Self { server, folder, url: format!("http://127.0.0.1:{port}"), http: reqwest::Client::new() };
        let began = Instant::now();
        while emulator.http.get(format!("{}/_ministack/health", emulator.url)).send().await.is_err() {
            assert!(began.elapsed() < Duration::from_secs(60), "the emulator does not answer after 60 s:\n{}", emulator.log());
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        emulator.make_worker().await;
        emulator
    }

    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.join("emulator.log")).unwrap_or_default()
    }

    /// Lets these go wrong in the account from now on, and forgets what was before.
    pub async fn ask_for(&self, account: &str, faults: &[Fault]) {
        let body = serde_json::to_string(faults).unwrap();
        let answer = self.http.post(self.control(account)).body(body).send().await.unwrap();
        assert!(answer.status().is_success(), "{}", answer.text().await.unwrap());
    }

    pub async fn seen(&self, account: &str) -> Seen {
        let answer = self.http.get(self.control(account)).send().await.unwrap().text().await.unwrap();
        serde_json::from_str(&answer).unwrap()
    }

    /// Comes back once this many calls have been held.
    pub async fn held(&self, account: &str, number: usize) {
        let asked = self.http.get(format!("{}/held/{number}", self.control(account))).send().await.unwrap();
        assert!(asked.status().is_success(), "the faults were taken back while a call was waited for");
    }

    fn control(&self, account: &str) -> String {
        format!("{}/_cloudsail/faults/{account}", self.url)
    }

    /// As the account's owner, or as a session.
    pub async fn sdk(&self, key: &str, secret: &str, token: Option<String>) -> SdkConfig {
        let keys = Credentials::new(key, secret, token, None, "chaos");
        aws_config::defaults(BehaviorVersion::v2026_01_12())
            .region(Region::new(REGION))
            .endpoint_url(&self.url)
            .credentials_provider(SharedCredentialsProvider::new(keys))
            // Clients are made anew for each invocation, and each would read the machine's root certificates for nothing.
            .http_client(aws_smithy_http_client::Builder::new().build_http())
            // The SDK tries as often as it does on AWS, and waits less between.
            .retry_config(RetryConfig::standard().with_initial_backoff(Duration::from_millis(1)))
            .load()
            .await
    }

    async fn make_worker(&self) {
        let iam = aws_sdk_iam::Client::new(&self.sdk("test", "test", None).await);
        let trust = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"}]}"#;
        iam.create_role().role_name(WORKER).assume_role_policy_document(trust).send().await.unwrap();
        let may = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["sts:AssumeRole","sts:TagSession"],"Resource":"arn:aws:iam::*:role/cloudsail/*"}]}"#;
        iam.put_role_policy().role_name(WORKER).policy_name("assume").policy_document(may).send().await.unwrap();
    }

    /// The control plane's worker, as its Lambda is given it.
    pub async fn worker(&self) -> SdkConfig {
        let role = format!("arn:aws:iam::{CONTROL_ACCOUNT}:role/{WORKER}");
        let sts = aws_sdk_sts::Client::new(&self.sdk("test", "test", None).await);
        let answer = sts.assume_role().role_arn(role).role_session_name("chaos").send().await.unwrap();
        let session = answer.credentials().unwrap();
        self.sdk(session.access_key_id(), session.secret_access_key(), Some(session.session_token().to_owned())).await
    }

    /// A customer makes the roles from the published template, as they are told to.
    pub fn link(&self, account: &str) -> store::NewAccount {
        let template = access::Template { control_account_id: CONTROL_ACCOUNT, account_id: account, external_id: EXTERNAL_ID, link: LINK };
        let file = self.folder.join(format!("{account}.json"));
        std::fs::write(&file, template.cloudformation().to_string()).unwrap();
        let done = Command::new(python())
            .arg(Path::new(&scripts()).join("customer.py"))
            .arg("link")
            .arg(file)
            .env("AWS_ENDPOINT_URL", &self.url)
            .env("AWS_DEFAULT_REGION", REGION)
            .env("CLOUDSAIL_CUSTOMER_ACCESS_KEY_ID", account)
            .env("CLOUDSAIL_CUSTOMER_SECRET_ACCESS_KEY", "test")
            .output()
            .unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        store::NewAccount {
            id: domain::AccountId::generate(),
            name: "chaos".to_owned(),
            aws_account_id: account.to_owned(),
            region: REGION.to_owned(),
            external_id: EXTERNAL_ID.to_owned(),
            role_arn: access::role_arn(account, LINK),
        }
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn scripts() -> String {
    format!("{}/../../scripts/local-cloud", env!("CARGO_MANIFEST_DIR"))
}

/// Of the environment that `./scripts/dev up` makes.
fn python() -> PathBuf {
    let home = || variable("XDG_CACHE_HOME").map_or_else(|| Path::new(&variable("HOME").unwrap_or_default()).join(".cache"), PathBuf::from);
    let cache = variable("CLOUDSAIL_CACHE").map_or_else(|| home().join("cloudsail"), PathBuf::from);
    let python = cache.join("venv/bin/python");
    assert!(python.exists(), "{} is not there: run `./scripts/dev up --no-platform` once", python.display());
    python
}

#[expect(clippy::disallowed_methods, reason = "a test has no start at which cloudsail-config could read it")]
pub fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
