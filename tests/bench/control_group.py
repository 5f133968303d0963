"""A control group that caps the memory of the processes in it, page cache included."""

import contextlib
import pathlib
import time

MOUNT = pathlib.Path("/sys/fs/cgroup")


@contextlib.contextmanager
def capped(name, limit):
    """A new control group of at most `limit` bytes, as its folder; it is removed at the end, when it is empty."""
    if (MOUNT / "memory").is_dir():  # version 1, a hierarchy for each controller
        group, file = MOUNT / "memory" / name, "memory.limit_in_bytes"
    else:
        group, file = MOUNT / name, "memory.max"
        (MOUNT / "cgroup.subtree_control").write_text("+memory")
    group.mkdir()
    try:
        (group / file).write_text(str(limit))
        yield group
    finally:
        for _ in range(50):
            with contextlib.suppress(OSError):  # a process that has just ended is still counted for a moment
                group.rmdir()
                break
            time.sleep(0.1)
