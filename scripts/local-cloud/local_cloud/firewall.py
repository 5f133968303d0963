"""Security groups as nftables rules: rendered whole from what the API holds, and swapped in at once.

Replies are let through, what no rule of a machine's groups names is dropped without an answer, as on AWS.
Rules for leaving traffic are not enforced.
"""

import dataclasses

from . import settings
from .shell import run

METADATA_PORT = 80


@dataclasses.dataclass(frozen=True)
class Member:
    """A machine as the firewall sees it."""

    name: str
    link: str
    address: str
    public_address: str
    groups: tuple


def accepted(permission, addresses_of):
    """The nftables lines of one ingress permission; `addresses_of` answers a group's members."""
    protocol = permission.get("IpProtocol", "-1")
    first, last = permission.get("FromPort"), permission.get("ToPort")
    if protocol in ("-1", "all"):
        match = ""
    elif protocol in ("icmp", "1"):
        match = "ip protocol icmp "
    elif protocol in ("tcp", "udp", "6", "17"):
        name = {"6": "tcp", "17": "udp"}.get(protocol, protocol)
        every = first in (None, "", -1, "-1")
        match = f"meta l4proto {name} " if every else f"{name} dport {first}-{last} "
    else:
        match = f"ip protocol {protocol} "
    sources = [entry["CidrIp"] for entry in permission.get("IpRanges", []) if entry.get("CidrIp")]
    for pair in permission.get("UserIdGroupPairs", []):
        sources += addresses_of(pair.get("GroupId"))
    return [f"{match}ip saddr {source} accept" for source in sources]


def render(members, groups):
    """The whole ruleset. `groups` maps a group's id to its ingress permissions."""

    def addresses_of(group_id):
        return sorted(member.address for member in members if group_id in member.groups)

    lines = []
    for family, name in (("inet", "cs_room"), ("bridge", "cs_room_spoof"), ("ip", "cs_room_public")):
        lines += [f"add table {family} {name}", f"delete table {family} {name}"]
    lines += ["table bridge cs_room_spoof {", "  chain arrive {", "    type filter hook prerouting priority -300; policy accept;"]
    lines += [f'    iifname "{m.link}" ether type ip ip saddr != {m.address} drop' for m in members]
    lines += [f'    iifname "{m.link}" ether type arp arp saddr ip != {m.address} drop' for m in members]
    lines += ["  }", "}"]
    lines += public_addresses(members)
    lines.append("table inet cs_room {")
    for member in members:
        lines.append(f"  chain to_{member.name} {{")
        for group_id in member.groups:
            for permission in groups.get(group_id, []):
                lines += [f"    {line}" for line in accepted(permission, addresses_of)]
        lines += ["    counter drop", "  }"]
    verdicts = ", ".join(f"{member.address} : jump to_{member.name}" for member in members)
    for hook in ("forward", "output"):
        lines += [f"  chain {hook} {{", f"    type filter hook {hook} priority filter; policy accept;",
                  "    ct state established,related accept"]
        if verdicts:
            lines.append(f"    ip daddr vmap {{ {verdicts} }}")
        lines.append("  }")
    lines += host_services() + ["}"]
    return "\n".join(lines) + "\n"


def host_services():
    """A machine reaches the cloud's own services on this host and nothing else of it."""
    bridge = settings.BRIDGE_ADDRESS
    ports = f"{{ 53, 443, {settings.PACKAGE_PROXY_PORT}, {settings.EMULATOR_PORT} }}"
    return [
        "  chain input {",
        "    type filter hook input priority filter; policy accept;",
        f'    iifname != "{settings.BRIDGE}" accept',
        "    ct state established,related accept",
        f"    ip daddr {bridge} tcp dport {ports} accept",
        f"    ip daddr {bridge} udp dport 53 accept",
        f"    ip daddr {settings.METADATA_ADDRESS} tcp dport {METADATA_PORT} accept",
        "    ip protocol icmp accept",
        "    counter drop",
        "  }",
    ]


def public_addresses(members):
    """A public address stands for the private one, for this host and for the stranger outside."""
    pairs = ", ".join(f"{m.public_address} : {m.address}" for m in members if m.public_address)
    if not pairs:
        return []
    lines = ["table ip cs_room_public {"]
    for hook in ("prerouting", "output"):
        lines += [f"  chain {hook} {{", f"    type nat hook {hook} priority -100; policy accept;",
                  f"    dnat to ip daddr map {{ {pairs} }}", "  }"]
    return lines + ["}"]


def apply(members, groups):
    run("nft", "-f", "-", input=render(members, groups))
