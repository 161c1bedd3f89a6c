"""Targets: the URL of an endpoint, read once and by one reader, so that nobody is fooled later."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import httpx

from api.errors import Refused
from api.events.relay.addresses import may_be_told

URL_MAX: Final = 2048
_PORTS: Final = {"https": 443, "http": 80}


class WebhookUrlRefused(Refused):
    """The URL is not one that events may be sent to; `why` says what is wrong with it."""

    code = "webhook-url-refused"
    status = 422


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where a delivery goes: what is connected to, what is asked for there."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """The Host header; IPv6 in brackets, the port if it is not the usual one."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"


def read_target(url: str, *, allow_loopback: bool = False) -> Target:
    """Read the URL of an endpoint. Where its name leads is judged at every delivery anew.

    Raises:
        WebhookUrlRefused: not https, or it carries a password, or it names an inner address.
    """
    if len(url) > URL_MAX or not url.isascii() or not url.isprintable() or " " in url:
        raise _refused("not-a-url", f"at most {URL_MAX} printable ASCII characters, without blanks")
    try:
        parsed = httpx.URL(url)
        # The port is read when it is asked for.
        scheme, host, port = parsed.scheme, parsed.host, parsed.port
    except (httpx.InvalidURL, ValueError) as error:
        raise _refused("not-a-url", "it cannot be read as a URL") from error
    if scheme not in ("https", "http") or not host:
        raise _refused("not-https", "it begins with https:// and names a host")
    if scheme == "http" and not (allow_loopback and _is_this_machine(host)):
        raise _refused("not-https", "it begins with https://: events are signed, not encrypted")
    if port is not None and not 0 < port < 65_536:
        raise _refused("not-a-url", "there is no such port")
    if parsed.userinfo or parsed.fragment:
        raise _refused("not-plain", "it carries neither a user nor a fragment (#)")
    if _is_numeric(host) and not may_be_told(host, allow_loopback=allow_loopback):
        raise _refused("not-public", "its address is not a public one")
    return Target(
        scheme=scheme,
        host=host,
        port=port or _PORTS[scheme],
        path=parsed.raw_path.decode("ascii"),
    )


def _is_this_machine(host: str) -> bool:
    return host == "localhost" or (may_be_told(host, allow_loopback=True) and not may_be_told(host))


def _is_numeric(host: str) -> bool:
    # A last label that begins with a digit is an address by the URL standard, however it is
    # written (0x7f.1, 2130706433); no public top-level domain does.
    return ":" in host or host.rstrip(".").rpartition(".")[2][:1].isdigit()


def _refused(why: str, detail: str) -> WebhookUrlRefused:
    return WebhookUrlRefused(f"the URL of a webhook endpoint is refused: {detail}", why=why)
