"""One control group per machine: it bounds the machine's memory and devices, and names its processes.

Hosts have the unified hierarchy (version 2), or one tree per controller (version 1); both are served.
"""

import pathlib

ROOT = pathlib.Path("/sys/fs/cgroup")
NAME = "cloudsail-room"
CONTROLLERS = ("systemd", "unified", "memory", "pids", "cpu", "devices")  # version 1

# What a systemd guest may open: the null, zero, full, random, urandom and tty devices and its pseudo terminals.
# Any node may be made (m), as in systemd's own container policy; opening is what counts.
GUEST_DEVICES = ("c *:* m", "b *:* m", "c 1:3 rwm", "c 1:5 rwm", "c 1:7 rwm", "c 1:8 rwm", "c 1:9 rwm",
                 "c 5:0 rwm", "c 5:2 rwm", "c 136:* rwm")


def unified():
    return (ROOT / "cgroup.controllers").exists()


def folders():
    if unified():
        return [ROOT / NAME]
    return [ROOT / name / NAME for name in CONTROLLERS if (ROOT / name).is_dir()]


def make(machine, memory_mib):
    """Make the machine's groups and answer the files a process writes its id into to join them."""
    made = []
    for parent in folders():
        group = parent / machine
        group.mkdir(parents=True, exist_ok=True)
        made.append(group)
    if unified():
        (ROOT / "cgroup.subtree_control").write_text("+memory +pids")
        (ROOT / NAME / "cgroup.subtree_control").write_text("+memory +pids")
        (ROOT / NAME / machine / "memory.max").write_text(str(memory_mib << 20))
    else:
        limit = ROOT / "memory" / NAME / machine / "memory.limit_in_bytes"
        if limit.parent.is_dir():
            limit.write_text(str(memory_mib << 20))
        devices = ROOT / "devices" / NAME / machine
        if devices.is_dir():
            (devices / "devices.deny").write_text("a")
            for rule in GUEST_DEVICES:
                (devices / "devices.allow").write_text(rule)
    return [group / "cgroup.procs" for group in made]


def memory_limit(machine):
    """Bytes, as the kernel holds them."""
    if unified():
        return int((ROOT / NAME / machine / "memory.max").read_text())
    return int((ROOT / "memory" / NAME / machine / "memory.limit_in_bytes").read_text())


def allow_block_device(machine, major, minor, allow=True):
    """Let the machine open a volume's device, or no longer."""
    name = "devices.allow" if allow else "devices.deny"
    control = ROOT / "devices" / NAME / machine / name
    if not unified() and control.exists():
        control.write_text(f"b {major}:{minor} rw")


def processes(group):
    found = set()
    for path in group.rglob("cgroup.procs") if group.is_dir() else ():
        try:
            found.update(int(pid) for pid in path.read_text().split())
        except OSError:
            continue
    return found


def all_processes():
    return set().union(*(processes(group) for group in folders())) - {0}


def remove(machine):
    for parent in folders():
        remove_tree(parent / machine)


def remove_all():
    for parent in folders():
        remove_tree(parent)


def remove_tree(group):
    if not group.is_dir():
        return
    for path in sorted((path for path in group.rglob("*") if path.is_dir()), reverse=True):
        try:
            path.rmdir()
        except OSError:
            continue
    try:
        group.rmdir()
    except OSError:
        return
