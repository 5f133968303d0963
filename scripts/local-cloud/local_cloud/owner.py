"""One local cloud per host: its bridge, its addresses and its control groups are the host's own. A mark says
which checkout has it, so that a second one refuses instead of tearing the first one down.
"""

import pathlib

from . import settings
from .shell import Failure

MARK = pathlib.Path("/run/cloudsail-local-cloud")


def take():
    holder = MARK.read_text().strip() if MARK.exists() else ""
    if holder and holder != str(settings.LOCAL) and alive(pathlib.Path(holder)):
        raise Failure(f"another checkout's local cloud is up ({holder}): `scripts/dev down` there first")
    MARK.write_text(str(settings.LOCAL))


def alive(local):
    """Whether any of its processes runs."""
    for path in (local / "run").glob("*.pid"):
        try:
            command = pathlib.Path(f"/proc/{int(path.read_text())}/cmdline").read_bytes()
        except (OSError, ValueError):
            continue
        if any(word in command for word in (b"local_cloud.emulator", b"postgres", b"pgbouncer", b"dnsmasq")):
            return True
    return False


def give_up():
    MARK.unlink(missing_ok=True)
