"""Server-side request forgery: no registered URL may make us knock at an inner door."""

from __future__ import annotations

import pytest

from api.events.relay.addresses import may_be_told
from api.events.relay.targets import WebhookUrlRefused, read_target

PUBLIC = ["8.8.8.8", "1.1.1.1", "223.5.5.5", "2400:3200::1", "2606:4700:4700::1111"]
INNER = [
    "0.0.0.0",
    "10.0.0.1",
    "100.64.0.1",
    "127.0.0.1",
    "127.255.255.254",
    "169.254.169.254",  # cloud metadata
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.8",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::ffff:10.0.0.1",  # IPv4 in IPv6
    "::ffff:8.8.8.8",
    "::10.0.0.1",
    "64:ff9b::a00:1",  # NAT64 of 10.0.0.1
    "64:ff9b:1::a00:1",
    "100::1",
    "2001::1",  # Teredo
    "2001:db8::1",
    "2002:a00:1::",  # 6to4 of 10.0.0.1
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "2400:3200::1%eth0",
    "fec0::1",
    "ff02::1",
    "localhost",
    "",
]


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_may_be_told(address: str) -> None:
    """Receivers live there."""
    assert may_be_told(address)


@pytest.mark.parametrize("address", INNER)
def test_inner_addresses_may_not(address: str) -> None:
    """Our own machine, our network, tunnels into it, and what is no address at all."""
    assert not may_be_told(address)


def test_the_test_setting_opens_loopback_and_nothing_else() -> None:
    """Whoever tries things on one machine does not open the network for it."""
    opened = [each for each in INNER if may_be_told(each, allow_loopback=True)]
    assert opened == ["127.0.0.1", "127.255.255.254", "::1"]


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://orders.example/", "not-https"),
        ("ftp://orders.example/", "not-https"),
        ("//orders.example/", "not-https"),
        ("https:///hooks", "not-https"),
        ("orders.example", "not-https"),
        ("", "not-https"),
        ("https://user:pass@orders.example/", "not-plain"),
        ("https://orders.example/#x", "not-plain"),
        ("https://10.0.0.1/", "not-public"),
        ("https://127.0.0.1:8443/", "not-public"),
        ("https://[::1]/", "not-public"),
        ("https://[::ffff:127.0.0.1]/", "not-public"),
        ("https://127.1/", "not-public"),
        ("https://0x7f.1/", "not-public"),
        ("https://0x7f000001/", "not-public"),
        ("https://2130706433/", "not-public"),
        ("https://017700000001/", "not-public"),
        ("https://127.0.0.1./", "not-public"),
        ("https://orders.example:99999/", "not-a-url"),
        ("https://orders.example:x/", "not-a-url"),
        ("https://orders example/", "not-a-url"),
        ("https://orders.example/\r\nX: y", "not-a-url"),
        ("https://订单.example/", "not-a-url"),
        (f"https://orders.example/{'x' * 2048}", "not-a-url"),
    ],
)
def test_urls_that_are_refused(url: str, why: str) -> None:
    """Said at registration, where somebody can still mend it."""
    with pytest.raises(WebhookUrlRefused) as refused:
        read_target(url)
    assert refused.value.told["why"] == why


@pytest.mark.parametrize("url", ["http://orders.example/", "http://8.8.8.8/", "http://10.0.0.1/"])
def test_the_test_setting_lets_nobody_else_go_without_tls(url: str) -> None:
    """Only what does not leave the machine may go unencrypted."""
    with pytest.raises(WebhookUrlRefused):
        read_target(url, allow_loopback=True)
    assert read_target("http://localhost:8080/", allow_loopback=True).host == "localhost"


def test_a_url_is_read_as_it_will_be_used() -> None:
    """One reader for the check and for the connection: two would disagree one day."""
    target = read_target("https://Orders.Example:8443/hooks?a=1")
    assert (target.host, target.port, target.path) == ("orders.example", 8443, "/hooks?a=1")
    assert target.authority == "orders.example:8443"
    assert read_target("https://[2400:3200::1]/").authority == "[2400:3200::1]"
    assert read_target("http://127.0.0.1:80/x", allow_loopback=True).authority == "127.0.0.1"
