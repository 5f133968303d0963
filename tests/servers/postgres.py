"""PostgreSQL servers of this program's own: each in its folder, on a Unix socket, unprivileged, ended by its pid."""

import json
import os
import pathlib
import pwd
import shutil
import signal
import subprocess
import sys
import time

USER = "postgres"
PORT = 5432  # only the name of the socket


class ServerError(Exception):
    """A server that does not start, answer or stop; the text has the end of its log."""


def installed():
    """The `bin` folders of Debian's PostgreSQL packages by major version."""
    found = pathlib.Path("/usr/lib/postgresql").glob("*/bin/postgres")
    return {int(path.parts[-3]): path.parent for path in found if path.parts[-3].isdigit()}


def missing():
    """What this machine lacks to run a server and talk to it, as a sentence with the remedy, or None."""
    if os.getuid() != 0:
        return "run it as root: it starts PostgreSQL as the user postgres"
    if not installed():
        return "PostgreSQL is not installed: apt-get install postgresql"
    for tool in ("setpriv", "openssl"):
        if not shutil.which(tool):
            return f"{tool} is missing: apt-get install util-linux openssl"
    return None


def clean_up_when_ended():
    """Has SIGTERM end this program as Ctrl-C does, so that servers, folders and huge pages are given back."""
    for each in (signal.SIGTERM, signal.SIGINT):  # a shell's background jobs ignore SIGINT
        signal.signal(each, lambda *_: sys.exit(130))


def belong(path):
    """Gives a folder to the user that servers run as."""
    user = pwd.getpwnam(USER)
    os.chown(path, user.pw_uid, user.pw_gid)


def as_user(*command):
    """The command as an unprivileged user, ended when this process ends however it ends."""
    return ["setpriv", f"--reuid={USER}", f"--regid={USER}", "--init-groups", "--pdeathsig=QUIT", "--", *map(str, command)]


def children(pid):
    """The processes that a process has started and that run still."""
    return [int(child) for child in pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def cpu_times(pid):
    """CPU seconds of a process itself, and of its children that have ended."""
    ticks = [int(field) for field in pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:15]]
    return sum(ticks[:2]) / os.sysconf("SC_CLK_TCK"), sum(ticks[2:]) / os.sysconf("SC_CLK_TCK")


class Server:
    """One data folder and at most one running server on it."""

    def __init__(self, version, binaries, folder):
        self.version = version
        self.binaries = pathlib.Path(binaries)
        self.folder = pathlib.Path(folder)
        self.data = self.folder / "data"
        self.log = self.folder / "log"
        self.process = None
        # psql speaks to older and newer servers alike; builds other than Debian's come without it.
        self.client = installed()[max(installed())]

    def create(self):
        """Makes an empty cluster with a certificate, whose configuration reads `settings` last."""
        self.folder.mkdir(parents=True, exist_ok=True)
        belong(self.folder)
        self.run(self.binaries / "initdb", "-D", "data", "-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        self.run(
            *"openssl req -x509 -newkey ed25519 -nodes -days 1 -subj /CN=localhost".split(),
            "-keyout",
            "data/server.key",
            "-out",
            "data/server.crt",
        )
        with open(self.data / "postgresql.conf", "a", encoding="utf-8") as file:
            file.write("\ninclude 'settings.conf'\n")
        self.configure("")

    def place(self):
        """The settings that say where this server listens, whatever its file says."""
        return {"listen_addresses": "", "port": PORT, "unix_socket_directories": self.folder}

    def configure(self, text):
        """Writes the configuration that the next start reads."""
        (self.data / "settings.conf").write_text(text, encoding="utf-8")

    def run(self, *command):
        done = subprocess.run(as_user(*command), cwd=self.folder, capture_output=True, text=True)
        if done.returncode != 0:
            raise ServerError(f"{command[0]}: {(done.stderr or done.stdout).strip()[-600:]}")
        return done.stdout

    def value(self, name):
        """What the server would take for a setting, worked out from the files without starting it."""
        return self.run(self.binaries / "postgres", "-D", "data", "-C", name).strip()

    def start(self, overrides=None, cgroup=None):
        """Starts the server, in a control group if one is named, and returns when it answers.

        `overrides` are settings for the command line, which go before the file's.
        """
        options = [word for name, value in (self.place() | (overrides or {})).items() for word in ("-c", f"{name}={value}")]
        join = (lambda: pathlib.Path(cgroup, "cgroup.procs").write_text(str(os.getpid()))) if cgroup else None
        with open(self.log, "w", encoding="utf-8") as log:
            command = as_user(self.binaries / "postgres", "-D", "data", *options)
            self.process = subprocess.Popen(command, cwd=self.folder, stdout=log, stderr=log, preexec_fn=join)
        deadline = time.monotonic() + 60
        while not self.ready():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.stop(signal.SIGQUIT)
                raise ServerError(f"does not start: {self.log.read_text().strip()[-600:]}")
            time.sleep(0.02)

    def ready(self):
        """Whether the server takes connections: it says so in the last line of its pid file."""
        try:
            return (self.data / "postmaster.pid").read_text().splitlines()[7].strip() == "ready"
        except (FileNotFoundError, IndexError):
            return False

    def query(self, sql):
        """The rows of one statement as dictionaries."""
        out = self.psql(f"select coalesce(json_agg(q), '[]') from ({sql}) q")
        return json.loads(out)

    def cpu_seconds(self):
        """CPU time of the server since its start: of its processes that have ended and of those that run."""
        while True:
            try:
                times = [cpu_times(pid) for pid in [self.process.pid, *children(self.process.pid)]]
                return sum(own for own, _ in times) + times[0][1]
            except (FileNotFoundError, ProcessLookupError):
                continue  # a process ended between the two looks at it

    def psql(self, sql):
        return self.run(
            self.client / "psql",
            "-XqAt",
            "-v",
            "ON_ERROR_STOP=1",
            "-h",
            self.folder,
            "-p",
            PORT,
            "-U",
            USER,
            "-c",
            sql,
            "postgres",
        )

    def stop(self, how=signal.SIGINT):
        """Ends the server: disconnects its clients, writes a checkpoint, and waits."""
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.send_signal(how)
        try:
            self.process.wait(timeout=120)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise ServerError("does not stop within two minutes") from None
        finally:
            self.process = None
