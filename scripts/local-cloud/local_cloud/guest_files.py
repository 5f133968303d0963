"""What is written into a machine's own layer before it boots: its address, its names, whom it trusts.
The image itself knows nothing of the host or the checkout it runs for.
"""

from . import certificates, settings
from .shell import run

CA_BUNDLE = "etc/ssl/certs/ca-certificates.crt"


def write(root, path, text, mode=0o644):
    target = root / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.unlink(missing_ok=True)
    target.write_text(text)
    target.chmod(mode)


def host_name(address):
    return "ip-" + address.replace(".", "-")


def write_network(root, address):
    # The host sets the address (see Machine.set_address). Two that do would race, and networkd 252 never recovers.
    write(root, "etc/systemd/network/10-room.network", "[Match]\nName=host0\n[Link]\nUnmanaged=yes\n")
    name = host_name(address)
    write(root, "etc/resolv.conf", f"nameserver {settings.BRIDGE_ADDRESS}\nsearch {settings.REGION}.compute.internal\n")
    write(root, "etc/hosts", f"127.0.0.1 localhost\n{address} {name}.{settings.REGION}.compute.internal {name}\n")
    write(root, "etc/hostname", name + "\n")


def write_trust(root):
    """Trust the local cloud's CA, in each of the ways that programs on Debian look for it."""
    authority = certificates.CA.read_text()
    write(root, "usr/local/share/ca-certificates/cloudsail-local.crt", authority)
    bundle = root / CA_BUNDLE
    if authority not in bundle.read_text():
        with open(bundle, "a") as out:
            out.write(authority)
    digest = run("openssl", "x509", "-noout", "-hash", "-in", certificates.CA).stdout.strip()
    write(root, f"etc/ssl/certs/{digest}.0", authority)


def write_packages(root):
    """Packages come through the host's cache: the second machine installs at the speed of the disk."""
    # The room's disk is one file system of a developer's machine, where the sync after each package is felt by all.
    write(root, "etc/dpkg/dpkg.cfg.d/91room", "force-unsafe-io\n")
    write(root, "etc/apt/apt.conf.d/91room",
          f'Acquire::http::Proxy "http://{settings.BRIDGE_ADDRESS}:{settings.PACKAGE_PROXY_PORT}";\n')


def write_volumes(root, nodes):
    """Read by the generator in the image, which makes the links by volume id before anything is mounted."""
    write(root, "etc/room/volumes", "".join(f"{serial} {node}\n" for serial, node in nodes))
