"""Tells this machine's own addresses and names from those of the network."""

import re
import socket
from ipaddress import IPv4Address, IPv6Address, ip_address

# The forms with fewer than four numbers, or in hexadecimal, that resolvers take as IPv4 (inet_aton(3)).
_OLD_IPV4 = re.compile(r"(?:0x)?[0-9a-f]+(?:\.(?:0x)?[0-9a-f]+){0,3}")


def is_loopback(host: str) -> bool:
    """Whether a host name or address is this machine's own; a name is not looked up."""
    name = host.strip().lower().rstrip(".")
    address = _address_of(name)
    return address.is_loopback if address else name == "localhost" or name.endswith(".localhost")


def is_unspecified(host: str) -> bool:
    """Whether a host is the address of no machine, 0.0.0.0 or ::, at which only a server can listen."""
    address = _address_of(host.strip().rstrip(".").lower())
    return address is not None and address.is_unspecified


def _address_of(name: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(name.strip("[]"))
    except ValueError:
        return _old_ipv4(name)
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def _old_ipv4(name: str) -> IPv4Address | None:
    try:
        return IPv4Address(socket.inet_aton(name)) if _OLD_IPV4.fullmatch(name) else None
    except OSError:
        return None
