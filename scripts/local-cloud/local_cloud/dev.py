"""What `scripts/dev` does: up, down, status, reset, logs, mail."""

import json
import os
import subprocess
import time
import urllib.request

from . import (
    certificates,
    emulator,
    google,
    host,
    images,
    leftovers,
    network,
    owner,
    postgres,
    redis,
    settings,
    site,
)
from .processes import descendants, memory_mb
from .shell import Failure, say, step, wait_until, write_private


def parts():
    return [postgres.server(), postgres.proxy(), redis.server(), network.name_server(), emulator.process(), site.server(), google.server()]


def up(platform=True):
    host.require_root()
    owner.take()
    host.install_packages()
    if host.make_environment():
        say(f"Python environment made in {settings.VENV}")
    images.build_missing()
    started = time.monotonic()
    check_ports()
    for folder in (settings.RUN, settings.LOG, settings.STATE, settings.S3):
        folder.mkdir(parents=True, exist_ok=True)
    settings.LOCAL.chmod(0o755)  # PostgreSQL's user passes through it
    if not emulator.process().pid():
        leftovers.sweep_machines()  # of a run that was killed
    with step("certificates and network"):
        certificates.make()
        network.up()
        network.name_server().start()
    with step("PostgreSQL, PgBouncer and Redis"):
        postgres.start()
        redis.start()
    with step("AWS emulator and machine room"):
        main = emulator.process()
        if main.start():
            wait_until(healthy, 30, "the emulator", main.log)
        site.server().start()
        google.server().start()
    write_env({})
    say(f"the local cloud is up, started in {time.monotonic() - started:.1f} s")
    if platform:
        platform_up()
        say(f"the web page: {settings.SITE_URL}")
    say(f"its names are in {settings.ENV_FILE}: `. {settings.ENV_FILE}`")


def check_ports():
    """A port that another program holds is better told now, by its number."""
    wanted = {"postgres": settings.POSTGRES_PORT, "pgbouncer": settings.PROXY_PORT, "redis": settings.REDIS_PORT,
              "emulator": settings.EMULATOR_PORT, "site": settings.SITE_PORT, "google": settings.GOOGLE_PORT}
    for part in parts():
        port = wanted.get(part.name)
        if port and not part.pid() and postgres.listening(port):
            raise Failure(f"port {port}, which {part.name} needs, is taken (`ss -ltnp` shows by whom): stop that program")


def platform_up():
    build, apply = settings.ROOT / "scripts/build", settings.ROOT / "scripts/local-cloud/platform"
    for script in (build, apply):
        if not script.exists():
            raise Failure(f"{script} is missing; `scripts/dev up --no-platform` starts the local cloud without it")
    with step("building the functions"):
        if subprocess.run([build]).returncode:
            raise Failure("scripts/build failed; what it printed above says why")
    with step("Terraform"):
        done = subprocess.run([apply, "up"], stdout=subprocess.PIPE, text=True)
        if done.returncode:
            raise Failure("scripts/local-cloud/platform failed; what it printed above says why")
    lines = [line.removeprefix("export ") for line in done.stdout.splitlines() if line.startswith("export ")]
    write_env(dict(line.split("=", 1) for line in lines), quoted=True)


def write_env(more, quoted=False):
    """`.local/env`: shell exports. What Terraform said last time stays until it says otherwise."""
    kept = {}
    if settings.ENV_FILE.exists() and not more:
        for line in settings.ENV_FILE.read_text().splitlines():
            if line.startswith("export "):
                name, value = line[7:].split("=", 1)
                kept[name] = value
    values = {
        "AWS_ENDPOINT_URL": settings.EMULATOR_URL,
        "AWS_REGION": settings.REGION,
        "AWS_DEFAULT_REGION": settings.REGION,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "CLOUDSAIL_CONTROL_ACCOUNT_ID": settings.CONTROL_ACCOUNT,
        "CLOUDSAIL_CUSTOMER_ACCOUNT_ID": settings.CUSTOMER_ACCOUNT,
        "CLOUDSAIL_CUSTOMER_ACCESS_KEY_ID": settings.CUSTOMER_ACCOUNT,
        "CLOUDSAIL_CUSTOMER_SECRET_ACCESS_KEY": "test",
        "DATABASE_URL": f"postgres://cloudsail@localhost:{settings.PROXY_PORT}/cloudsail",
        "DATABASE_ADMIN_URL": f"postgres://{postgres.ADMIN}@localhost:{settings.POSTGRES_PORT}/cloudsail",
        "DATABASE_CA_FILE": str(certificates.CA),
        "DATABASE_LOG_FILE": str(settings.LOG / "postgres.log"),
        "DATABASE_SOCKET_DIR": str(postgres.socket_folder()),
        "REDIS_URL": f"redis://{settings.CACHE_USER}@127.0.0.1:{settings.REDIS_PORT}",
        "SITE_URL": settings.SITE_URL,
        "CACHE_ARN": settings.CACHE_ARN,
        "CLOUDSAIL_CLIENT_CIDR": "203.0.113.0/24",
        "CLOUDSAIL_OUTSIDE_NETNS": settings.OUTSIDE_NETNS,
    }
    plain = {name: f"'{value}'" for name, value in values.items()}
    write_private(settings.ENV_FILE, "".join(f"export {k}={v}\n" for k, v in {**kept, **plain, **more}.items()))


def down():
    host.require_root()
    owner.take()
    for part in reversed(parts()):
        if part.stop():
            say(f"{part.name} stopped")
    leftovers.sweep_machines()
    network.down()
    owner.give_up()
    say("down; the state is kept, `scripts/dev up` goes on from it and `scripts/dev reset` removes it")


def reset():
    """Remove everything but the caches, also after a crash: nothing here asks the emulator."""
    host.require_root()
    owner.take()
    for part in reversed(parts()):
        part.stop_seconds = min(part.stop_seconds, 20)
        part.stop()
    leftovers.remove_everything()
    owner.give_up()
    say("reset: no process, machine, mount, loop device, interface or rule of the local cloud is left")


def status():
    total, all_up = 0, True
    for part in parts():
        pid = part.pid()
        all_up &= bool(pid)
        # Lambda functions and machines run below the emulator; they are not the local cloud's own.
        pids = [] if not pid else [pid] if part.name == "emulator" else descendants(pid)
        used = memory_mb(pids)
        total += used
        state = f"up, pid {pid}" if pid else "down"
        print(f"{part.name:10} {state:20} {used:>5} MB  log {part.log}")
    print(f"{'together':10} {'':20} {total:>5} MB")
    for path in sorted(settings.MACHINES.glob("*/machine.json")):
        machine = json.loads(path.read_text())
        print(f"machine    {machine['id']} {machine['address']} account {machine['account']} {machine['type']}")
    return 0 if all_up else 1


def logs(names):
    files = [str(path) for path in sorted(settings.LOG.glob("*.log")) if not names or path.stem in names]
    if not files:
        known = ", ".join(sorted(path.stem for path in settings.LOG.glob("*.log"))) or "none yet"
        raise Failure(f"no such log; there are: {known}")
    os.execvp("tail", ["tail", "-n", "60", "-F", *files])


def mail():
    """The mails that the cloud's mail service took, newest last."""
    with urllib.request.urlopen(f"{settings.EMULATOR_URL}/_ministack/ses/messages", timeout=5) as answer:
        print(json.dumps(json.load(answer), indent=2))


def healthy():
    try:
        with urllib.request.urlopen(f"{settings.EMULATOR_URL}/_ministack/health", timeout=1) as answer:
            return answer.status == 200
    except OSError:
        return False
