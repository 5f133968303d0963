//! PostgreSQL with TLS and Redis, of this run's own: in its folder, on free ports, ended with this process.

use crate::Failure;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

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

struct Server {
    child: Child,
    signal: &'static str,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = Command::new("kill").args([self.signal, &self.child.id().to_string()]).status();
        let _ = self.child.wait();
    }
}

/// The servers that functions ask.
pub(crate) struct Servers {
    _servers: [Server; 2],
    pub(crate) database_port: u16,
    pub(crate) redis_port: u16,
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
        let (database_port, redis_port) = (free_port()?, free_port()?);
        let mut postgres = as_postgres(folder, binaries.join("postgres"));
        postgres.args(["-D", "data", "-p", &database_port.to_string()]);
        let mut redis = as_postgres_until(folder, "KILL", redis(folder)?);
        redis.args(["--port", &redis_port.to_string(), "--bind", "127.0.0.1", "--save", ""]);
        let servers = [Server { child: postgres.spawn()?, signal: "-QUIT" }, Server { child: redis.spawn()?, signal: "-KILL" }];
        let servers = Self { _servers: servers, database_port, redis_port, ca: std::fs::read_to_string(folder.join("ca.crt"))? };
        for port in [database_port, redis_port] {
            listening(port).await?;
        }
        Ok(servers)
    }
}

fn as_postgres(folder: &Path, program: impl AsRef<std::ffi::OsStr>) -> Command {
    as_postgres_until(folder, "QUIT", program)
}

/// As the user postgres, with the signal that ends it when this process ends, however it ends.
fn as_postgres_until(folder: &Path, signal: &str, program: impl AsRef<std::ffi::OsStr>) -> Command {
    let death = format!("--pdeathsig={signal}");
    let mut command = Command::new("setpriv");
    command.args(["--reuid=postgres", "--regid=postgres", "--init-groups", &death, "--"]).arg(program);
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

/// Debian's redis-tools has the server under another name, and what it is called decides what it does.
fn redis(folder: &Path) -> Result<PathBuf, Failure> {
    let server = Path::new("/usr/bin/redis-server");
    if server.exists() {
        return Ok(server.to_owned());
    }
    let (tool, link) = (Path::new("/usr/bin/redis-check-rdb"), folder.join("redis-server"));
    if !tool.exists() {
        return Err("Redis is not installed: apt-get install redis-tools".into());
    }
    std::os::unix::fs::symlink(tool, &link)?;
    Ok(link)
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
