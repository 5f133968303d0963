"""Machine images: Debian trees made by debootstrap, kept in the cache, with what Debian's own AWS images
hold and a server of ours needs (cloud-init, curl, openssl). PostgreSQL is never in an image: each instance's
user data installs it, as on AWS.
"""

import concurrent.futures
import dataclasses
import glob
import hashlib
import json
import os
import pathlib
import shlex
import shutil
import urllib.parse

from . import settings
from .shell import Failure, run, say

RECIPE_VERSION = "2"  # raise it when the script in build() changes what an image holds
DEFAULT_MIRROR = "http://deb.debian.org/debian"  # debootstrap's own default
OWNER = settings.DEBIAN_OWNER
ARCHITECTURE = "x86_64"  # of every image
GUEST = pathlib.Path(__file__).parent / "guest"

# Beside the minimal system: what Debian's cloud images have too. `perl` and `locales` belong to every
# installed Debian server (priority standard), which is why they are here and not in a boot's time.
PACKAGES = (
    "systemd-sysv dbus libpam-systemd netbase iproute2 iputils-ping procps less sudo ca-certificates curl openssl gpg gpgv"
    " e2fsprogs tzdata ucf lsb-release perl locales libnss-myhostname cloud-init python3-yaml"
).split()


@dataclasses.dataclass(frozen=True)
class Image:
    codename: str
    release: str  # Debian's number
    ami: str
    name: str  # as Debian names its AMIs

    @property
    def tree(self):
        return settings.IMAGES / f"debian-{self.release}-{recipe()}"


# As Debian does, an earlier image of a release stays published beside its successor; here both have the same tree.
IMAGES = (
    Image("trixie", "13", "ami-0d13000000000000", "debian-13-amd64-20251201-0001"),
    Image("trixie", "13", "ami-0d13000000000001", "debian-13-amd64-20260101-0001"),
    Image("bookworm", "12", "ami-0d12000000000001", "debian-12-amd64-20260101-0001"),
)


def by_ami(ami):
    return next((image for image in IMAGES if image.ami == ami), None)


def recipe():
    """A short digest of all that decides what an image holds: another recipe, another tree."""
    digest = hashlib.sha256(" ".join(PACKAGES).encode() + RECIPE_VERSION.encode())
    for path in sorted(GUEST.iterdir()):
        if path.is_file():
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:10]


def mirror(text=None):
    """The Debian archive that this host itself uses, so that a site's own mirror serves the images too."""
    if text is None:
        files = ["/etc/apt/sources.list", *sorted(glob.glob("/etc/apt/sources.list.d/*"))]
        text = "\n".join(open(path, errors="replace").read() for path in files if os.path.isfile(path))
    for line in text.splitlines():
        words = line.split("#")[0].split()
        if not words or words[0] not in ("deb", "URIs:"):
            continue
        for word in words[1:]:
            url = urllib.parse.urlsplit(word)
            if url.scheme in ("http", "https") and url.path.rstrip("/").endswith("/debian"):
                return word.rstrip("/")
    return DEFAULT_MIRROR


def security_mirror(archive):
    """The security archive beside it, where a mirror keeps the usual name."""
    return archive[: -len("/debian")] + "/debian-security"


def build_missing():
    """Build what the cache lacks, both at once: most of the time goes in unpacking and network."""
    by_tree = {image.tree: image for image in IMAGES}
    missing = [image for tree, image in by_tree.items() if not (tree / "etc/room/image").exists()]
    forget_old()
    if not missing:
        return []
    settings.IMAGES.mkdir(parents=True, exist_ok=True)
    with concurrent.futures.ThreadPoolExecutor(len(missing)) as pool:
        list(pool.map(build, missing))
    return missing


def forget_old():
    """Trees of earlier recipes go, but for those that a machine here still stands on."""
    kept = {str(image.tree) for image in IMAGES}
    kept |= {json.loads(path.read_text())["tree"] for path in settings.MACHINES.glob("*/machine.json")}
    for tree in settings.IMAGES.glob("debian-*"):
        if str(tree) not in kept and not tree.name.endswith(".building"):
            shutil.rmtree(tree, ignore_errors=True)


