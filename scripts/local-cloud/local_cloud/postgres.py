"""Aurora's and RDS Proxy's stand-ins: a PostgreSQL with TLS, and PgBouncer in transaction mode before it."""

import hashlib
import pathlib
import re
import shutil
import signal
import socket

from . import certificates, settings
from .processes import Process
from .shell import Failure, run, wait_until

USER = "postgres"
ADMIN = "cloudsail_admin"

CONFIGURATION = """\
port = {port}
listen_addresses = '127.0.0.1'
unix_socket_directories = '{socket}'
unix_socket_permissions = 0700
ssl = on
ssl_cert_file = '{folder}/server.crt'
ssl_key_file = '{folder}/server.key'
password_encryption = 'scram-sha-256'
# Small: this server holds the control plane's few rows on a developer's machine.
shared_buffers = 32MB
max_connections = 60
max_wal_size = 256MB
autovacuum_max_workers = 1
max_parallel_workers = 2
# The rows of a test run may be lost with the machine; a running one keeps all its promises.
synchronous_commit = off
# A test reads this log for statements that would pin a connection of the real proxy.
log_statement = 'all'
log_line_prefix = '%m [%p] %u@%d %a '
log_connections = off
"""

ACCESS = """\
local all all trust
hostssl all all 127.0.0.1/32 scram-sha-256
hostssl all all ::1/128 scram-sha-256
"""

PGBOUNCER = """\
[databases]
* = host={socket} port={port} user=cloudsail
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {proxy_port}
unix_socket_dir =
user = postgres
auth_type = any
pool_mode = transaction
default_pool_size = 10
max_client_conn = 500
server_reset_query = DISCARD ALL
server_reset_query_always = 1
ignore_startup_parameters = extra_float_digits
client_tls_sslmode = require
client_tls_key_file = {folder}/server.key
client_tls_cert_file = {folder}/server.crt
{extra}"""


def binaries():
    found = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    if not found:
        raise Failure("PostgreSQL is not installed: `apt-get install postgresql`, then run this again")
    return found[-1].parent


def folder():
    """Where the server's files are: in .local, unless its user may not pass through the checkout's parents."""
    for parent in (settings.LOCAL, *settings.LOCAL.parents):
        if not parent.exists():
            continue
        if not parent.stat().st_mode & 0o001:
            return fallback()
    return settings.PG


def fallback():
    """Beside Debian's own clusters, one folder per checkout: a home of mode 0700 hides the checkout from postgres."""
    return pathlib.Path("/var/lib/postgresql") / f"cloudsail-{hashlib.sha256(str(settings.LOCAL).encode()).hexdigest()[:8]}"


def socket_folder():
    return folder() / "run"


def data():
    return folder() / "data"


def server():
    return Process(
        "postgres",
        ["setpriv", f"--reuid={USER}", f"--regid={USER}", "--init-groups", binaries() / "postgres", "-D", data()],
        marker=data(), stop_signal=signal.SIGINT,
    )


def proxy():
    configuration = folder() / "pgbouncer.ini"
    return Process(
        "pgbouncer",
        ["setpriv", f"--reuid={USER}", f"--regid={USER}", "--init-groups", "pgbouncer", configuration],
        marker=configuration, stop_signal=signal.SIGTERM, stop_seconds=5,
    )


def start():
    """Make the cluster if there is none, then start both servers and wait until they answer."""
    target = folder()
    for path in (target, socket_folder()):
        path.mkdir(parents=True, exist_ok=True)
        shutil.chown(path, USER, USER)
    socket_folder().chmod(0o700)
    certificates.copy_for(USER, target)
    if not (data() / "PG_VERSION").exists():
        as_postgres(binaries() / "initdb", "-D", data(), "-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8",
                    "--data-checksums", "--no-sync", "--no-instructions")
    (data() / "postgresql.auto.conf").write_text(
        CONFIGURATION.format(port=settings.POSTGRES_PORT, socket=socket_folder(), folder=target)
    )
    (data() / "pg_hba.conf").write_text(ACCESS)
    main = server()
    if main.start():
        wait_until(ready, 20, "PostgreSQL", main.log)
    make_roles()
    (target / "pgbouncer.ini").write_text(PGBOUNCER.format(
        socket=socket_folder(), port=settings.POSTGRES_PORT, proxy_port=settings.PROXY_PORT, folder=target,
        # From 1.21 on PgBouncer keeps prepared statements alive across transactions, which RDS Proxy doesn't.
        extra="max_prepared_statements = 0\n" if pgbouncer_version() >= (1, 21) else "",
    ))
    front = proxy()
    if front.start():
        wait_until(lambda: listening(settings.PROXY_PORT), 10, "PgBouncer", front.log)


def make_roles():
    """What Aurora gives its master user: it may make roles and databases, and is no superuser."""
    sql(f"""
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{ADMIN}') THEN
    CREATE ROLE {ADMIN} LOGIN CREATEROLE CREATEDB;
    GRANT pg_monitor, pg_signal_backend TO {ADMIN} WITH ADMIN OPTION;
    CREATE ROLE rds_iam NOLOGIN;
    GRANT rds_iam TO {ADMIN} WITH ADMIN OPTION;
  END IF;
END $$;
SELECT 'CREATE DATABASE cloudsail OWNER {ADMIN}'
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'cloudsail') \\gexec
""")


def set_admin_password(password):
    """The password goes in on standard input, and out of the statement log."""
    quoted = "'" + password.replace("'", "''") + "'"
    if "\n" in password or "\\" in password or not password:
        raise Failure("the admin password must be one line without a backslash")
    sql(f"SET log_statement = 'none';\nSET log_min_error_statement = 'panic';\nALTER ROLE {ADMIN} PASSWORD {quoted};\n")


def sql(text, database="postgres"):
    return run(binaries() / "psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", socket_folder(), "-p", settings.POSTGRES_PORT,
               "-U", USER, "-d", database, input=text).stdout


def ready():
    return run(binaries() / "pg_isready", "-q", "-h", socket_folder(), "-p", settings.POSTGRES_PORT, check=False).returncode == 0


def listening(port, host="127.0.0.1"):
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((host, port)) == 0


def pgbouncer_version():
    text = run("pgbouncer", "--version").stdout
    return tuple(int(number) for number in re.search(r"(\d+)\.(\d+)", text).groups())


def as_postgres(*argv):
    return run("setpriv", f"--reuid={USER}", f"--regid={USER}", "--init-groups", *argv, cwd="/")


def remove():
    for path in {settings.PG, fallback()}:
        shutil.rmtree(path, ignore_errors=True)
