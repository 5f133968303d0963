"""Starting, finding and stopping the background processes. A pid file is believed only if /proc agrees:
after a crash the number may belong to anybody.
"""

import os
import pathlib
import signal
import subprocess
import sys
import time

from . import settings
from .shell import Failure


class Process:
    def __init__(self, name, argv, marker, environment=None, stop_signal=signal.SIGTERM, stop_seconds=30):
        self.name, self.argv, self.marker = name, [str(word) for word in argv], str(marker)
        self.environment = environment or {"PATH": settings.CLEAN_PATH, "LC_ALL": "C.UTF-8"}
        self.stop_signal, self.stop_seconds = stop_signal, stop_seconds

    @property
    def log(self):
        return settings.LOG / f"{self.name}.log"

    @property
    def pid_file(self):
        return settings.RUN / f"{self.name}.pid"

    def pid(self):
        try:
            pid = int(self.pid_file.read_text())
            command = pathlib.Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except (OSError, ValueError):
            return None
        return pid if self.marker in command else None

    def start(self):
        if self.pid():
            return False
        settings.RUN.mkdir(parents=True, exist_ok=True)
        settings.LOG.mkdir(parents=True, exist_ok=True)
        with open(self.log, "ab") as log:
            child = subprocess.Popen(
                self.argv, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=self.environment,
                cwd=settings.LOCAL, start_new_session=True,
            )
        self.pid_file.write_text(str(child.pid))
        time.sleep(0.05)
        if child.poll() is not None:
            raise Failure(f"{self.name} ended at once with {child.returncode}; the end of {self.log} says why")
        return True

    def stop(self):
        pid = self.pid()
        if pid:
            os.kill(pid, self.stop_signal)
            deadline = time.monotonic() + self.stop_seconds
            while self.pid() and time.monotonic() < deadline:
                try:
                    os.waitpid(pid, os.WNOHANG)
                except ChildProcessError:
                    pass
                time.sleep(0.05)
            if self.pid():
                os.kill(pid, signal.SIGKILL)
        self.pid_file.unlink(missing_ok=True)
        return bool(pid)


def descendants(pid):
    """The process and all below it."""
    found, parents = [pid], {}
    for entry in pathlib.Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
            except (OSError, IndexError):
                continue
    for current in found:
        found += [child for child, parent in parents.items() if parent == current]
    return found


def memory_mb(pids):
    """Proportional memory: pages that PostgreSQL's processes share count once."""
    total = 0
    for pid in pids:
        try:
            text = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text()
        except OSError:
            continue
        total += next((int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:")), 0)
    return total // 1024


def of_module(name):
    """A server whose `main` stands in the module of that name here; it knows this local cloud, and nothing of the caller's environment."""
    marker = f"from local_cloud.{name} import main"
    code = f"import sys; sys.path.append({str(settings.ROOT / 'scripts/local-cloud')!r}); {marker}; main()"
    environment = {"PATH": settings.CLEAN_PATH, "LC_ALL": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1", "CLOUDSAIL_LOCAL": str(settings.LOCAL)}
    return Process(name, [sys.executable, "-c", code], marker, environment, stop_seconds=5)
