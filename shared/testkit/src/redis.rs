//! A Redis that lets in one user, as ElastiCache does.

use aws_credential_types::Credentials;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A Redis of one test's own, on loopback and a free port, that keeps nothing. It ends with the value, or with the process.
pub struct Redis {
    server: Child,
    folder: PathBuf,
    port: u16,
    user: String,
}

impl Redis {
    /// The user signs in with any password: no Redis knows of IAM. Nobody else is let in, and nobody without signing in.
    ///
    /// # Panics
    /// If Redis is not installed, or does not start: a test that can't run must not pass.
    #[must_use]
    pub fn start(user: &str, access_string: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("redis-{}", uuid::Uuid::now_v7().simple()));
        std::fs::create_dir(&folder).expect("a folder for Redis");
        let port = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a free port").port();
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig=KILL", "--"]).arg(program(&folder)).current_dir(&folder);
        command.args(["--port", &port.to_string(), "--bind", "127.0.0.1", "--save", "", "--user", "default", "off"]);
        command.args(["--user", user, "nopass"]).args(access_string.split_whitespace());
        let server = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("setpriv");
        let redis = Self { server, folder, port, user: user.to_owned() };
        let began = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(began.elapsed() < Duration::from_secs(20), "Redis does not listen after 20 s");
            std::thread::sleep(Duration::from_millis(10));
        }
        redis
    }

    /// Where it is, with its user.
    #[must_use]
    pub fn url(&self) -> String {
        self.url_of(&self.user)
    }

    /// Where it is, for somebody else.
    #[must_use]
    pub fn url_of(&self, user: &str) -> String {
        format!("redis://{user}@127.0.0.1:{}", self.port)
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// What a function is told of a Redis at this address, and what it signs with.
#[must_use]
pub fn cache_at(url: &str) -> config::Cache {
    config::Cache {
        url: url.to_owned(),
        arn: "arn:aws:elasticache:ca-central-1:000000000000:serverlesscache:cloudsail-test".to_owned(),
        credentials: Credentials::new("AKIDEXAMPLE", "secret", None, None, "test"),
    }
}

/// Debian's redis-tools has the server under another name, and what it is called decides what it does.
fn program(folder: &Path) -> PathBuf {
    let server = Path::new("/usr/bin/redis-server");
    if server.exists() {
        return server.to_owned();
    }
    let (tool, link) = (Path::new("/usr/bin/redis-check-rdb"), folder.join("redis-server"));
    assert!(tool.exists(), "Redis is not installed: apt-get install redis-tools");
    std::os::unix::fs::symlink(tool, &link).expect("a link to Redis");
    link
}