def build(image):
    tree = image.tree
    work = tree.with_name(tree.name + ".building")
    log = settings.LOG / f"image-{image.release}.log"
    settings.LOG.mkdir(parents=True, exist_ok=True)
    unmount(work)
    shutil.rmtree(work, ignore_errors=True)
    say(f"building the Debian {image.release} image (log {log}); a minute or two, once")
    archive = mirror()
    script = f"""set -eu
exec </dev/null
debootstrap --variant=minbase {image.codename} {q(work)} {q(archive)}
cat > {q(work)}/etc/apt/sources.list <<END
deb {archive} {image.codename} main
deb {archive} {image.codename}-updates main
deb {security_mirror(archive)} {image.codename}-security main
END
cat > {q(work)}/etc/apt/apt.conf.d/90room <<'END'
Acquire::Retries "3";
Acquire::Languages "none";
APT::Install-Recommends "false";
DPkg::Lock::Timeout "120";
END
printf '#!/bin/sh\\nexit 101\\n' > {q(work)}/usr/sbin/policy-rc.d
chmod 755 {q(work)}/usr/sbin/policy-rc.d
cp /etc/resolv.conf {q(work)}/etc/resolv.conf
mount -t proc proc {q(work)}/proc
trap 'umount {q(work)}/proc' EXIT
in_image() {{ env -i PATH={settings.CLEAN_PATH} DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 chroot {q(work)} "$@"; }}
in_image apt-get -qq update
in_image apt-get -qq -y -o Dpkg::Use-Pty=0 dist-upgrade
in_image apt-get -qq -y -o Dpkg::Use-Pty=0 install {' '.join(PACKAGES)}
in_image apt-get clean
# With a DHCP client cloud-init would ask for an address before it asks the metadata service; there is no server.
for client in /usr/sbin/dhcpcd /usr/sbin/dhclient; do
    in_image sh -c "[ ! -e $client ] || dpkg-divert --quiet --local --rename --add $client"
done
in_image systemctl enable systemd-networkd.service
in_image systemctl disable apt-daily.timer apt-daily-upgrade.timer e2scrub_all.timer fstrim.timer dpkg-db-backup.timer || true
in_image systemctl mask systemd-networkd-wait-online.service getty@.service console-getty.service || true
rm -f {q(work)}/usr/sbin/policy-rc.d {q(work)}/etc/hostname {q(work)}/etc/resolv.conf
: > {q(work)}/etc/machine-id
rm -rf {q(work)}/var/lib/cloud/instances {q(work)}/var/log/apt {q(work)}/var/log/dpkg.log
install -D -m 755 {q(GUEST)}/room-hypervisor {q(work)}/etc/systemd/system-generators/room-hypervisor
install -D -m 755 {q(GUEST)}/room-volumes {q(work)}/etc/systemd/system-generators/room-volumes
install -D -m 644 {q(GUEST)}/amazon-ssm-agent.service {q(work)}/usr/lib/systemd/system/amazon-ssm-agent.service
install -D -m 644 {q(GUEST)}/99-room.cfg {q(work)}/etc/cloud/cloud.cfg.d/99-room.cfg
in_image systemctl enable amazon-ssm-agent.service
install -d {q(work)}/etc/room
echo {image.name} > {q(work)}/etc/room/image
"""
    with open(log, "w") as out:
        done = run("sh", "-c", f"( {script}\n ) > {q(log)} 2>&1", check=False, env=build_environment())
        out.flush()
    if done.returncode:
        unmount(work)
        raise Failure(f"the Debian {image.release} image could not be built from {archive}; the end of {log} says why")
    work.rename(tree)


def build_environment():
    """debootstrap fetches by wget, which wants to know of a site's proxy and certificates."""
    kept = ("http_proxy", "https_proxy", "no_proxy", "SSL_CERT_FILE", "HOME")
    return {"PATH": settings.CLEAN_PATH, "LC_ALL": "C.UTF-8", **{k: os.environ[k] for k in kept if k in os.environ}}


def unmount(tree):
    for line in pathlib.Path("/proc/self/mounts").read_text().splitlines():
        if line.split()[1].startswith(str(tree)):
            run("umount", "-l", line.split()[1], check=False)


def q(path):
    return shlex.quote(str(path))
