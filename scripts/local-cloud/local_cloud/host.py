"""What the host must have before anything can start: Debian packages, and a Python environment in the cache."""

import os
import shutil
import subprocess
import sys

from . import settings
from .shell import Failure, run, say

# command -> Debian package
COMMANDS = {
    "debootstrap": "debootstrap",
    "systemd-nspawn": "systemd-container",
    "nft": "nftables",
    "ip": "iproute2",
    "losetup": "mount",
    "mkfs.ext4": "e2fsprogs",
    "dnsmasq": "dnsmasq-base",
    "pgbouncer": "pgbouncer",
    "openssl": "openssl",
    "nsenter": "util-linux",
    "psql": "postgresql-client",
    "redis-check-rdb": "redis-tools",
    "curl": "curl",
    "jq": "jq",
    "cc": "gcc",
    "strip": "binutils",
}
# The emulator, what it needs for RSA keys and TLS, and the tests' own tools.
PYTHON_PACKAGES = [f"ministack=={settings.EMULATOR_VERSION}", "cryptography==50.0.2", "boto3==1.43.106", "pytest==9.2.0"]


def require_root():
    if os.geteuid() != 0:
        raise Failure("the local cloud boots machines and sets up a network, which takes root: run this as root (sudo -E)")


def missing_packages():
    os.environ["PATH"] += ":/usr/sbin:/sbin"
    missing = [package for command, package in COMMANDS.items() if not shutil.which(command)]
    if not os.path.isdir("/usr/lib/postgresql"):
        missing.append("postgresql")
    if subprocess.run([sys.executable, "-c", "import venv, ensurepip"], capture_output=True).returncode:
        missing.append("python3-venv")
    return missing


def install_packages():
    missing = missing_packages()
    if not missing:
        return
    names = " ".join(missing)
    if not shutil.which("apt-get"):
        raise Failure(f"missing: {names} (Debian's names); install them, then run this again")
    say(f"installing {names}")
    # Debian's package would make and start a cluster of its own on 5432, which nobody here needs.
    if "postgresql" in missing:
        os.makedirs("/etc/postgresql-common/createcluster.d", exist_ok=True)
        with open("/etc/postgresql-common/createcluster.d/cloudsail.conf", "w") as out:
            out.write("create_main_cluster = false\n")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "-qq", "update"], ["apt-get", "-qq", "-y", "--no-install-recommends", "install", *missing]):
        done = run(*command, check=False, env=environment)
        if done.returncode:
            raise Failure(f"`{' '.join(command)}` failed; run it by hand, then this again: {done.stderr[-800:]}")


def python():
    return settings.VENV / "bin/python"


def make_environment():
    """The environment is made once per set of pins; the stamp in it says for which."""
    stamp, wanted = settings.VENV / "made-for", "\n".join([sys.version, *PYTHON_PACKAGES])
    if stamp.exists() and stamp.read_text() == wanted:
        return False
    shutil.rmtree(settings.VENV, ignore_errors=True)
    settings.VENV.parent.mkdir(parents=True, exist_ok=True)
    run(sys.executable, "-m", "venv", settings.VENV)
    done = run(python(), "-m", "pip", "install", "-q", *PYTHON_PACKAGES, check=False)
    if done.returncode:
        raise Failure(f"pip could not install {' '.join(PYTHON_PACKAGES)}: {done.stderr[-800:]}")
    stamp.write_text(wanted)
    return True
