"""The network of the machine room: one bridge, NAT to the host's uplink, a name server for the machines, and
a network namespace that plays a stranger on the internet.
"""

import ipaddress
import json
import os
import pathlib

from . import settings
from .processes import Process
from .shell import Failure, run

TABLES = (("inet", "cs_room"), ("ip", "cs_room_nat"), ("ip", "cs_room_public"), ("bridge", "cs_room_spoof"))


def uplink():
    """The interface of the default route and its MTU: packets of machines leave by it and must fit it."""
    routes = json.loads(run("ip", "-j", "-4", "route", "show", "default").stdout or "[]")
    if not routes:
        raise Failure("this host has no default route, so machines could not install packages: connect it first")
    device = routes[0]["dev"]
    return device, int(pathlib.Path(f"/sys/class/net/{device}/mtu").read_text())


def up():
    """Idempotent: what is there stays, what is missing is made."""
    device, mtu = uplink()
    run("modprobe", "br_netfilter", check=False)  # built in, or not there at all, on some kernels
    if not pathlib.Path("/proc/sys/net/bridge/bridge-nf-call-iptables").exists():
        raise Failure("the kernel lacks br_netfilter, without which security groups could not hold between machines")
    if not os.path.exists(f"/sys/class/net/{settings.BRIDGE}"):
        run("ip", "link", "add", settings.BRIDGE, "type", "bridge", "forward_delay", "0", "nf_call_iptables", "1")
    run("ip", "link", "set", settings.BRIDGE, "mtu", mtu, "up")
    for address in (settings.BRIDGE_ADDRESS, settings.METADATA_ADDRESS, settings.HOST_ADDRESS):
        run("ip", "address", "replace", f"{address}/32", "dev", settings.BRIDGE)
    run("ip", "route", "replace", settings.PUBLIC_NETWORK, "dev", settings.BRIDGE, "src", settings.HOST_ADDRESS)
    pathlib.Path("/proc/sys/net/ipv4/ip_forward").write_text("1")
    outside_up()
    run("nft", "-f", "-", input=nat_rules(device))


def outside_up():
    """The stranger: a namespace behind a link of its own, so that what it sends is forwarded and filtered."""
    name, link = settings.OUTSIDE_NETNS, settings.OUTSIDE_LINK
    if not os.path.exists(f"/run/netns/{name}"):
        run("ip", "netns", "add", name)
    if not os.path.exists(f"/sys/class/net/{link}"):
        run("ip", "link", "add", link, "type", "veth", "peer", "name", "eth0", "netns", name)
    run("ip", "address", "replace", f"{settings.OUTSIDE_GATEWAY}/24", "dev", link)
    run("ip", "link", "set", link, "up")
    inside = ("ip", "-n", name)
    run(*inside, "address", "replace", f"{settings.OUTSIDE_ADDRESS}/24", "dev", "eth0")
    run(*inside, "link", "set", "lo", "up")
    run(*inside, "link", "set", "eth0", "up")
    run(*inside, "route", "replace", "default", "via", settings.OUTSIDE_GATEWAY)


def nat_rules(device):
    """What leaves by the uplink from the bridge takes the host's address there."""
    return f"""\
add table ip cs_room_nat
delete table ip cs_room_nat
table ip cs_room_nat {{
  chain leave {{
    type nat hook postrouting priority srcnat; policy accept;
    iifname "{settings.BRIDGE}" oifname "{device}" masquerade
  }}
}}
"""


def add_gateway(cidr):
    """Give the bridge the router's address of a subnet, and the host its route there from 203.0.113.10."""
    network = ipaddress.ip_network(cidr)
    gateway = network.network_address + 1
    run("ip", "address", "replace", f"{gateway}/{network.prefixlen}", "dev", settings.BRIDGE, "noprefixroute")
    run("ip", "route", "replace", network, "dev", settings.BRIDGE, "src", settings.HOST_ADDRESS)
    return str(gateway), network


def down():
    for family, name in TABLES:
        run("nft", "delete", "table", family, name, check=False)
    run("ip", "netns", "delete", settings.OUTSIDE_NETNS, check=False)
    for link in (settings.OUTSIDE_LINK, settings.BRIDGE):
        run("ip", "link", "delete", link, check=False)
    # A machine's end of its link outlives a machine that was killed.
    for path in pathlib.Path("/sys/class/net").glob("vb-cs*"):
        run("ip", "link", "delete", path.name, check=False)


def name_server():
    """Answers every AWS name with the bridge's own address, and asks the host's servers for the rest."""
    marker = f"--pid-file={settings.RUN}/dnsmasq.own"
    return Process("dnsmasq", [
        "dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", marker, "--user=root",
        f"--listen-address={settings.BRIDGE_ADDRESS}", "--bind-interfaces", "--no-hosts", "--resolv-file=/etc/resolv.conf",
        f"--address=/amazonaws.com/{settings.BRIDGE_ADDRESS}", f"--address=/api.aws/{settings.BRIDGE_ADDRESS}",
        "--local=/internal/", "--log-facility=-", "--cache-size=500",
    ], marker=marker, stop_seconds=5)
