"""Which addresses an event may be sent to: public ones, and nothing that leads inside.

Somebody who may register an endpoint must not be able to make Flatbed knock at the doors of its own
network (server-side request forgery, OWASP API7:2023).
"""

from __future__ import annotations

from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import Final

_SPECIAL_V4: Final = tuple(
    IPv4Network(each)
    for each in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
)
"""IANA IPv4 Special-Purpose Address Registry, with multicast. Our own list: what Python's
`is_global` answers differs between its versions."""

_PUBLIC_V6: Final = IPv6Network("2000::/3")
"""The only part of IPv6 that is given out for the public network. So ::1, mapped and compatible
IPv4, NAT64 (64:ff9b::/96, 64:ff9b:1::/48), unique-local, link-local and multicast are not in it."""

_SPECIAL_V6: Final = tuple(
    IPv6Network(each)
    for each in (
        "2001::/23",  # protocol assignments, Teredo (2001::/32) among them: tunnels to IPv4
        "2001:db8::/32",
        "2002::/16",  # 6to4: tunnels to IPv4
        "2620:4f:8000::/48",
        "3fff::/20",
    )
)
"""IANA IPv6 Special-Purpose Address Registry, inside the public part."""

_LOOPBACK: Final = (ip_network("127.0.0.0/8"), ip_network("::1/128"))


def may_be_told(address: str, *, allow_loopback: bool = False) -> bool:
    """Tell whether a numeric address is one that events may go to. `allow_loopback` is for tests
    and demonstrations on one machine; it opens nothing else."""
    try:
        found = ip_address(address)
    except ValueError:
        return False
    if allow_loopback and any(found in each for each in _LOOPBACK):
        return True
    return _is_public(found)


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    if isinstance(address, IPv4Address):
        return not any(address in each for each in _SPECIAL_V4)
    # A scope (fe80::1%eth0) names an interface of this very machine.
    return (
        address.scope_id is None
        and address in _PUBLIC_V6
        and not any(address in each for each in _SPECIAL_V6)
    )
