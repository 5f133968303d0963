"""EBS volumes: sparse files, seen by machines through loop devices. They live until they are deleted,
whatever becomes of the machine they were attached to.
"""

import os

from . import settings
from .shell import run


def file_of(volume_id):
    return settings.VOLUMES / f"{volume_id}.img"


def serial(volume_id):
    """What the disk calls itself on Nitro: the id without its dash."""
    return volume_id.replace("-", "")


def attach_loop(volume_id, size_gib):
    """The loop device of a volume, made at need; the file takes room only for what is written."""
    path = file_of(volume_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        with open(path, "wb") as out:
            out.truncate(size_gib << 30)
        path.chmod(0o600)
    return loop_of(volume_id) or run("losetup", "--find", "--show", path).stdout.strip()


def loop_of(volume_id):
    if not file_of(volume_id).exists():
        return None
    found = run("losetup", "-j", file_of(volume_id), "-n", "-O", "NAME").stdout.split()
    return found[0] if found else None


def grow(volume_id, size_gib):
    """ModifyVolume: the file grows, and an attached device learns of it at once."""
    path = file_of(volume_id)
    if path.exists() and path.stat().st_size < size_gib << 30:
        with open(path, "r+b") as out:
            out.truncate(size_gib << 30)
        if device := loop_of(volume_id):
            run("losetup", "--set-capacity", device)


def release_loop(volume_id):
    if device := loop_of(volume_id):
        run("losetup", "-d", device, check=False)


def delete(volume_id):
    release_loop(volume_id)
    file_of(volume_id).unlink(missing_ok=True)


def device_number(device):
    number = os.stat(device).st_rdev
    return os.major(number), os.minor(number)


def forget_all_but(known):
    """After a crash the records may be older than the files: a file without a record can't be reached again."""
    for path in settings.VOLUMES.glob("vol-*.img"):
        if path.stem not in known:
            delete(path.stem)
