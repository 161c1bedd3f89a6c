"""Sending: one POST to one target, over a connection that was checked, within one deadline."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Protocol

import httpcore
import httpx

from api.events.relay.addresses import may_be_told
from api.events.relay.targets import Target

Resolve = Callable[[str, int], Sequence[str]]
"""Gives the numeric addresses of a host name."""

_MOVED: Final = range(300, 400)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one attempt: the receiver's status, or why there is none."""

    status: int | None = None
    error: str = ""
    retry_after: timedelta | None = None

    @property
    def delivered(self) -> bool:
        """Tell whether the receiver took it."""
        return self.status is not None and 200 <= self.status < 300

    @property
    def gone(self) -> bool:
        """Tell whether the receiver wants nothing more, ever (Standard Webhooks: 410)."""
        return self.status == 410


class Sender(Protocol):
    """Whoever carries a signed body to a target."""

    def send(self, target: Target, headers: Mapping[str, str], body: bytes) -> Outcome:
        """Make one attempt. Answers, and never raises for what the receiver or the way does."""
        ...


def resolve(host: str, port: int) -> Sequence[str]:
    """Ask the system for the addresses of a host."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(each[4][0]) for each in found))


class HttpSender:
    """Sends over HTTP/1.1, a connection a delivery: none is kept, so none is shared by receivers.

    Follows no redirect and reads neither proxy settings nor cookies from anywhere.
    """

    def __init__(
        self,
        *,
        timeout_s: float,
        allow_loopback: bool = False,
        resolve: Resolve = resolve,
        trust: ssl.SSLContext | None = None,
    ) -> None:
        """`trust` is the public certificate authorities unless another is handed in."""
        self._timeout_s = timeout_s
        self._trust = trust or httpx.create_ssl_context(trust_env=False)
        self._backend = _CheckedBackend(resolve, allow_loopback, timeout_s)

    def send(self, target: Target, headers: Mapping[str, str], body: bytes) -> Outcome:
        """Make one attempt."""
        url = httpcore.URL(
            scheme=target.scheme.encode(),
            host=target.host.encode(),
            port=target.port,
            target=target.path.encode(),
        )
        limits = dict.fromkeys(("connect", "read", "write", "pool"), self._timeout_s)
        with httpcore.ConnectionPool(
            ssl_context=self._trust, max_keepalive_connections=0, network_backend=self._backend
        ) as pool:
            try:
                # The body of the answer is not read: whatever it says, the status has said it.
                with pool.stream(
                    "POST",
                    url,
                    headers=[
                        ("Host", target.authority),
                        *headers.items(),
                        ("Content-Length", str(len(body))),
                    ],
                    content=body,
                    extensions={"timeout": limits},
                ) as response:
                    return _answered(response)
            except _NotPublic as error:
                return Outcome(error=str(error))
            except (
                httpcore.NetworkError,
                httpcore.ProtocolError,
                httpcore.TimeoutException,
                OSError,
            ) as error:
                return Outcome(error=f"{type(error).__name__}: {error}"[:200])


def _answered(response: httpcore.Response) -> Outcome:
    if response.status in _MOVED:
        return Outcome(
            status=response.status, error="redirects are not followed: register the new URL"
        )
    asked = {name.lower(): value for name, value in response.headers}.get(b"retry-after", b"")
    # The other form of Retry-After, a date, is rare among APIs: it counts as none.
    seconds = int(asked) if asked.isdigit() and len(asked) < 8 else 0
    return Outcome(
        status=response.status, retry_after=timedelta(seconds=seconds) if seconds else None
    )


class _NotPublic(Exception):
    """The name leads to an address that events may not be sent to."""


class _CheckedBackend(httpcore.NetworkBackend):
    """Connects to addresses that it has checked itself: the name is resolved once, so that it
    cannot mean another machine between the check and the connection (DNS rebinding)."""

    def __init__(self, resolve: Resolve, allow_loopback: bool, timeout_s: float) -> None:
        self._resolve = resolve
        self._allow_loopback = allow_loopback
        self._timeout_s = timeout_s
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        deadline = _Deadline(self._timeout_s)
        addresses = self._resolve(host, port)
        for each in addresses:
            # One that is not public condemns all: an honest name has no such neighbours.
            if not may_be_told(each, allow_loopback=self._allow_loopback):
                # Which address is not said: what names mean inside is nobody's business outside.
                raise _NotPublic("the name leads to what is not a public address")
        failed: Exception = httpcore.ConnectError(f"{host} has no address")
        for each in addresses:
            try:
                stream = self._sockets.connect_tcp(each, port, deadline.left(timeout))
                return _TimedStream(stream, deadline)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
        raise failed


class _Deadline:
    """The end of one attempt, however slowly the receiver drips."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self, timeout: float | None) -> float:
        left = self._end - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("the receiver took too long")
        return left if timeout is None else min(left, timeout)


class _TimedStream(httpcore.NetworkStream):
    """A connection whose every step ends at the same deadline."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: _Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        inner = self._stream.start_tls(ssl_context, server_hostname, self._deadline.left(timeout))
        return _TimedStream(inner, self._deadline)

    def get_extra_info(self, info: str) -> object:
        return self._stream.get_extra_info(info)
