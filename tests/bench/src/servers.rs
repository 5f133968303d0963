//! PostgreSQL with TLS and Redis, of this run's own: in its folder, on free ports, ended with this process.

use crate::Failure;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use testkit::Redis;

const CONFIGURATION: &str = "
listen_addresses = 'localhost'
unix_socket_directories = ''
ssl = on
ssl_cert_file = '../server.crt'
ssl_key_file = '../server.key'
shared_buffers = 32MB
max_connections = 60
fsync = off
autovacuum = off
";

/// Whoever comes may come in: a proxy takes the token as it is too, without a computation on our side.
const ACCESS: &str = "host all all all trust\n";

/// RSA, as the certificates of RDS Proxy are.
const CERTIFICATES: &str = r#"
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=bench -keyout ca.key -out ca.crt
openssl req -newkey rsa:2048 -nodes -subj /CN=localhost -keyout server.key -out server.csr
printf 'subjectAltName=DNS:localhost\nbasicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth\n' > server.ext
openssl x509 -req -in server.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 2 -extfile server.ext -out server.crt
"#;

struct Postgres(Child);

impl Drop for Postgres {
    fn drop(&mut self) {
        let _ = Command::new("kill").args(["-QUIT", &self.0.id().to_string()]).status();
        let _ = self.0.wait();
    }
}

/// The servers that functions ask.
pub(crate) struct Servers {
    _postgres: Postgres,
    pub(crate) database_port: u16,
    pub(crate) redis: Redis,
    /// PEM of the database's root.
    pub(crate) ca: String,
}

impl Servers {
    /// `folder` belongs to the user postgres.
    pub(crate) async fn start(folder: &Path) -> Result<Self, Failure> {
        run(as_postgres(folder, "sh").args(["-e", "-c", CERTIFICATES]))?;
        let binaries = binaries()?;
        run(as_postgres(folder, binaries.join("initdb")).args(["-D", "data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"]))?;
        std::fs::write(folder.join("data/postgresql.auto.conf"), CONFIGURATION)?;
        std::fs::write(folder.join("data/pg_hba.conf"), ACCESS)?;
        let database_port = free_port()?;
        let mut postgres = as_postgres(folder, binaries.join("postgres"));
        postgres.args(["-D", "data", "-p", &database_port.to_string()]);
        let redis = Redis::start("bench", cache::ACCESS_STRING);
        let ca = std::fs::read_to_string(folder.join("ca.crt"))?;
        let servers = Self { _postgres: Postgres(postgres.spawn()?), database_port, redis, ca };
        listening(database_port).await?;
        Ok(servers)
    }
}

/// As the user postgres, and ended when this process ends, however it ends.
fn as_postgres(folder: &Path, program: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new("setpriv");
    command.args(["--reuid=postgres", "--regid=postgres", "--init-groups", "--pdeathsig=QUIT", "--"]).arg(program);
    command.current_dir(folder).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

fn run(command: &mut Command) -> Result<(), Failure> {
    let output = command.stdout(Stdio::piped()).stderr(Stdio::piped()).output()?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("{command:?} failed: {}", String::from_utf8_lossy(&output.stderr)).into())
}

fn binaries() -> Result<PathBuf, Failure> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").map_err(|_| "PostgreSQL is not installed: apt-get install postgresql")?;
    let found = versions.filter_map(|version| Some(version.ok()?.path().join("bin"))).filter(|bin| bin.join("postgres").exists()).max();
    Ok(found.ok_or("PostgreSQL is not installed: apt-get install postgresql")?)
}

fn free_port() -> Result<u16, Failure> {
    Ok(std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

async fn listening(port: u16) -> Result<(), Failure> {
    let began = Instant::now();
    while tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_err() {
        if began.elapsed() > Duration::from_secs(20) {
            return Err(format!("nothing listens on port {port} after 20 s").into());
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Ok(())
}
