"""Finding and removing what belongs to the machine room by the marks it leaves on the host, not by any record:
a run that was killed wrote none.
"""

import os
import pathlib
import shutil
import signal
import time

from . import cgroups, emulator, network, postgres, settings
from .shell import run


def sweep_machines():
    """Machines without their emulator: kill what runs in our control groups, then what they held."""
    for _ in range(50):
        pids = cgroups.all_processes()
        if not pids:
            break
        for pid in pids:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        time.sleep(0.1)
    cgroups.remove_all()
    unmount_below(settings.MACHINES)
    detach_loops()
    for path in pathlib.Path("/sys/class/net").glob("vb-cs*"):
        run("ip", "link", "delete", path.name, check=False)


def remove_everything():
    sweep_machines()
    kill_own_processes()
    network.down()
    unmount_below(settings.LOCAL)
    postgres.remove()
    for path in (settings.MACHINES, settings.VOLUMES, settings.STATE, settings.S3, settings.TERRAFORM, settings.TLS,
                 settings.RUN, settings.LOCAL / "tmp"):
        shutil.rmtree(path, ignore_errors=True)
    settings.ENV_FILE.unlink(missing_ok=True)
    for log in settings.LOG.glob("*.log"):
        log.unlink()


def kill_own_processes():
    """Functions outlive an emulator that was killed; they have its mark in their environment."""
    mark = f"{emulator.MARK}={settings.LOCAL}".encode()
    for entry in pathlib.Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and mark in (entry / "environ").read_bytes().split(b"\0"):
                os.kill(int(entry.name), signal.SIGKILL)
        except OSError:
            continue


def unmount_below(folder):
    lines = pathlib.Path("/proc/self/mounts").read_text().splitlines()
    for target in reversed([line.split()[1] for line in lines]):
        if target.startswith(f"{folder}/"):
            run("umount", "-l", target, check=False)


def detach_loops():
    for line in run("losetup", "-n", "-O", "NAME,BACK-FILE", check=False).stdout.splitlines():
        name, _, file = line.strip().partition(" ")
        if file.strip().startswith(f"{settings.VOLUMES}/"):
            run("losetup", "-d", name, check=False)
