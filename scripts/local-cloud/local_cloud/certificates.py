"""The local cloud's own certificate authority, and the one certificate that all its servers show."""

import shutil

from . import settings
from .shell import run

CA = settings.TLS / "ca.crt"
CA_KEY = settings.TLS / "ca.key"
CERTIFICATE = settings.TLS / "server.crt"
KEY = settings.TLS / "server.key"

# Every name a client knows a server of ours by. A wildcard covers one label, so the S3 names that begin with
# a bucket have their own.
NAMES = [
    "DNS:localhost",
    "DNS:*.amazonaws.com",
    f"DNS:*.{settings.REGION}.amazonaws.com",
    f"DNS:*.s3.{settings.REGION}.amazonaws.com",
    f"DNS:*.{settings.REGION}.api.aws",
    "IP:127.0.0.1",
    f"IP:{settings.BRIDGE_ADDRESS}",
]


def make():
    """Make what is missing. The CA outlives `down`, since Terraform hands it to functions as a variable."""
    settings.TLS.mkdir(parents=True, exist_ok=True)
    settings.TLS.chmod(0o755)
    if not CA.exists():
        run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "3650",
            "-subj", "/CN=Cloudsail local cloud CA", "-addext", "basicConstraints=critical,CA:TRUE",
            "-addext", "keyUsage=critical,keyCertSign,cRLSign", "-keyout", CA_KEY, "-out", CA)
        CA_KEY.chmod(0o600)
        CERTIFICATE.unlink(missing_ok=True)
    if not CERTIFICATE.exists():
        request, extensions = settings.TLS / "server.csr", settings.TLS / "server.ext"
        run("openssl", "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=localhost",
            "-keyout", KEY, "-out", request)
        extensions.write_text(
            f"subjectAltName={','.join(NAMES)}\nextendedKeyUsage=serverAuth\nbasicConstraints=CA:FALSE\n"
        )
        run("openssl", "x509", "-req", "-in", request, "-CA", CA, "-CAkey", CA_KEY, "-CAcreateserial", "-days", "825",
            "-extfile", extensions, "-out", CERTIFICATE)
        KEY.chmod(0o600)
        request.unlink()
        extensions.unlink()


def copy_for(user, folder):
    """A copy of certificate and key that a server running as `user` may read: it refuses keys that others own."""
    for source in (CERTIFICATE, KEY):
        target = folder / source.name
        shutil.copyfile(source, target)
        shutil.chown(target, user, user)
        target.chmod(0o600)
