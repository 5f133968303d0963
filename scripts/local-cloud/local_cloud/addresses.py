"""Addresses for machines: private ones out of their subnet, public ones out of the range set aside for tests."""

import ipaddress

from . import settings

RESERVED = 4  # AWS keeps the first four addresses of a subnet, and the last


class Exhausted(Exception):
    pass


class Taken(Exception):
    pass


def private(cidr, taken, wished=None):
    """The wished address if it is free and inside, else the first free one."""
    network = ipaddress.ip_network(cidr)
    usable = range(int(network.network_address) + RESERVED, int(network.broadcast_address))
    if wished:
        if int(ipaddress.ip_address(wished)) not in usable:
            raise Exhausted(f"{wished} is outside {cidr}")
        if wished in taken:
            raise Taken(f"Address {wished} is in use.")
        return wished
    for number in usable:
        address = str(ipaddress.ip_address(number))
        if address not in taken:
            return address
    raise Exhausted(f"no free address in {cidr}")


def public(taken):
    return private(settings.PUBLIC_NETWORK, taken)
